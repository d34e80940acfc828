package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// things is an app whose second migration runs Go code.
type things struct {
	forward func(ctx context.Context, h *rows.History) error
}

func (things) Name() string { return "things" }
func (a things) Migrations() []m.Migration {
	return []m.Migration{
		{Name: "0001_initial", Operations: []m.Operation{
			m.CreateModel{Name: "Kind", Fields: []m.Field{m.BigAuto("id"), m.Char("name", 20)}},
			m.CreateModel{Name: "Thing", Fields: []m.Field{
				m.BigAuto("id"), m.Char("title", 50), m.Char("slug", 50), m.Bool("live"), m.Decimal("price", 8, 2), m.DateTime("at").Null(),
				m.Date("day").Null(), m.JSON("data"), m.Float("score"), m.Duration("took"), m.UUID("key"), m.Binary("raw"),
				m.ForeignKey("kind", "things.Kind").Null(),
			}},
			rows.RunGo{Forward: func(ctx context.Context, h *rows.History) error {
				kind := rows.Row{"name": "tune"}
				if err := h.Create(ctx, "things.Kind", kind); err != nil {
					return err
				}
				for i := range 1203 { // more than two chunks
					err := h.Create(ctx, "things.Thing", rows.Row{
						"title": fmt.Sprintf("Thing %d", i), "slug": "", "live": i%2 == 0, "price": "1.50", "at": time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC),
						"day": time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), "data": map[string]any{"i": i}, "score": 0.5, "took": time.Second,
						"key": "123e4567-e89b-12d3-a456-426614174000", "raw": []byte{0, 1}, "kind_id": kind["id"],
					})
					if err != nil {
						return err
					}
				}
				return nil
			}, Backward: rows.NoOp},
		}},
		{Name: "0002_slugs", Depends: []m.Dependency{m.On("things", "0001_initial")}, Operations: []m.Operation{rows.RunGo{Forward: a.forward, Backward: rows.NoOp}}},
	}
}

func TestRunGoFillsSlugs(t *testing.T) {
	t.Parallel()
	db := open(t, "")
	type thing struct {
		ID          int64
		Title, Slug string
		Live        bool
		At          *time.Time
		KindID      *int64
	}
	seen := 0
	app := things{func(ctx context.Context, h *rows.History) error {
		for x, err := range rows.Each[thing](ctx, h, "things.Thing", "slug", "", "live", true) {
			if err != nil {
				return err
			}
			seen++
			x.Slug = strings.ToLower(strings.ReplaceAll(x.Title, " ", "-"))
			if x.KindID == nil || !x.At.Equal(time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)) {
				return fmt.Errorf("read %+v", x)
			}
			if err := h.Save(ctx, "things.Thing", &x, "slug"); err != nil {
				return err
			}
		}
		for row, err := range h.Rows(ctx, "things.Thing", "id", 1) {
			if err != nil {
				return err
			}
			want := rows.Row{
				"id": int64(1), "title": "Thing 0", "slug": "thing-0", "live": true, "price": "1.50", "score": 0.5, "took": time.Second,
				"key": "123e4567-e89b-12d3-a456-426614174000", "kind_id": int64(1), "data": `{"i":0}`,
			}
			for name, value := range want {
				if row[name] != value {
					return fmt.Errorf("%s is %#v, want %#v", name, row[name], value)
				}
			}
			if day, ok := row["day"].(time.Time); !ok || day.Format(time.DateOnly) != "2026-01-02" {
				return fmt.Errorf("day is %#v", row["day"])
			}
			if raw, ok := row["raw"].([]byte); !ok || len(raw) != 2 {
				return fmt.Errorf("raw is %#v", row["raw"])
			}
		}
		n, err := h.Count(ctx, "things.Thing", "slug", "")
		if err != nil || n != 601 {
			return fmt.Errorf("%d without a slug, %w", n, err)
		}
		n, err = h.Delete(ctx, "things.Thing", "live", false)
		if err != nil || n != 601 {
			return fmt.Errorf("%d deleted, %w", n, err)
		}
		return nil
	}}
	if err := migrate.Up(t.Context(), db, app); err != nil {
		t.Fatal(err)
	}
	if seen != 602 {
		t.Errorf("%d rows were read, want 602", seen)
	}
}

