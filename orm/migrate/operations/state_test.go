package operations_test

import (
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

func apply(t *testing.T, ops ...operations.Operation) *operations.State {
	t.Helper()
	s := operations.NewState(map[string][]string{"auth.User": {"accounts.Member", "accounts.User"}})
	for _, op := range ops {
		if err := op.Apply("blog", s); err != nil {
			t.Fatalf("%s: %v", op.Describe(), err)
		}
	}
	return s
}

func base() []operations.Operation {
	return []operations.Operation{
		operations.CreateModel{Name: "Tag", Fields: []operations.Field{operations.BigAuto("id"), operations.Char("name", 10).Unique()}},
		operations.CreateModel{
			Name: "BlogPost",
			Fields: []operations.Field{
				operations.BigAuto("id"), operations.Int("views").Backfill(3), operations.Int("stars"),
				operations.ForeignKey("tag", "blog.Tag").ToField("name"), operations.ManyToMany("tags",
					"Blog.Tag"), operations.ForeignKey("parent", "blog.BlogPost").Null(),
			},
			Indexes: []operations.Index{{Name: "i", Fields: []string{"-views", "stars"}, Where: "views > 0"}},
			Unique:  []operations.Unique{{Name: "u", Fields: []string{"views", "tag"}}},
			Checks:  []operations.Check{{Name: "c", SQL: `"views" >= 0 AND stars <> views AND 'views' <> ''`}},
		},
	}
}

func TestRenamesReachEverythingThatMentionsThem(t *testing.T) {
	t.Parallel()
	s := apply(t, append(base(),
		operations.RenameField{Model: "blogpost", From: "views", To: "hits"},
		operations.RenameField{Model: "Tag", From: "name", To: "word"},
		operations.RenameModel{From: "BlogPost", To: "Article"},
		operations.RenameModel{From: "Tag", To: "Label"},
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
		op   operations.Operation
		want string
	}{
		"create twice": {
			operations.CreateModel{Name: "tag", Fields: []operations.Field{operations.BigAuto("id")}},
			"model blog.Tag exists already",
		},
		"table twice": {
			operations.CreateModel{Name: "X", Table: "blog_tag"},
			`table "blog_tag" of model blog.X belongs to blog.Tag already`,
		},
		"unknown target": {
			operations.CreateModel{Name: "X", Fields: []operations.Field{operations.ForeignKey("tag", "blog.Tga")}},
			`no model "blog.Tga" at this point of the migrations; did you mean "blog.Tag"?`,
		},
		"unknown target field": {
			operations.AddField{Model: "Tag", Field: operations.ForeignKey("x", "blog.Tag").ToField("nmae")},
			`did you mean "name"?`,
		},
		"field twice":    {operations.AddField{Model: "Tag", Field: operations.Int("name")}, `has a field "name" already`},
		"column twice":   {operations.AddField{Model: "Tag", Field: operations.Int("x").Column("name")}, `share column "name"`},
		"field name":     {operations.AddField{Model: "Tag", Field: operations.Int("-x")}, "not usable"},
		"remove unknown": {operations.RemoveField{Model: "Tag", Name: "nmae"}, `did you mean "name"?`},
		"remove indexed": {operations.RemoveField{Model: "BlogPost", Name: "stars"}, "is part of the index i; remove that first"},
		"remove target": {
			operations.RemoveField{Model: "Tag", Name: "name"},
			"blog.BlogPost.tag still points at field blog.Tag.name",
		},
		"delete target":       {operations.DeleteModel{Name: "Tag"}, "still points at model blog.Tag"},
		"delete unknown":      {operations.DeleteModel{Name: "Tga"}, `did you mean "blog.Tag"?`},
		"rename over another": {operations.RenameModel{From: "Tag", To: "BlogPost"}, "which exists already"},
		"rename field over":   {operations.RenameField{Model: "BlogPost", From: "views", To: "stars"}, "which exists already"},
		"alter to many": {
			operations.AlterField{Model: "BlogPost", Field: operations.ManyToMany("tag", "blog.Tag")},
			"cannot be altered between",
		},
		"index of nothing": {
			operations.AddIndex{Model: "Tag", Index: operations.Index{Name: "x", Fields: []string{"nme"}}},
			`did you mean "name"?`,
		},
		"index without fields": {operations.AddIndex{Model: "Tag", Index: operations.Index{Name: "x"}}, "names no fields"},
		"index without name":   {operations.AddIndex{Model: "Tag", Index: operations.Index{Fields: []string{"name"}}}, "has no name"},
		"index name twice": {
			operations.AddIndex{Model: "BlogPost", Index: operations.Index{Name: "u", Fields: []string{"views"}}},
			`two indexes or constraints are called "u"`,
		},
		"remove unknown index":  {operations.RemoveIndex{Model: "BlogPost", Name: "j"}, `no index "j"`},
		"remove unknown check":  {operations.RemoveConstraint{Model: "BlogPost", Name: "cc"}, `did you mean "c"?`},
		"constraint of no kind": {operations.AddConstraint{Model: "Tag"}, "a Unique or a Check"},
		"many-to-many of itself": {
			operations.AddField{Model: "BlogPost", Field: operations.ManyToMany("x", "blog.BlogPst")},
			`did you mean "blog.BlogPost"?`,
		},
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
	if err := (operations.RenameField{Model: "BlogPost", From: "views", To: "hits"}).Apply("blog", c); err != nil {
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
	s.Put(&operations.Model{App: "accounts", Name: "User"})
	if got := s.Find("auth.User"); got == nil || got.Name != "User" || !s.IsAlias("auth.User") || s.IsAlias("accounts.User") {
		t.Errorf("the alias means %v", got)
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	hash := func(f operations.Field) string {
		return operations.Migration{Operations: []operations.Operation{operations.AddField{Model: "Tag", Field: f}}}.Hash()
	}
	same := hash(operations.Char("a", 5).Backfill("x"))
	if same != hash(operations.Char("a", 5).Backfill("x")) || len(same) != 16 {
		t.Error("the hash is not stable")
	}
	for _, f := range []operations.Field{
		operations.Char("a", 6).Backfill("x"), operations.Char("b", 5).Backfill("x"),
		operations.Char("a", 5).Backfill("y"), operations.Char("a", 5), operations.Text("a"),
	} {
		if hash(f) == same {
			t.Errorf("%+v has the same hash", f)
		}
	}
	at := func(day int) string {
		return hash(operations.DateTime("a").Backfill(time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)))
	}
	if at(1) == at(2) {
		t.Error("two times have the same hash")
	}
}
