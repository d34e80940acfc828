package modelforms_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// stored creates a post and returns a function that loads it.
func stored(t *testing.T, db *orm.DB) (load func() *Post) {
	t.Helper()
	at := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
	p := &Post{Title: "Title", Slug: "slug", Body: "\n\n body \n\n", Status: "draft", Rating: 1, Day: at, AuthorID: 1, LiveAt: &at, Secret: "s"}
	if err := db.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := db.Related(p, "tags").Add(t.Context(), int64(1)); err != nil {
		t.Fatal(err)
	}
	return func() *Post {
		t.Helper()
		found, err := orm.Objects[Post](db).Where("id", p.ID).Get(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}

func tags(t *testing.T, db *orm.DB, p *Post) []any {
	t.Helper()
	keys, err := db.Related(p, "tags").IDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func formOver(t *testing.T, db *orm.DB, p *Post) *modelforms.Form {
	t.Helper()
	form, err := modelforms.NewWithOptions(t.Context(), db, p, modelforms.Options{Fields: append(slices.Clone(all), "live_at"), DetectConflicts: true})
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// shown is what a browser sends for a page that nobody touched.
func shown(form *modelforms.Form) url.Values {
	values := url.Values{}
	for _, field := range form.Fields() {
		for _, value := range field.Values() {
			values.Add(field.HTMLName(), strings.ReplaceAll(value, "\n", "\r\n"))
		}
	}
	return values
}

func TestUntouchedFormWritesNothing(t *testing.T) {
	t.Parallel()
	db := open(t)
	load := stored(t, db)
	before := load()
	form := formOver(t, db, load())
	if !form.ParseValues(shown(form)) {
		t.Fatal(form.Errors())
	}
	if err := form.Save(t.Context()); err != nil || len(form.Saved()) > 0 {
		t.Errorf("saved %v, error %v", form.Saved(), err)
	}
	after := load()
	if after.Body != before.Body || !after.LiveAt.Equal(*before.LiveAt) || !after.CreatedAt.Equal(before.CreatedAt) || len(tags(t, db, after)) != 1 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

// What somebody else changes is kept, whether it happens before the form is sent, while it is read, or just before it is stored.
func TestOnlyEditedFieldsAreWritten(t *testing.T) {
	t.Parallel()
	for name, when := range map[string]int{"before it is sent": 0, "while it is read": 1, "before it is stored": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := open(t)
			load := stored(t, db)
			sent := shown(formOver(t, db, load()))
			sent.Set("title", "Mine")
			meanwhile := func(now int) {
				if now != when {
					return
				}
				other := load()
				other.Secret, other.Rating, other.AuthorID, other.Status = "other", 7, 2, "live"
				if err := db.SaveFields(t.Context(), other, "secret", "rating", "author", "status"); err != nil {
					t.Fatal(err)
				}
				if err := db.Related(other, "tags").Set(t.Context(), int64(2), int64(3)); err != nil {
					t.Fatal(err)
				}
			}
			meanwhile(0)
			p := load()
			form := formOver(t, db, p)
			meanwhile(1)
			if !form.ParseValues(sent) {
				t.Fatal(form.Errors())
			}
			meanwhile(2)
			if err := form.Save(t.Context()); err != nil || !slices.Equal(form.Saved(), []string{"title"}) {
				t.Fatalf("saved %v, error %v", form.Saved(), err)
			}
			for which, got := range map[string]*Post{"row": load(), "object": p} {
				if got.Title != "Mine" || got.Secret != "other" || got.Rating != 7 || got.AuthorID != 2 || got.Status != "live" || len(tags(t, db, got)) != 2 {
					t.Errorf("%s: %+v", which, got)
				}
			}
		})
	}
}

func TestConflict(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ mine, theirs, want []string }{
		"text":       {[]string{"Mine"}, []string{"Theirs"}, []string{"Theirs"}},
		"rating":     {[]string{"4"}, []string{"5"}, []string{"5"}},
		"author":     {[]string{"2"}, []string{"3"}, []string{"Cid"}},
		"tags":       {[]string{"1", "2"}, []string{"1", "3"}, []string{"#a", "#c"}},
		"live_at":    {[]string{"2026-03-01T10:00"}, []string{"2026-04-01T10:00"}, []string{"2026-04-01T10:00"}},
		"price":      {[]string{"4.5"}, []string{"6.5"}, []string{"6.5"}},
		"emptied":    {[]string{""}, []string{"x"}, []string{"x"}},
		"to nothing": {[]string{"4.5"}, []string{""}, []string{"cleared this"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			field := map[string]string{"text": "title", "emptied": "body", "to nothing": "price"}[name]
			if field == "" {
				field = name
			}
			db := open(t)
			load := stored(t, db)
			if err := db.Create(t.Context(), &Author{Name: "Cid"}); err != nil {
				t.Fatal(err)
			}
			first, price := load(), 1.25
			first.Price = &price
			if err := db.SaveFields(t.Context(), first, "price"); err != nil {
				t.Fatal(err)
			}
			sent := shown(formOver(t, db, load()))
			theirs := formOver(t, db, load())
			values := shown(theirs)
			values[field] = test.theirs
			if !theirs.ParseValues(values) || theirs.Save(t.Context()) != nil {
				t.Fatal(theirs.Errors())
			}
			sent[field] = test.mine
			sent.Set("slug", "my-slug")
			form := formOver(t, db, load())
			if !form.ParseValues(sent) {
				t.Fatal(form.Errors())
			}
			err := form.Save(t.Context())
			if err == nil || len(form.Conflicts()) != 1 || form.Conflicts()[0].Field.Name != field {
				t.Fatalf("error %v, conflicts %+v", err, form.Conflicts())
			}
			if got := fmt.Sprint(form.Errors()[field]); !containsAll(got, test.want) || !strings.Contains(got, "Save again") {
				t.Errorf("said %q", got)
			}
			if load().Slug != "slug" {
				t.Error("something was written")
			}
			bound, err := form.Field(field)
			if err != nil {
				t.Fatal(err)
			}
			if got := bound.Values(); !slices.Equal(got, test.mine) {
				t.Errorf("the input shows %v, want %v", got, test.mine)
			}
			again := formOver(t, db, load())
			if !again.ParseValues(shown(form)) {
				t.Fatal(again.Errors())
			}
			if err := again.Save(t.Context()); err != nil || !slices.Contains(again.Saved(), field) || load().Slug != "my-slug" {
				t.Errorf("sent again: %v, saved %v", err, again.Saved())
			}
		})
	}
}

func containsAll(text string, parts []string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(text, part) })
}

