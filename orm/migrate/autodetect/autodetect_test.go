package autodetect_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// models makes a state; app is the part of a name before the dot.
func models(t *testing.T, list ...*operations.Model) *operations.State {
	t.Helper()
	s := operations.NewState(map[string][]string{"auth.User": {"accounts.User"}})
	for _, m := range list {
		s.Put(m)
	}
	return s
}

func model(name string, fields ...operations.Field) *operations.Model {
	app, name, _ := strings.Cut(name, ".")
	return &operations.Model{App: app, Name: name, Table: operations.DefaultTable(app, name), Fields: append([]operations.Field{operations.BigAuto("id")}, fields...)}
}

func with(m *operations.Model, change func(*operations.Model)) *operations.Model { change(m); return m }

// show writes drafts as "app: operation, operation | app: …", with what they depend on in brackets.
func show(drafts []*autodetect.Draft) string {
	var parts []string
	for _, d := range drafts {
		var ops []string
		for _, op := range d.Operations {
			ops = append(ops, op.Describe())
		}
		var after []string
		for _, o := range d.After {
			after = append(after, o.App)
		}
		after = append(append(after, d.Models...), d.Apps...)
		s := d.App
		if len(after) > 0 {
			s += fmt.Sprint(after)
		}
		parts = append(parts, s+": "+strings.Join(ops, ", "))
	}
	return strings.Join(parts, " | ")
}

