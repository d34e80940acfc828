package modelforms_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// Memo counts its writes.
type Memo struct {
	ID      int64
	Title   string `gorm:"size:20"`
	Text    string `gorm:"size:20"`
	Version int64
}

func (m *Memo) Fields(f *orm.Fields) { orm.Describe(f, &m.Version).Version() }

type memos struct{}

func (memos) Name() string  { return "memos" }
func (memos) Models() []any { return []any{&Memo{}} }

// A page of an older version is refused with an error of the form, keeps its input, and is stored when it is submitted again.
func TestVersionsAreCompared(t *testing.T) {
	t.Parallel()
	for name, detect := range map[string]bool{"version alone": false, "with digests": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := ormtest.Open(t, memos{})
			memo := &Memo{Title: "Old", Text: "old"}
			if err := db.Create(t.Context(), memo); err != nil {
				t.Fatal(err)
			}
			load := func() *Memo {
				t.Helper()
				found, err := orm.Objects[Memo](db).Get(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return found
			}
			open := func() *modelforms.Form {
				t.Helper()
				form, err := modelforms.NewWithOptions(t.Context(), db, load(), modelforms.Options{DetectConflicts: detect})
				if err != nil {
					t.Fatal(err)
				}
				return form
			}
			page, untouched := shown(open()), shown(open())
			if page.Get("version") != "1" {
				t.Fatalf("the page is %v", page)
			}
			other := load()
			other.Text = "theirs"
			if err := db.Save(t.Context(), other); err != nil {
				t.Fatal(err)
			}
			page.Set("title", "Mine")
			form := open()
			if !form.ParseValues(page) {
				t.Fatal(form.Errors())
			}
			err := form.Save(t.Context())
			if err == nil || !strings.Contains(form.Errors().Error(), "Somebody else has changed this memo") || load().Title != "Old" {
				t.Fatalf("stored an older page: %v, %+v", err, load())
			}
			again := shown(form)
			if again.Get("title") != "Mine" || again.Get("version") != "2" || detect && again.Get("text") != "theirs" {
				t.Errorf("the page is now %v", again)
			}
			form = open()
			if !form.ParseValues(again) || form.Save(t.Context()) != nil {
				t.Fatal(form.Errors())
			}
			if got := load(); got.Title != "Mine" || got.Version != 3 || detect && got.Text != "theirs" {
				t.Errorf("stored %+v", got)
			}
			if form = open(); detect && (!form.ParseValues(untouched) || form.Save(t.Context()) != nil || load().Version != 3) {
				t.Errorf("an untouched page: %v", form.Errors())
			}
			form = open()
			if !form.ParseValues(url.Values{"title": {"API"}, "text": {"x"}}) || form.Save(t.Context()) != nil || load().Title != "API" {
				t.Errorf("a request without the version: %v", form.Errors())
			}
		})
	}
}
