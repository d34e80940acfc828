package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// stock has models whose rows are written in bulk.
type stock struct{}

func (stock) Name() string  { return "stock" }
func (stock) Models() []any { return []any{&Product{}, &Slot{}} }

// Product has a version, and a column of most types.
type Product struct {
	ID        int64
	Slug      string  `gorm:"size:40;uniqueIndex"`
	Title     string  `gorm:"size:40"`
	Barcode   *int64  `gorm:"uniqueIndex"`
	Price     *string `gorm:"type:decimal(10,2)"`
	Count     int64
	Small     int16
	Ratio     float64
	Active    bool
	Day       *time.Time `gorm:"type:date"`
	At        *time.Time
	Data      *json.RawMessage
	Blob      []byte
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Fields implements orm's Fielder.
func (p *Product) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Blob).Blank()
	orm.Describe(f, &p.Title).Blank()
	orm.Describe(f, &p.Version).Version()
}

// Slot has a key of two columns.
type Slot struct {
	Shelf int64  `gorm:"primaryKey;autoIncrement:false"`
	Place int64  `gorm:"primaryKey;autoIncrement:false"`
	Note  string `gorm:"size:40"`
}

// Fields implements orm's Fielder.
func (s *Slot) Fields(f *orm.Fields) { orm.Describe(f, &s.Note).Blank() }