func TestSameChangeIsNoConflict(t *testing.T) {
	t.Parallel()
	db := open(t)
	load := stored(t, db)
	sent := shown(formOver(t, db, load()))
	other := load()
	other.Title = "Same"
	if err := db.SaveFields(t.Context(), other, "title"); err != nil {
		t.Fatal(err)
	}
	sent.Set("title", "Same")
	form := formOver(t, db, load())
	if !form.ParseValues(sent) {
		t.Fatal(form.Errors())
	}
	if err := form.Save(t.Context()); err != nil || len(form.Saved()) > 0 {
		t.Errorf("error %v, saved %v", err, form.Saved())
	}
}

func TestFieldsSetByCodeAreWritten(t *testing.T) {
	t.Parallel()
	db := open(t)
	load := stored(t, db)
	p := load()
	form, err := modelforms.New(t.Context(), db, p, "title")
	if err != nil {
		t.Fatal(err)
	}
	p.Rating = 5 // between New and Parse
	if !form.ParseValues(url.Values{"title": {"New"}}) {
		t.Fatal(form.Errors())
	}
	p.Secret = "by code" // between Parse and Save
	if err := form.Save(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := load(); got.Title != "New" || got.Rating != 5 || got.Secret != "by code" {
		t.Errorf("stored %+v", got)
	}
}

func TestDeletedRows(t *testing.T) {
	t.Parallel()
	db := open(t)
	load := stored(t, db)
	p := load()
	form := formOver(t, db, p)
	sent := shown(form)
	sent.Set("title", "Late")
	sent["tags"] = []string{"2"}
	sent.Set("author", "2")
	if !form.ParseValues(sent) {
		t.Fatal(form.Errors())
	}
	for _, gone := range []any{&Author{ID: 2}, &Tag{ID: 2}} {
		if _, err := db.Delete(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Save(t.Context()); err == nil || len(form.Errors()["author"]) != 1 || len(form.Errors()["tags"]) != 1 {
		t.Errorf("error %v, at the fields %v", err, form.Errors())
	}
	fresh := formOver(t, db, load())
	sent = shown(fresh)
	sent.Set("title", "Later")
	if !fresh.ParseValues(sent) {
		t.Fatal(fresh.Errors())
	}
	if _, err := db.Delete(t.Context(), load()); err != nil {
		t.Fatal(err)
	}
	if err := fresh.Save(t.Context()); err == nil || !strings.Contains(fresh.Errors().Error(), "was deleted in the meantime") {
		t.Errorf("error %v, form %v", err, fresh.Errors())
	}
}

// Note has a hook that fills a column which no form has, a key of text, and bytes.
type Note struct {
	Key     string `gorm:"primaryKey;size:20"`
	Text    string
	Hash    []byte
	Length  int
	Written time.Time `gorm:"autoUpdateTime"`
}

func (n *Note) Fields(f *orm.Fields)             { orm.Describe(f, &n.Text).Blank() }
func (n *Note) BeforeSave(context.Context) error { n.Length = len(n.Text); return nil }

type notes struct{}

func (notes) Name() string  { return "notes" }
func (notes) Models() []any { return []any{&Note{}} }

func TestKeysBytesAndHooks(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, notes{})
	n := &Note{}
	form, err := modelforms.New(t.Context(), db, n, "key", "text", "hash")
	if err != nil {
		t.Fatal(err)
	}
	if form.ParseValues(url.Values{"key": {"k"}, "text": {"abc"}, "hash": {"48 6"}}) {
		t.Error("half a byte was taken")
	}
	if !form.ParseValues(url.Values{"key": {"k"}, "text": {"abc"}, "hash": {"48 69"}}) {
		t.Fatal(form.Errors())
	}
	if err := form.Save(t.Context()); err != nil || string(n.Hash) != "Hi" || n.Length != 3 {
		t.Fatalf("error %v, stored %+v", err, n)
	}
	form, err = modelforms.New(t.Context(), db, n, "key", "text", "hash")
	if err != nil {
		t.Fatal(err)
	}
	if !form.ParseValues(url.Values{"key": {"other"}, "text": {"abcde"}, "hash": {"4869"}}) {
		t.Fatal(form.Errors())
	}
	if err := form.Save(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := orm.Objects[Note](db).Get(t.Context())
	if err != nil || found.Key != "k" || found.Length != 5 || string(found.Hash) != "Hi" {
		t.Errorf("error %v, stored %+v", err, found)
	}
}
