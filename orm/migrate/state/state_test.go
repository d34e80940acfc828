package state_test

import (
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/state"
)

func apply(t *testing.T, ops ...state.Operation) *state.State {
	t.Helper()
	s := state.New(map[string][]string{"auth.User": {"accounts.Member", "accounts.User"}})
	for _, op := range ops {
		if err := op.Apply("blog", s); err != nil {
			t.Fatalf("%s: %v", op.Describe(), err)
		}
	}
	return s
}

func base() []state.Operation {
	return []state.Operation{
		state.CreateModel{Name: "Tag", Fields: []state.Field{state.BigAuto("id"), state.Char("name", 10).Unique()}},
		state.CreateModel{
			Name:    "BlogPost",
			Fields:  []state.Field{state.BigAuto("id"), state.Int("views").Backfill(3), state.Int("stars"), state.ForeignKey("tag", "blog.Tag").ToField("name"), state.ManyToMany("tags", "Blog.Tag"), state.ForeignKey("parent", "blog.BlogPost").Null()},
			Indexes: []state.Index{{Name: "i", Fields: []string{"-views", "stars"}, Where: "views > 0"}},
			Unique:  []state.Unique{{Name: "u", Fields: []string{"views", "tag"}}},
			Checks:  []state.Check{{Name: "c", SQL: `"views" >= 0 AND stars <> views AND 'views' <> ''`}},
		},
	}
}

func TestRenamesReachEverythingThatMentionsThem(t *testing.T) {
	t.Parallel()
	s := apply(t, append(base(),
		state.RenameField{Model: "blogpost", From: "views", To: "hits"},
		state.RenameField{Model: "Tag", From: "name", To: "word"},
		state.RenameModel{From: "BlogPost", To: "Article"},
		state.RenameModel{From: "Tag", To: "Label"},
	)...)
	m := s.Find("BLOG.article")
	if m == nil || m.Table != "blog_article" {
		t.Fatalf("the model is %+v", m)
	}
	if got := m.Indexes[0]; got.Fields[0] != "-hits" || got.Where != "hits > 0" {
		t.Errorf("index: %+v", got)
	}
	if got := m.Unique[0].Fields[0]; got != "hits" {
		t.Errorf("unique: %s", got)
	}
	if got, want := m.Checks[0].SQL, `"hits" >= 0 AND stars <> hits AND 'views' <> ''`; got != want {
		t.Errorf("check: %s, want %s", got, want)
	}
	for name, want := range map[string]string{"tag": "blog.Label", "tags": "blog.Label", "parent": "blog.Article"} {
		if f, _ := m.Field(name); f.Options.To != want {
			t.Errorf("%s points at %s, want %s", name, f.Options.To, want)
		}
	}
	if f, _ := m.Field("tag"); f.Options.ToField != "word" {
		t.Errorf("tag points at field %s", f.Options.ToField)
	}
	f, _ := m.Field("tags")
	if p, err := s.Pairs(m, f); err != nil || p.Table != "blog_article_tags" || p.FromColumn != "article_id" || p.ToColumn != "label_id" {
		t.Errorf("pairs: %+v, %v", p, err)
	}
	if f, _ := m.Field("hits"); f.Options.Fill != nil {
		t.Error("a state keeps a backfill")
	}
}

func TestOperationsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		op   state.Operation
		want string
	}{
		"create twice":           {state.CreateModel{Name: "tag", Fields: []state.Field{state.BigAuto("id")}}, "model blog.Tag exists already"},
		"table twice":            {state.CreateModel{Name: "X", Table: "blog_tag"}, `table "blog_tag" of model blog.X belongs to blog.Tag already`},
		"unknown target":         {state.CreateModel{Name: "X", Fields: []state.Field{state.ForeignKey("tag", "blog.Tga")}}, `no model "blog.Tga" at this point of the migrations; did you mean "blog.Tag"?`},
		"unknown target field":   {state.AddField{Model: "Tag", Field: state.ForeignKey("x", "blog.Tag").ToField("nmae")}, `did you mean "name"?`},
		"field twice":            {state.AddField{Model: "Tag", Field: state.Int("name")}, `has a field "name" already`},
		"column twice":           {state.AddField{Model: "Tag", Field: state.Int("x").Column("name")}, `share column "name"`},
		"field name":             {state.AddField{Model: "Tag", Field: state.Int("-x")}, "not usable"},
		"remove unknown":         {state.RemoveField{Model: "Tag", Name: "nmae"}, `did you mean "name"?`},
		"remove indexed":         {state.RemoveField{Model: "BlogPost", Name: "stars"}, "is part of the index i; remove that first"},
		"remove target":          {state.RemoveField{Model: "Tag", Name: "name"}, "blog.BlogPost.tag still points at field blog.Tag.name"},
		"delete target":          {state.DeleteModel{Name: "Tag"}, "still points at model blog.Tag"},
		"delete unknown":         {state.DeleteModel{Name: "Tga"}, `did you mean "blog.Tag"?`},
		"rename over another":    {state.RenameModel{From: "Tag", To: "BlogPost"}, "which exists already"},
		"rename field over":      {state.RenameField{Model: "BlogPost", From: "views", To: "stars"}, "which exists already"},
		"alter to many":          {state.AlterField{Model: "BlogPost", Field: state.ManyToMany("tag", "blog.Tag")}, "cannot be altered between"},
		"index of nothing":       {state.AddIndex{Model: "Tag", Index: state.Index{Name: "x", Fields: []string{"nme"}}}, `did you mean "name"?`},
		"index without fields":   {state.AddIndex{Model: "Tag", Index: state.Index{Name: "x"}}, "names no fields"},
		"index without name":     {state.AddIndex{Model: "Tag", Index: state.Index{Fields: []string{"name"}}}, "has no name"},
		"index name twice":       {state.AddIndex{Model: "BlogPost", Index: state.Index{Name: "u", Fields: []string{"views"}}}, `two indexes or constraints are called "u"`},
		"remove unknown index":   {state.RemoveIndex{Model: "BlogPost", Name: "j"}, `no index "j"`},
		"remove unknown check":   {state.RemoveConstraint{Model: "BlogPost", Name: "cc"}, `did you mean "c"?`},
		"constraint of no kind":  {state.AddConstraint{Model: "Tag"}, "a Unique or a Check"},
		"many-to-many of itself": {state.AddField{Model: "BlogPost", Field: state.ManyToMany("x", "blog.BlogPst")}, `did you mean "blog.BlogPost"?`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apply(t, base()...)
			before := s.Clone()
			err := tc.op.Apply("blog", s)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if len(s.Models()) != len(before.Models()) || s.Find("blog.Tag") != before.Find("blog.Tag") || s.Find("blog.BlogPost") != before.Find("blog.BlogPost") {
				t.Error("the state changed all the same")
			}
		})
	}
}

func TestClonesDoNotShareChanges(t *testing.T) {
	t.Parallel()
	s := apply(t, base()...)
	c := s.Clone()
	if err := (state.RenameField{Model: "BlogPost", From: "views", To: "hits"}).Apply("blog", c); err != nil {
		t.Fatal(err)
	}
	if m := s.Find("blog.BlogPost"); m.Indexes[0].Fields[0] != "-views" {
		t.Error("a change of the clone changed the original")
	}
}

func TestAliases(t *testing.T) {
	t.Parallel()
	s := apply(t)
	if got := s.Resolve("Auth.USER"); got != "accounts.member" {
		t.Errorf("without models the alias means %s", got)
	}
	s.Put(&state.Model{App: "accounts", Name: "User"})
	if got := s.Find("auth.User"); got == nil || got.Name != "User" || !s.IsAlias("auth.User") || s.IsAlias("accounts.User") {
		t.Errorf("the alias means %v", got)
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	make := func(f state.Field) string {
		return state.Migration{Operations: []state.Operation{state.AddField{Model: "Tag", Field: f}}}.Hash()
	}
	same := make(state.Char("a", 5).Backfill("x"))
	if same != make(state.Char("a", 5).Backfill("x")) || len(same) != 16 {
		t.Error("the hash is not stable")
	}
	for _, f := range []state.Field{state.Char("a", 6).Backfill("x"), state.Char("b", 5).Backfill("x"), state.Char("a", 5).Backfill("y"), state.Char("a", 5), state.Text("a")} {
		if make(f) == same {
			t.Errorf("%+v has the same hash", f)
		}
	}
	at := func(day int) string {
		return make(state.DateTime("a").Backfill(time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)))
	}
	if at(1) == at(2) {
		t.Error("two times have the same hash")
	}
}