// products inserts n products whose slugs are numbers.
func products(t *testing.T, db *orm.DB, n int) []*Product {
	t.Helper()
	list := make([]*Product, n)
	for i := range list {
		list[i] = &Product{Slug: strconv.Itoa(i), Title: "old"}
	}
	if err := db.CreateAll(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	return list
}

// product reads the row of a product.
func product(t *testing.T, db *orm.DB, slug string) *Product {
	t.Helper()
	p, err := orm.Objects[Product](db).Where("slug", slug).Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wantBulkError checks that err names the element and has a text.
func wantBulkError(t *testing.T, name string, err error, index int, text string) {
	t.Helper()
	bulk, ok := errors.AsType[*orm.BulkError](err)
	if !ok || bulk.Index != index || !strings.Contains(err.Error(), text) {
		t.Errorf("%s: got %v, want element %d and %q", name, err, index, text)
	}
}

// testBulkUpdate checks that many rows get values of their own, of every type, or none does.
func testBulkUpdate(t *testing.T, s suite) {
	db, ctx := s.tables(t, stock{}), t.Context()
	list := products(t, db, 450)
	at := time.Date(2026, 2, 3, 4, 5, 6, 7000, time.UTC)
	for i, p := range list {
		p.Title, p.Count, p.Small, p.Active, p.Ratio = fmt.Sprint("new ", i), int64(i)<<32, int16(i), i%2 == 0, float64(i)/4
		p.Price, p.Day, p.At, p.Blob = ptr(fmt.Sprintf("%d.50", i)), ptr(at.AddDate(0, 0, i)), ptr(at.Add(time.Duration(i)*time.Hour)), []byte{byte(i)}
		p.Data = ptr(json.RawMessage(fmt.Sprintf(`{"n": %d}`, i)))
		if i%3 == 0 {
			p.Price, p.Day, p.At, p.Data, p.Barcode = nil, nil, nil, nil, ptr(int64(i))
		}
	}
	if err := db.SaveAll(ctx, list); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 1, 2, 199, 200, 449} {
		want, got := list[i], product(t, db, strconv.Itoa(i))
		if got.Title != want.Title || got.Count != want.Count || got.Small != want.Small || got.Active != want.Active || got.Ratio != want.Ratio ||
			!same(got.Price, want.Price) || !sameTime(got.At, want.At) || (got.Day == nil) != (want.Day == nil) || string(got.Blob) != string(want.Blob) ||
			got.Version != 2 || want.Version != 2 || (got.Data == nil) != (want.Data == nil) {
			t.Errorf("element %d: got %+v\nwant %+v", i, got, want)
		}
		if want.Day != nil && got.Day.Format(time.DateOnly) != want.Day.Format(time.DateOnly) {
			t.Errorf("element %d: the day is %v", i, got.Day)
		}
	}
	list[0].Title, list[0].Count = "named", -1
	if err := db.SaveAll(ctx, list[:2], "title"); err != nil {
		t.Fatal(err)
	}
	if got := product(t, db, "0"); got.Title != "named" || got.Count != 0 || !got.UpdatedAt.After(got.CreatedAt) {
		t.Errorf("the named column: got %+v", got)
	}

	list[2].Title, list[3].Slug = "lost", "4"
	wantBulkError(t, "unique", db.SaveAll(ctx, list[2:5], "title", "slug"), 1, "unique")
	if got := product(t, db, "2"); got.Title == "lost" || list[2].Version != 2 {
		t.Errorf("an object of a failed update was written: %+v", got)
	}
	list[3].Slug = "3"
	missing := &Product{ID: 1 << 40, Slug: "none", Version: 1}
	wantBulkError(t, "no row", db.SaveAll(ctx, []*Product{list[2], missing}), 1, "no stock.Product with key")
	wantBulkError(t, "twice", db.SaveAll(ctx, []*Product{list[2], list[2]}), 1, "element 0 is the same")
	wantBulkError(t, "without a key", db.SaveAll(ctx, []*Product{list[2], {}}), 1, "has no key")
	wantBulkError(t, "invalid", db.SaveAll(ctx, []*Product{list[3], {ID: 9, Slug: strings.Repeat("x", 50)}}), 1, "slug is \"xxx")
	other := *list[4]
	if err := db.Save(ctx, &other); err != nil {
		t.Fatal(err)
	}
	wantBulkError(t, "stale", db.SaveAll(ctx, list[2:6]), 2, "version 3, and this object version 2")
	if list[2].Version != 2 || list[5].Version != 2 {
		t.Errorf("versions after a failed update: %d, %d", list[2].Version, list[5].Version)
	}

	slots := []*Slot{{1, 1, "a"}, {1, 2, "b"}, {2, 1, "c"}}
	if err := db.CreateAll(ctx, slots); err != nil {
		t.Fatal(err)
	}
	slots[0].Note, slots[1].Note = "A", "B"
	if err := db.SaveAll(ctx, slots[:2]); err != nil {
		t.Fatal(err)
	}
	notes, err := orm.Objects[Slot](db).OrderByNames("shelf", "place").All(ctx)
	if err != nil || len(notes) != 3 || notes[0].Note+notes[1].Note+notes[2].Note != "ABc" {
		t.Errorf("composite keys: %v, %v", notes, err)
	}
}

// testUpsert checks that existing rows are updated and others inserted, and that objects hold their rows afterwards.
func testUpsert(t *testing.T, s suite) {
	db, ctx := s.tables(t, stock{}), t.Context()
	old := products(t, db, 3)
	old[0].Count = 7
	if err := db.SaveAll(ctx, old[:1], "count"); err != nil {
		t.Fatal(err)
	}
	first := product(t, db, "0")
	list := []*Product{{Slug: "0", Title: "zero", Small: 5}, {Slug: "new", Title: "n", Small: 6}, {Slug: "2", Title: "two"}}
	if err := db.Upsert(ctx, list, orm.Conflict{On: []string{"slug"}, Update: []string{"title"}}); err != nil {
		t.Fatal(err)
	}
	if p := list[0]; p.ID != first.ID || p.Count != 7 || p.Small != 0 || p.Title != "zero" || p.Version != 3 || !p.CreatedAt.Equal(first.CreatedAt) {
		t.Errorf("an existing row: got %+v, it was %+v", p, first)
	}
	if p := product(t, db, "new"); p.ID != list[1].ID || p.Small != 6 || p.Version != 1 || list[1].Version != 1 {
		t.Errorf("a new row: got %+v and %+v", p, list[1])
	}
	all := &Product{Slug: "0", Title: "all", Small: 9}
	if err := db.Upsert(ctx, all, orm.Conflict{On: []string{"slug"}}); err != nil || all.Count != 0 || all.ID != first.ID {
		t.Errorf("every column: %+v, %v", all, err)
	}
	if p := product(t, db, "0"); p.Small != 9 || p.Count != 0 || p.Version != 4 || !p.CreatedAt.Equal(first.CreatedAt) {
		t.Errorf("every column: %+v", p)
	}
	on := orm.Conflict{On: []string{"slug"}}
	one := int64(1)
	if err := db.Create(ctx, &Product{Slug: "coded", Barcode: &one}); err != nil {
		t.Fatal(err)
	}
	wantBulkError(t, "another constraint", db.Upsert(ctx, []*Product{{Slug: "fresh"}, {Slug: "1", Barcode: &one}}, on), 1, "unique")
	if n, err := orm.Objects[Product](db).Where("slug", "fresh").Count(ctx); err != nil || n != 0 {
		t.Errorf("%d rows of a failed statement, %v", n, err)
	}
	wantBulkError(t, "only another constraint", db.Upsert(ctx, []*Product{{Slug: "fresh"}, {Slug: "newer", Barcode: &one}}, on), 1, "unique")
	if p := product(t, db, "coded"); *p.Barcode != 1 || p.Version != 1 {
		t.Errorf("the row of another constraint was changed: %+v", p)
	}
	wantBulkError(t, "twice", db.Upsert(ctx, []*Product{{Slug: "x"}, {Slug: "x"}}, on), 1, "same slug as element 0")
	wantBulkError(t, "null", db.Upsert(ctx, []*Product{{Slug: "x"}}, orm.Conflict{On: []string{"barcode"}}), 0, "barcode is NULL")
	err := db.Upsert(ctx, list, orm.Conflict{On: []string{"title"}})
	if err == nil || !strings.Contains(err.Error(), `no unique constraint of stock.Product is on "title"; there are: id; slug; barcode`) {
		t.Errorf("no constraint: got %v", err)
	}
	slots := []*Slot{{1, 1, "a"}, {1, 2, "b"}}
	for range 2 {
		slots[0].Note += "+"
		if err := db.Upsert(ctx, slots, orm.Conflict{On: []string{"place", "shelf"}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := (&Slot{Shelf: 1, Place: 1}); db.Refresh(ctx, got) != nil || got.Note != "a++" {
		t.Errorf("composite key: %+v", got)
	}
}

// testCreateMissing checks that rows which would break a unique constraint are left out, and no others.
func testCreateMissing(t *testing.T, s suite) {
	db, ctx := s.tables(t, stock{}), t.Context()
	products(t, db, 2)
	code := int64(5)
	list := []*Product{{Slug: "0", Title: "new"}, {Slug: "a", Barcode: &code}, {Slug: "a"}, {Slug: "b", Barcode: &code}, {Slug: "c"}}
	if err := db.CreateMissing(ctx, list); err != nil {
		t.Fatal(err)
	}
	slugs, err := orm.Objects[Product](db).OrderByNames("slug").All(ctx)
	var got []string
	for _, p := range slugs {
		got = append(got, p.Slug+p.Title)
	}
	if err != nil || strings.Join(got, " ") != "0old 1old a c" {
		t.Errorf("got %v, %v", got, err)
	}
	wantBulkError(t, "invalid", db.CreateMissing(ctx, []*Product{{Slug: "d"}, {}}), 1, "slug")
}

// testVersions checks that objects whose row has been written since they were read are refused.
func testVersions(t *testing.T, s suite) {
	db, ctx := s.tables(t, stock{}), t.Context()
	p := &Product{Slug: "a"}
	if err := db.Create(ctx, p); err != nil || p.Version != 1 {
		t.Fatalf("version %d, %v", p.Version, err)
	}
	mine, yours := *p, *p
	mine.Title = "mine"
	if err := db.Save(ctx, &mine); err != nil || mine.Version != 2 {
		t.Fatalf("version %d, %v", mine.Version, err)
	}
	yours.Title = "yours"
	for name, err := range map[string]error{"Save": db.Save(ctx, &yours), "SaveFields": db.SaveFields(ctx, &yours, "title")} {
		stale, ok := errors.AsType[*orm.StaleError](err)
		if !ok || stale.Version != 1 || stale.Stored != 2 || stale.PK != p.ID || stale.Object != &yours || yours.Version != 1 {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n, err := orm.Objects[Product](db).Where("slug", "a").Dynamic().Update(ctx, map[string]any{"count": 3}); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if _, ok := errors.AsType[*orm.StaleError](db.Save(ctx, &mine)); !ok {
		t.Error("an update of the query did not count the version up")
	}
	if err := db.Refresh(ctx, &mine, "version"); err != nil || mine.Version != 3 || mine.Count != 0 {
		t.Errorf("refreshed: %+v, %v", mine, err)
	}
	if err := db.SaveFields(ctx, &mine, "title"); err != nil || mine.Version != 4 {
		t.Errorf("version %d, %v", mine.Version, err)
	}
	if got := product(t, db, "a"); got.Title != "mine" || got.Count != 3 || got.Version != 4 {
		t.Errorf("got %+v", got)
	}
	if err := db.SaveFields(ctx, &mine, "version"); err == nil || !strings.Contains(err.Error(), "cannot be changed") {
		t.Errorf("a version by hand: got %v", err)
	}
	if err := db.Save(ctx, &Product{ID: 99, Slug: "x", Version: 1}); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("no row: got %v", err)
	}
}

// testKeysThatExist checks that Create never updates and Save never inserts.
func testKeysThatExist(t *testing.T, s suite) {
	db, ctx := s.tables(t, stock{}), t.Context()
	p := products(t, db, 1)[0]
	broken, ok := errors.AsType[*orm.IntegrityError](db.Create(ctx, &Product{ID: p.ID, Slug: "again"}))
	if !ok || broken.Kind != orm.IntegrityUnique {
		t.Errorf("Create with a key that exists: got %v", broken)
	}
	if err := db.Create(ctx, &Product{ID: 500, Slug: "chosen"}); err != nil || product(t, db, "chosen").ID != 500 {
		t.Errorf("Create with a key of the program: %v", err)
	}
	if err := db.Save(ctx, &Product{ID: 600, Slug: "none", Version: 1}); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("Save with a key without a row: got %v", err)
	}
	clone := *product(t, db, "0")
	clone.ID, clone.Slug, clone.Version = 0, "clone", 0
	if err := db.Create(ctx, &clone); err != nil || clone.ID == p.ID || clone.Version != 1 {
		t.Errorf("a clone: %+v, %v", clone, err)
	}
}

// testRaces checks that 64 goroutines which get, create and update one row at the same time create it once, without an error
// and without a lost change, inside and outside of transactions.
func testRaces(t *testing.T, s suite) {
	db := s.tables(t, stock{})
	plain := func(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
	inside := func(ctx context.Context, fn func(context.Context) error) error {
		return db.Atomic(ctx, fn, orm.Retry(10))
	}
	for name, run := range map[string]func(context.Context, func(context.Context) error) error{"plain": plain, "inside": inside} {
		q := orm.Objects[Product](db).Where("slug", name)
		var created atomic.Int64
		race(t, func(ctx context.Context) error {
			won := false
			err := run(ctx, func(ctx context.Context) (err error) {
				_, won, err = orm.GetOrCreate(ctx, q, func() *Product { return &Product{Slug: name} })
				return err
			})
			if err == nil && won {
				created.Add(1)
			}
			return err
		})
		if n, err := q.Count(t.Context()); err != nil || n != 1 || created.Load() != 1 {
			t.Errorf("%s: GetOrCreate: %d rows, created %d times, %v", name, n, created.Load(), err)
		}
		q = orm.Objects[Product](db).Where("slug", name+" counted")
		race(t, func(ctx context.Context) error {
			return run(ctx, func(ctx context.Context) error {
				_, _, err := orm.UpdateOrCreate(ctx, q, func(p *Product) { p.Slug, p.Count = name+" counted", p.Count+1 })
				return err
			})
		})
		if p, err := q.Get(t.Context()); err != nil || p.Count != 64 {
			t.Errorf("%s: UpdateOrCreate: %+v, %v", name, p, err)
		}
	}
}

// race runs fn in 64 goroutines at the same time.
func race(t *testing.T, fn func(ctx context.Context) error) {
	t.Helper()
	var group sync.WaitGroup
	start := make(chan struct{})
	for range 64 {
		group.Go(func() {
			<-start
			if err := fn(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	group.Wait()
}