func TestDetect(t *testing.T) {
	t.Parallel()
	char := func(name string) operations.Field { return operations.Char(name, 10) }
	for name, tc := range map[string]struct {
		from, to []*operations.Model
		options  autodetect.Options
		want     string
	}{
		"nothing": {[]*operations.Model{model("blog.Tag", char("name"))}, []*operations.Model{model("blog.Tag", char("name"))}, autodetect.Options{}, ""},
		"order of fields and case of targets do not matter": {
			[]*operations.Model{model("blog.Tag", char("a"), char("b"), operations.ForeignKey("parent", "blog.tag").Null())},
			[]*operations.Model{model("blog.Tag", operations.ForeignKey("parent", "blog.Tag").Null(), char("b"), char("a"))},
			autodetect.Options{},
			"",
		},
		"spelled out defaults do not matter": {
			[]*operations.Model{model("blog.Tag", operations.ManyToMany("related", "blog.Tag").Table("blog_tag_related"), operations.ForeignKey("p", "blog.Tag").Column("p_id").Index())},
			[]*operations.Model{model("blog.Tag", operations.ManyToMany("related", "blog.Tag"), operations.ForeignKey("p", "blog.Tag"))},
			autodetect.Options{},
			"",
		},
		"new models by need": {
			nil,
			[]*operations.Model{model("blog.Post", operations.ForeignKey("author", "blog.Writer"), operations.ManyToMany("tags", "blog.Tag")), model("blog.Tag"), model("blog.Writer")},
			autodetect.Options{},
			"blog: Create model Writer, Create model Tag, Create model Post",
		},
		"circle in one app": {
			nil,
			[]*operations.Model{model("blog.Author", operations.ForeignKey("best", "blog.Post").Null()), model("blog.Post", operations.ForeignKey("author", "blog.Author"))},
			autodetect.Options{},
			"blog: Create model Post, Create model Author, Add field author to Post",
		},
		"through a model that points back": {
			nil,
			[]*operations.Model{model("blog.Post", operations.ManyToMany("tags", "blog.Tag").Through("blog.PostTag")), model("blog.PostTag", operations.ForeignKey("post", "blog.Post"), operations.ForeignKey("tag", "blog.Tag")), model("blog.Tag")},
			autodetect.Options{},
			"blog: Create model Tag, Create model Post, Create model PostTag, Add field tags to Post",
		},
		"circle over two apps": {
			nil,
			[]*operations.Model{model("a.One", operations.ForeignKey("two", "b.Two")), model("b.Two", operations.ForeignKey("one", "a.One"))},
			autodetect.Options{},
			"b: Create model Two | a[b]: Create model One | b[a]: Add field one to Two",
		},
		"across apps": {
			nil,
			[]*operations.Model{model("blog.Post", operations.ForeignKey("shop", "shop.Shop")), model("shop.Shop")},
			autodetect.Options{},
			"shop: Create model Shop | blog[shop]: Create model Post",
		},
		"alias": {
			nil,
			[]*operations.Model{model("log.Entry", operations.ForeignKey("user", "auth.User")), model("accounts.User")},
			autodetect.Options{},
			"accounts: Create model User | log[accounts auth.User]: Create model Entry",
		},
		"to an existing model of another app": {
			[]*operations.Model{model("shop.Shop"), model("blog.Post")},
			[]*operations.Model{model("shop.Shop"), model("blog.Post", operations.ForeignKey("shop", "shop.Shop").Null())},
			autodetect.Options{},
			"blog[shop.Shop]: Add field shop to Post",
		},
		"add, alter, remove": {
			[]*operations.Model{model("blog.Post", char("old"), char("size"))},
			[]*operations.Model{model("blog.Post", operations.Char("size", 20), operations.Int("views").Null())},
			autodetect.Options{AllowDrop: true},
			"blog: Remove field old from Post, Alter field size on Post, Add field views to Post",
		},
		"rename a field": {
			[]*operations.Model{model("blog.Post", operations.Int("views"))},
			[]*operations.Model{model("blog.Post", operations.BigInt("hits"))},
			autodetect.Options{Renames: []autodetect.Rename{{Model: "Post", From: "views", To: "hits"}}},
			"blog: Rename field views on Post to hits, Alter field hits on Post",
		},
		"rename a model": {
			[]*operations.Model{model("blog.Post"), model("shop.Item", operations.ForeignKey("post", "blog.Post"))},
			[]*operations.Model{model("blog.Article"), model("shop.Item", operations.ForeignKey("post", "blog.Article"))},
			autodetect.Options{ModelRenames: []autodetect.Rename{{From: "Post", To: "blog.Article"}}},
			"blog[shop]: Rename model Post to Article",
		},
		"delete models that point at each other": {
			[]*operations.Model{model("blog.A", operations.ForeignKey("b", "blog.B")), model("blog.B", operations.ForeignKey("a", "blog.A"))},
			nil,
			autodetect.Options{AllowDrop: true},
			"blog: Remove field b from A, Delete model B, Delete model A",
		},
		"delete a model and what points at it": {
			[]*operations.Model{model("blog.Tag"), model("shop.Item", operations.ForeignKey("tag", "blog.Tag"))},
			[]*operations.Model{model("shop.Item")},
			autodetect.Options{AllowDrop: true},
			"shop: Remove field tag from Item | blog[shop]: Delete model Tag",
		},
		"from a column to many": {
			[]*operations.Model{model("blog.Tag"), model("blog.Post", operations.ForeignKey("tag", "blog.Tag"))},
			[]*operations.Model{model("blog.Tag"), model("blog.Post", operations.ManyToMany("tag", "blog.Tag"))},
			autodetect.Options{AllowDrop: true},
			"blog: Remove field tag from Post, Add field tag to Post",
		},
		"indexes and constraints": {
			[]*operations.Model{with(model("blog.Post", char("a"), char("b")), func(m *operations.Model) {
				m.Indexes = []operations.Index{{Name: "i1", Fields: []string{"a"}}, {Name: "same", Fields: []string{"a", "-b"}}}
				m.Unique = []operations.Unique{{Name: "u1", Fields: []string{"a", "b"}}}
				m.Checks = []operations.Check{{Name: "c1", SQL: "a <> ''"}}
			})},
			[]*operations.Model{with(model("blog.Post", char("a"), char("b")), func(m *operations.Model) {
				m.Indexes = []operations.Index{{Name: "same", Fields: []string{"a", "-b"}}, {Name: "i1", Fields: []string{"-a"}}}
				m.Unique = []operations.Unique{{Name: "u2", Fields: []string{"a", "b"}}}
				m.Checks = []operations.Check{{Name: "c1", SQL: "b <> ''"}}
			})},
			autodetect.Options{},
			"blog: Remove index i1 from Post, Remove constraint u1 from Post, Remove constraint c1 from Post, Create index i1 on Post, Create constraint u2 on Post, Create constraint c1 on Post",
		},
		"another table": {[]*operations.Model{model("blog.Post")}, []*operations.Model{with(model("blog.Post"), func(m *operations.Model) { m.Table = "posts" })}, autodetect.Options{}, "blog: Move model Post to table posts"},
		"only one app":  {nil, []*operations.Model{model("a.One"), model("b.Two")}, autodetect.Options{Apps: []string{"b"}}, "b: Create model Two"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := models(t, tc.from...), models(t, tc.to...)
			drafts, err := autodetect.Changes(from, to, tc.options)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(drafts); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			for _, d := range drafts {
				for _, op := range d.Operations {
					if err := op.Apply(d.App, from); err != nil {
						t.Fatalf("%s: %v", op.Describe(), err)
					}
				}
			}
			if tc.options.Apps != nil {
				return
			}
			if again, err := autodetect.Changes(from, to, autodetect.Options{AllowDrop: true}); err != nil || len(again) > 0 {
				t.Errorf("afterwards there is still: %s, %v", show(again), err)
			}
		})
	}
}