func TestInvalidRunGo(t *testing.T) {
	t.Parallel()
	type wrong struct {
		ID    int64
		Titel string
	}
	type narrow struct {
		ID int64
		At time.Time
	}
	for name, tc := range map[string]struct {
		forward func(ctx context.Context, h *rows.History) error
		want    string
	}{
		"struct field": {func(ctx context.Context, h *rows.History) error {
			for _, err := range rows.Each[wrong](ctx, h, "things.Thing") {
				return err
			}
			return nil
		}, `struct field Titel: model things.Thing has no field "titel" at this point of the migrations; did you mean "title"?`},
		"filter": {func(ctx context.Context, h *rows.History) error {
			_, err := h.Count(ctx, "things.Thing", "slgu", "")
			return err
		}, `did you mean "slug"?`},
		"model": {func(ctx context.Context, h *rows.History) error {
			return h.Create(ctx, "things.Thng", rows.Row{})
		}, `did you mean "things.Thing"?`},
		"row that is gone": {func(ctx context.Context, h *rows.History) error {
			return h.Save(ctx, "things.Thing", rows.Row{"id": 99999, "slug": "x"})
		}, "there is no row with id 99999"},
		"NULL in a plain field": {func(ctx context.Context, h *rows.History) error {
			if _, err := h.Exec(ctx, "UPDATE things_thing SET at = NULL"); err != nil {
				return err
			}
			for _, err := range rows.Each[narrow](ctx, h, "things.Thing") {
				return err
			}
			return errors.New("nothing happened")
		}, "the row holds NULL, which time.Time cannot hold; use *time.Time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := migrate.Up(t.Context(), open(t, ""), things{tc.forward})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// pairs is an app whose rows have a key of two parts.
type pairs struct {
	forward func(ctx context.Context, h *rows.History) error
}

func (pairs) Name() string { return "pairs" }
func (a pairs) Migrations() []m.Migration {
	return []m.Migration{{Name: "0001_initial", Operations: []m.Operation{
		m.CreateModel{Name: "Seat", Fields: []m.Field{m.Int("row").PrimaryKey(), m.Int("number").PrimaryKey(), m.Char("guest", 20)}},
		rows.RunGo{Forward: a.forward},
	}}}
}

func TestRunGoCompositeKeys(t *testing.T) {
	t.Parallel()
	db := open(t, "")
	seen := 0
	err := migrate.Up(t.Context(), db, pairs{func(ctx context.Context, h *rows.History) error {
		for i := range 1300 { // chunks end within a row
			if err := h.Create(ctx, "pairs.Seat", rows.Row{"row": i / 700, "number": i % 700, "guest": ""}); err != nil {
				return err
			}
		}
		for seat, err := range h.Rows(ctx, "pairs.Seat") {
			if err != nil {
				return err
			}
			seen++
			seat["guest"] = fmt.Sprintf("%d-%d", seat["row"], seat["number"])
			if err := h.Save(ctx, "pairs.Seat", seat, "guest"); err != nil {
				return err
			}
		}
		return nil
	}})
	if err != nil || seen != 1300 {
		t.Fatalf("saw %d rows, %v", seen, err)
	}
	if wrong := column(t, db, "SELECT count(*) FROM pairs_seat WHERE guest <> row || '-' || number"); wrong[0] != "0" {
		t.Errorf("%s rows hold what another one should", wrong[0])
	}
}

func TestRunGoRefusesInvalidTimes(t *testing.T) {
	t.Parallel()
	db := open(t, "")
	migrations := onlyMigrations{[]m.Migration{
		{Name: "0001_initial", Operations: []m.Operation{m.CreateModel{Name: "Event", Fields: []m.Field{m.BigAuto("id"), m.DateTime("at"), m.Decimal("price", 8, 2)}}}},
		{Name: "0002_read", Depends: []m.Dependency{m.On("lib", "0001_initial")}, Operations: []m.Operation{rows.RunGo{Forward: func(ctx context.Context, h *rows.History) error {
			for row, err := range h.Rows(ctx, "lib.Event") {
				if err != nil {
					return err
				}
				if row["price"] != "9.50" || !row["at"].(time.Time).Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) {
					return fmt.Errorf("got %v", row)
				}
			}
			return nil
		}, Backward: rows.NoOp}}},
	}}
	if err := migrate.To(t.Context(), db, "lib", "0001", migrations); err != nil {
		t.Fatal(err)
	}
	exec(t, db, "INSERT INTO lib_event (at, price) VALUES ('2026-01-02 03:04:05+00:00', 9.5)")
	if err := migrate.Up(t.Context(), db, migrations); err != nil {
		t.Fatal(err)
	}
	if err := migrate.To(t.Context(), db, "lib", "0001", migrations); err != nil {
		t.Fatal(err)
	}
	exec(t, db, "UPDATE lib_event SET at = '31/12/2025 10:00'")
	if err := migrate.Up(t.Context(), db, migrations); err == nil || !strings.Contains(err.Error(), `holds "31/12/2025 10:00", which is not a time`) {
		t.Errorf("got %v", err)
	}
}
