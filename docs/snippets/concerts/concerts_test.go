package concerts_test

import (
	"context"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/docs/snippets/concerts"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// evening returns a database with a venue and a concert there.
func evening(t *testing.T) (*orm.DB, *concerts.Concert) {
	t.Helper()
	db := ormtest.Open(t, concerts.App{})
	for _, problem := range db.Check() {
		t.Error(problem)
	}
	venue := &concerts.Venue{Name: "Salle Pleyel", Seats: 300}
	if err := db.Create(t.Context(), venue); err != nil {
		t.Fatal(err)
	}
	concert := &concerts.Concert{Title: "Minor Swing", Status: concerts.Planned, Price: "12.50", StartsAt: time.Now(), Venue: venue}
	if err := db.Create(t.Context(), concert); err != nil {
		t.Fatal(err)
	}
	return db, concert
}

func TestHooksFillAndRefuse(t *testing.T) {
	t.Parallel()
	db, concert := evening(t)
	if concert.Slug != "minor-swing" {
		t.Errorf("slug = %q", concert.Slug)
	}
	concert.Status = concerts.Sold
	if err := db.Save(t.Context(), concert); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Delete(t.Context(), concert); err == nil || !strings.Contains(err.Error(), "tickets") {
		t.Errorf("deleting: %v", err)
	}
}

func TestValidationNamesFields(t *testing.T) {
	t.Parallel()
	db, concert := evening(t)
	before := concert.StartsAt.Add(-time.Hour)
	concert.EndsAt, concert.Price = &before, "0.123"
	err := db.Save(t.Context(), concert)
	invalid, ok := errors.AsType[*orm.ValidationError](err)
	if !ok || len(invalid.Fields["ends_at"]) != 1 || len(invalid.Fields["price"]) != 1 {
		t.Errorf("saving: %v", err)
	}
}

func TestConstraintsAreKept(t *testing.T) {
	t.Parallel()
	db, concert := evening(t)
	again := &concerts.Concert{Title: "Nuages", Status: concerts.Planned, Price: "1", StartsAt: concert.StartsAt, Venue: concert.Venue}
	err := db.Create(t.Context(), again)
	broken, ok := errors.AsType[*orm.IntegrityError](err)
	if !ok || broken.Kind != orm.IntegrityUnique || !slices.Equal(broken.Fields, []string{"venue", "starts_at"}) {
		t.Errorf("creating: %v", err)
	}
	if _, err := db.Delete(t.Context(), concert.Venue); err == nil {
		t.Error("a protected venue was deleted")
	}
}

func TestThroughModel(t *testing.T) {
	t.Parallel()
	db, concert := evening(t)
	django := &concerts.Musician{Name: "Django"}
	if err := db.Create(t.Context(), django); err != nil {
		t.Fatal(err)
	}
	engagement := &concerts.Engagement{Concert: concert, Musician: django, Instrument: "guitar"}
	if err := db.Create(t.Context(), engagement); err != nil {
		t.Fatal(err)
	}
	q := concerts.Concerts
	found, err := orm.From(db, q).Filter(q.Players().Name.Eq("Django"), q.Engagements().Instrument.Eq("guitar")).Count(t.Context())
	if err != nil || found != 1 {
		t.Errorf("found %d, %v", found, err)
	}
}

// TestKindsOfTheGuide compares the table "| Go type | tag | kind |" of models.md with the fields of Sample.
func TestKindsOfTheGuide(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, concerts.App{})
	model, err := orm.ModelFor[concerts.Sample](db)
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../../models.md")
	if err != nil {
		t.Fatal(err)
	}
	for field := range reflect.TypeFor[concerts.Sample]().Fields() {
		typ := strings.ReplaceAll(field.Type.String(), "uint8", "byte")
		row := "| `" + typ + "` | "
		if tag := field.Tag.Get("gorm"); tag != "" {
			row += "`" + tag + "` "
		}
		described := model.Fields[slices.IndexFunc(model.Fields, func(f *orm.Field) bool { return f.GoName == field.Name })]
		row += "| " + described.Kind.String() + " |"
		if !strings.Contains(strings.ReplaceAll(string(guide), "|  |", "| |"), strings.ReplaceAll(row, "|  |", "| |")) {
			t.Errorf("models.md has no row %q", row)
		}
	}
}

func TestPlayersAreLoadedTogether(t *testing.T) {
	t.Parallel()
	db, concert := evening(t)
	player := &concerts.Musician{Name: "Django"}
	if err := db.Create(t.Context(), player); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(t.Context(), &concerts.Engagement{Concert: concert, Musician: player, Instrument: "guitar"}); err != nil {
		t.Fatal(err)
	}
	q := concerts.Concerts
	ormtest.WantQueries(t, 2, func(ctx context.Context) {
		if _, err := orm.From(db, q).Prefetch(q.Players()).All(ctx); err != nil {
			t.Error(err)
		}
	})
}