func TestDetectRefuses(t *testing.T) {
	t.Parallel()
	old := []*operations.Model{model("blog.Post", operations.Int("views")), model("blog.Tag")}
	renamed := []*operations.Model{model("blog.Post", operations.Int("hits").Null()), model("blog.Label")}
	for name, tc := range map[string]struct {
		to      []*operations.Model
		options autodetect.Options
		want    []string
	}{
		"to drop": {renamed, autodetect.Options{}, []string{"--rename Post.views=hits", "--allow-drop", "--rename-model Tag=Label"}},
		"a rename of nothing": {
			renamed,
			autodetect.Options{Renames: []autodetect.Rename{{Model: "Pots", From: "views", To: "hits"}}},
			[]string{`--rename Pots.views=hits: there is no model called "Pots"; did you mean "Post"?`},
		},
		"a rename of an unknown field": {renamed, autodetect.Options{Renames: []autodetect.Rename{{Model: "blog.Post", From: "veiws", To: "hits"}}}, []string{`did you mean "views"?`}},
		"a rename to an unknown field": {renamed, autodetect.Options{Renames: []autodetect.Rename{{Model: "Post", From: "views", To: "hist"}}}, []string{`no new field "hist"; did you mean "hits"?`}},
		"NOT NULL without a value":     {[]*operations.Model{model("blog.Post", operations.Int("views"), operations.Char("lang", 2)), model("blog.Tag")}, autodetect.Options{}, []string{"--default blog.Post.lang=VALUE", "blog.Post.lang is required"}},
		"a value that does not fit": {
			[]*operations.Model{model("blog.Post", operations.Int("views"), operations.Int("age")), model("blog.Tag")},
			autodetect.Options{Backfills: []autodetect.Backfill{{Model: "Post", Field: "age", Value: "old"}}},
			[]string{`"old" is not a whole number`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drafts, err := autodetect.Changes(models(t, old...), models(t, tc.to...), tc.options)
			if err == nil {
				t.Fatalf("got %s", show(drafts))
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant %q", err, want)
				}
			}
		})
	}
}

// fixedAsker is an Asker with fixed results.
type fixedAsker struct {
	yes   bool
	asked *[]string
}

func (a fixedAsker) RenamedModel(from, to *operations.Model) (bool, error) {
	*a.asked = append(*a.asked, from.Name+"→"+to.Name)
	return a.yes, nil
}

func (a fixedAsker) RenamedField(m *operations.Model, from, to operations.Field) (bool, error) {
	*a.asked = append(*a.asked, from.Name+"→"+to.Name)
	return a.yes, nil
}

func (fixedAsker) Rejected(error) {}

func (a fixedAsker) Backfill(m *operations.Model, f operations.Field) (any, error) {
	if f.Kind == schema.KindUUID {
		return nil, errors.New("no answer")
	}
	return "asked", nil
}

func TestDetectAsks(t *testing.T) {
	t.Parallel()
	from := models(t, model("blog.Post", operations.Int("views")), model("blog.Tag", operations.Text("name")))
	to := models(t, model("blog.Post", operations.Int("hits").Null(), operations.Text("note"), operations.Int("stars").Null()), model("blog.Label", operations.Text("name")))
	for yes, want := range map[bool]string{
		true:  "blog: Rename model Tag to Label, Rename field views on Post to hits, Alter field hits on Post, Add field note to Post, Add field stars to Post",
		false: "blog: Create model Label, Remove field views from Post, Add field hits to Post, Add field note to Post, Add field stars to Post, Delete model Tag",
	} {
		var asked []string
		drafts, err := autodetect.Changes(from, to, autodetect.Options{Ask: fixedAsker{yes, &asked}})
		if err != nil {
			t.Fatal(err)
		}
		if got := show(drafts); got != want {
			t.Errorf("answer %v: got %s\nwant %s", yes, got, want)
		}
		if len(asked) == 0 {
			t.Error("nothing was asked")
		}
	}
}

