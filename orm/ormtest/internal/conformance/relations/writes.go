package relations

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// Draft is copied into Copy.
type Draft struct {
	ID     int64
	Title  string `gorm:"size:40"`
	Price  string `gorm:"type:decimal(8,2)"`
	Pages  int16
	Day    time.Time `gorm:"type:date"`
	HallID *int64
	Hall   *Hall
}

// Fields implements orm's Fielder.
func (d *Draft) Fields(f *orm.Fields) { orm.FK(f, &d.Hall).OnDelete(orm.SetNull).Related("drafts") }

// Meta implements orm's Metaer.
func (Draft) Meta() orm.Meta { return orm.Meta{Ordering: []string{"-pages"}} }

// Copy has columns that CreateFrom sets by itself.
type Copy struct {
	ID      int64
	Title   string  `gorm:"size:40"`
	Price   *string `gorm:"type:decimal(8,2)"`
	Pages   int16
	Place   *string    `gorm:"size:40"`
	Day     *time.Time `gorm:"type:date"`
	Final   bool
	Version int64
	orm.Timestamps
}

// Fields implements orm's Fielder.
func (c *Copy) Fields(f *orm.Fields) { orm.Describe(f, &c.Version).Version() }

func drafts(t *testing.T, db *orm.DB) (hall *Hall) {
	t.Helper()
	hall = &Hall{Name: "Archive", Open: true}
	create(t, db, hall)
	day := time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)
	for i, title := range []string{"a", "b", "c"} {
		d := &Draft{Title: title, Price: "1.50", Pages: int16(10 * (i + 1)), Day: day}
		if i > 0 {
			d.HallID = &hall.ID
		}
		create(t, db, d)
	}
	return hall
}

func deleteAll(t *testing.T, db *orm.DB, models ...string) {
	t.Helper()
	for _, model := range models {
		if _, err := dynamic.From(db, model).Delete(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// testCreateFrom checks rows that are created from those of a query.
func testCreateFrom(t *testing.T, db *orm.DB) {
	drafts(t, db)
	defer deleteAll(t, db, "stage.Draft", "stage.Copy")
	copies := dynamic.From(db, "stage.Copy")
	n, err := copies.CreateFrom(t.Context(), dynamic.From(db, "stage.Draft").Where("pages__gt", 10).OrderBy("pages").Limit(5), map[string]any{
		"title": dynamic.F("title"), "price": dynamic.F("price"), "pages": dynamic.F("pages").Add(1), "place": dynamic.F("hall__name"),
		"day": dynamic.F("day"), "final": true,
	})
	if err != nil || n != 2 {
		t.Fatalf("created %d, %v", n, err)
	}
	found, err := orm.Objects[Copy](db).OrderByNames("pages").All(t.Context())
	if err != nil || len(found) != 2 {
		t.Fatalf("found %d, %v", len(found), err)
	}
	c := found[0]
	if c.Title != "b" || *c.Price != "1.50" || c.Pages != 21 || *c.Place != "Archive" || c.Day.Format(time.DateOnly) != "2026-05-06" || !c.Final ||
		c.Version != 1 || time.Since(c.CreatedAt) > time.Hour || c.UpdatedAt.IsZero() {
		t.Errorf("got %+v", c)
	}
	if n, err := copies.CreateFrom(t.Context(), copies, map[string]any{ // from the table itself
		"title": dynamic.F("title"), "pages": 1, "price": nil, "place": "x", "final": dynamic.F("final"),
	}); err != nil || n != 2 {
		t.Errorf("created %d from its own rows, %v", n, err)
	}
	for name, test := range map[string]struct {
		into   dynamic.Query
		values map[string]any
		want   string
	}{
		"unknown":      {copies, map[string]any{"titel": "x"}, `did you mean "title"?`},
		"nothing":      {copies, nil, "at least one assignment"},
		"conditions":   {copies.Where("title", "x"), map[string]any{"title": "x"}, "filter the other query"},
		"wrong kind":   {copies, map[string]any{"pages": dynamic.F("title")}, "cannot take its value from"},
		"wrong source": {copies, map[string]any{"title": dynamic.F("place")}, `no field "place"`},
		"NULL":         {copies, map[string]any{"title": nil}, "does not take NULL"},
		"too large":    {copies, map[string]any{"title": "x", "pages": 70000}, "pages"},
	} {
		if _, err := test.into.CreateFrom(t.Context(), dynamic.From(db, "stage.Draft"), test.values); err == nil ||
			!strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
	_, err = copies.CreateFrom(t.Context(), dynamic.From(db, "stage.Draft"), map[string]any{"title": "x", "final": false, "pages": 1, "id": found[0].ID})
	if broken, ok := errors.AsType[*orm.IntegrityError](err); !ok || broken.Kind != orm.IntegrityUnique {
		t.Errorf("a key that exists: %v", err)
	}
	if n, err := copies.Count(t.Context()); err != nil || n != 4 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// testUpdateReturning checks that an update returns the rows that it has changed, as they are then.
func testUpdateReturning(t *testing.T, db *orm.DB) {
	hall := drafts(t, db)
	defer deleteAll(t, db, "stage.Draft")
	query := dynamic.From(db, "stage.Draft")
	for _, test := range []struct {
		name  string
		query dynamic.Query
		want  string
	}{
		{"all", query, "[c 31 b 21 a 11]"},
		{"condition that no longer holds", query.Where("pages", 11), "[a 12]"},
		{"across a relation", query.Where("hall__name", "Archive").OrderBy("title"), "[b 22 c 32]"},
		{"limit", query.OrderBy("pages").Limit(1), "[a 13]"},
		{"distinct", query.Where("pages__gte", 20).Distinct().OrderBy("pages"), "[b 23 c 33]"},
		{"no rows", query.Where("title", "none"), "[]"},
		{"loaded relation", query.Where("hall", hall.ID).SelectRelated("hall").OrderBy("title"), "[b 24 Archive c 34 Archive]"},
	} {
		objects, err := test.query.UpdateReturning(t.Context(), map[string]any{"pages": dynamic.F("pages").Add(1)})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var got []any
		for _, obj := range objects {
			d := obj.(*Draft)
			if got = append(got, d.Title, d.Pages); d.Hall != nil {
				got = append(got, d.Hall.Name)
			}
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s: got %v, want %s", test.name, got, test.want)
		}
	}
	if _, err := query.UpdateReturning(t.Context(), map[string]any{"id": 7}); err == nil || !strings.Contains(err.Error(), "primary key") {
		t.Errorf("the primary key: %v", err)
	}
	if _, err := query.UpdateReturning(t.Context(), map[string]any{"title": nil}); err == nil {
		t.Error("NULL was stored")
	}
}
