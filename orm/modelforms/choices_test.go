package modelforms_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// Room is what meetings refer to.
type Room struct {
	ID   int64
	Name string `gorm:"size:20"`
	Free bool
}

func (r Room) String() string { return r.Name }

// Meeting is in a free room.
type Meeting struct {
	ID     int64
	Title  string `gorm:"size:20"`
	RoomID int64
	Room   *Room
	Spare  []Room `gorm:"many2many:office_spare"`
}

func (m *Meeting) Fields(f *orm.Fields) {
	orm.FK(f, &m.Room).OnDelete(orm.Cascade).Related("meetings").LimitChoicesTo(orm.Lookup[Room]("free", true))
	orm.M2M(f, &m.Spare).Related("spared").Blank().LimitChoicesTo(dynamic.ConditionFunc(freeIn))
}

type failKey struct{}

func freeIn(ctx context.Context) (orm.Condition, error) {
	err, _ := ctx.Value(failKey{}).(error)
	return dynamic.Is("free", true), err
}

type office struct{}

func (office) Name() string  { return "office" }
func (office) Models() []any { return []any{&Room{}, &Meeting{}} }

// openOffice returns a database with the rooms 1 and 3, which are free, and 2, which is not, and with a meeting in 2.
func openOffice(t *testing.T) (*orm.DB, *Meeting) {
	t.Helper()
	db := ormtest.Open(t, office{})
	m := &Meeting{Title: "Old", RoomID: 2}
	for _, obj := range []any{&Room{Name: "one", Free: true}, &Room{Name: "two"}, &Room{Name: "three", Free: true}, m} {
		if err := db.Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Related(m, "spare").Add(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	return db, m
}

// Only permitted objects are offered and accepted, and those that the stored object refers to already.
func TestLimitChoices(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		adding, keys bool
		room         string
		spare        []string
		wantChoices  string
		wantErrors   []string
	}{
		"new, permitted":       {adding: true, room: "1", spare: []string{"3"}, wantChoices: "one three"},
		"new, excluded":        {adding: true, room: "2", spare: []string{"2"}, wantChoices: "one three", wantErrors: []string{"room", "spare"}},
		"stored, untouched":    {room: "2", spare: []string{"2"}, wantChoices: "one three two"},
		"stored, changed":      {room: "3", spare: []string{"1", "2"}, wantChoices: "one three two"},
		"keys, new, permitted": {adding: true, keys: true, room: "1", spare: []string{"1, 3"}},
		"keys, new, excluded":  {adding: true, keys: true, room: "2", spare: []string{"1, 2"}, wantErrors: []string{"room", "spare"}},
		"keys, untouched":      {keys: true, room: "2", spare: []string{"2"}},
		"keys, changed":        {keys: true, room: "1", spare: []string{"2, 3"}},
		"keys, no such room":   {keys: true, room: "9", spare: []string{"2, 9"}, wantErrors: []string{"room", "spare"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, m := openOffice(t)
			if test.adding {
				m = &Meeting{}
			}
			form, err := modelforms.NewWithOptions(t.Context(), db, m, modelforms.Options{KeyInput: func(*orm.Field) bool { return test.keys }})
			if err != nil {
				t.Fatal(err)
			}
			if field, err := form.Field("room"); err != nil || !test.keys && labels(field.Choices()) != test.wantChoices {
				t.Errorf("the choices are %q, %v, want %q", labels(field.Choices()), err, test.wantChoices)
			}
			valid := form.ParseValues(url.Values{"title": {"New"}, "room": {test.room}, "spare": test.spare})
			for _, field := range []string{"room", "spare"} {
				if want := slices.Contains(test.wantErrors, field); want != (form.Errors()[field] != nil) {
					t.Errorf("%s: %v", field, form.Errors())
				}
			}
			if err := form.Save(t.Context()); valid && err != nil || !valid && err == nil {
				t.Errorf("valid %v, saved with %v", valid, err)
			}
		})
	}
}

// A room that is taken between Parse and Save is refused.
func TestLimitChoicesAtSave(t *testing.T) {
	t.Parallel()
	db, _ := openOffice(t)
	form, err := modelforms.New(t.Context(), db, &Meeting{}, "title", "room", "spare")
	if err != nil {
		t.Fatal(err)
	}
	if !form.ParseValues(url.Values{"title": {"New"}, "room": {"1"}, "spare": {"3"}}) {
		t.Fatal(form.Errors())
	}
	if _, err := orm.Objects[Room](db).Dynamic().Update(t.Context(), map[string]any{"free": false}); err != nil {
		t.Fatal(err)
	}
	err = form.Save(t.Context())
	if err == nil || !strings.Contains(form.Errors().Error(), "The room with the key 1 cannot be chosen") || form.Errors()["spare"] == nil {
		t.Errorf("got %v", err)
	}
}

func TestLimitChoicesFails(t *testing.T) {
	t.Parallel()
	db, _ := openOffice(t)
	broken := errors.New("no policy")
	_, err := modelforms.New(context.WithValue(t.Context(), failKey{}, broken), db, &Meeting{})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "office.Meeting.spare") {
		t.Errorf("got %v", err)
	}
}

// Wrong has a limit on rows of another model.
type Wrong struct {
	ID     int64
	RoomID int64
	Room   *Room
	NextID int64
	Next   *Room
}

func (w *Wrong) Fields(f *orm.Fields) {
	orm.FK(f, &w.Room).OnDelete(orm.Cascade).Related("wrong").LimitChoicesTo(dynamic.Is("fre", true))
	orm.FK(f, &w.Next).OnDelete(orm.Cascade).Related("wrong_next").LimitChoicesTo(orm.Lookup[Meeting]("title", "x"))
}

func TestLimitChoicesIsChecked(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, office{})
	if err := db.Register("wrong", &Wrong{}); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, p := range db.Check() {
		if p.ID == "orm.E032" {
			found = append(found, p.Place+": "+p.Message)
		}
	}
	if len(found) != 2 || !strings.Contains(found[0], `"free"`) || !strings.Contains(found[1], `"title" starts at`) {
		t.Errorf("found %q", found)
	}
}

// labels returns the labels of choices with a value.
func labels(choices []forms.Choice) string {
	var out []string
	for _, c := range choices {
		if c.Value != "" {
			out = append(out, c.Label)
		}
	}
	return strings.Join(out, " ")
}