func FuzzParseValue(f *testing.F) {
	kinds := []schema.Kind{
		schema.KindInt, schema.KindUint, schema.KindBool, schema.KindFloat, schema.KindDecimal, schema.KindDuration,
		schema.KindDate, schema.KindTime, schema.KindDateTime, schema.KindUUID, schema.KindJSON, schema.KindText,
	}
	for i, text := range []string{"1", "-1", "true", "1e9", "1.50", "1h", "2026-01-02", "12:30", "now", "123e4567-e89b-12d3-a456-426614174000", `{"a":1}`, "it's"} {
		f.Add(i, text)
	}
	f.Fuzz(func(t *testing.T, i int, text string) {
		kind := kinds[max(i, -i, 0)%len(kinds)]
		value, err := autodetect.ParseValue(kind, text)
		if (value == nil) == (err == nil) {
			t.Errorf("%s %q: got %v, %v", kind, text, value, err)
		}
	})
}

// Of several new fields the one that is near in type, size, place and name is suggested, and asked about first.
func TestRenamesThatAreSuggested(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		from, to       []operations.Field
		wanted, absent []string
	}{
		"by size and place": {
			[]operations.Field{operations.Char("name", 100), operations.Char("summary", 300), operations.Char("section", 40)},
			[]operations.Field{operations.Char("name", 100), operations.Char("synopsis", 300), operations.Char("component", 20)},
			[]string{"--rename Package.summary=synopsis", "--rename Package.section=component"},
			[]string{"summary=component", "section=synopsis"},
		},
		"by name": {
			[]operations.Field{operations.Char("mail", 50)},
			[]operations.Field{operations.Char("title", 50), operations.Char("email", 50)},
			[]string{"mail=email"},
			[]string{"mail=title"},
		},
		"by type": {
			[]operations.Field{operations.Int("views")}, []operations.Field{operations.Text("views_text").Null(), operations.BigInt("hits")}, []string{"views=hits"}, []string{"views_text"},
		},
		"references by target": {
			[]operations.Field{operations.ForeignKey("a", "blog.Tag")}, []operations.Field{operations.ForeignKey("b", "blog.Package"), operations.ForeignKey("c", "blog.Tag")}, []string{"a=c"}, []string{"a=b"},
		},
		"nothing near": {
			[]operations.Field{operations.Int("views")}, []operations.Field{operations.Text("note").Null()}, []string{"views=NEW_NAME"}, []string{"views=note"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := models(t, model("blog.Package", tc.from...), model("blog.Tag")), models(t, model("blog.Package", tc.to...), model("blog.Tag"))
			_, err := autodetect.Changes(from, to, autodetect.Options{})
			if err == nil {
				t.Fatal("nothing was refused")
			}
			for _, want := range tc.wanted {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant %s", err, want)
				}
			}
			for _, absent := range tc.absent {
				if strings.Contains(err.Error(), absent) {
					t.Errorf("got %v\nwithout %s", err, absent)
				}
			}
		})
	}
}

func TestNamesAreShort(t *testing.T) {
	t.Parallel()
	add := func(model, field string) operations.Operation {
		return operations.AddField{Model: model, Field: operations.Text(field)}
	}
	for want, ops := range map[string][]operations.Operation{
		"custom":                             nil,
		"post_lang":                          {add("Post", "lang")},
		"post_lang_post_slug":                {add("Post", "lang"), add("Post", "slug")},
		"rename_summary_to_synopsis":         {operations.RenameField{Model: "Package", From: "summary", To: "synopsis"}},
		"a_model_with_a_rather_long_name_in": {operations.CreateModel{Name: "AModelWithARatherLongNameInItAndMoreToCome"}},
	} {
		if got := autodetect.Name(ops); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	long := strings.Repeat("x", 60)
	for _, ops := range [][]operations.Operation{
		{operations.RenameField{Model: "Package", From: "summary", To: "synopsis"}, add("Package", "component"), operations.RemoveField{Model: "Package", Name: "z"}},
		{add(long, long)},
		{add("Post", "a"), add(long, long)},
		{operations.CreateModel{Name: long}, add("Post", "a")},
		{operations.AddIndex{Model: "Post", Index: operations.Index{Name: "blog_post_title_and_a_lot_of_other_columns_idx"}}},
	} {
		got := autodetect.Name(ops)
		if len("0002_"+got) >= 40 || got == "" || strings.HasSuffix(got, "_") || strings.Contains(got, "__") {
			t.Errorf("%s has %d letters", got, len(got))
		}
	}
}
