package orm_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

func TestInvalidStoredTime(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	at := time.Date(2026, 7, 1, 10, 20, 30, 123456000, time.UTC)
	mustCreate(t, db, &Instant{At: at, Maybe: &at, Wrap: sql.NullTime{Time: at, Valid: true}, Day: at, Off: &at, Clock: at})
	for _, column := range []string{"at", "maybe", "wrap", "day", "off", "clock"} {
		for _, bad := range []string{"31/12/2025 10:00", "2025-02-30", "", "tomorrow", "10:00", "10000-01-01 00:00:00+00:00", "0000-00-00"} {
			if column == "clock" && bad == "10:00" { // which is one
				continue
			}
			ctx := t.Context()
			if _, err := db.Exec(ctx, "CREATE TABLE backup AS SELECT * FROM vault_instant"); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(ctx, "UPDATE vault_instant SET "+column+" = ?", bad); err != nil {
				t.Fatal(err)
			}
			_, all := orm.Objects[Instant](db).All(ctx)
			_, values := dynamic.From(db, "vault.Instant").Values(ctx, column)
			_, greatest := dynamic.From(db, "vault.Instant").Aggregate(ctx, map[string]dynamic.Annotation{"m": dynamic.Max(column)})
			refreshed := db.Refresh(ctx, &Instant{ID: 1})
			for how, err := range map[string]error{"All": all, "Values": values, "Max": greatest, "Refresh": refreshed} {
				if err == nil || !strings.Contains(err.Error(), `"`+column+`" of the table "vault_instant"`) || !strings.Contains(err.Error(), `"`+bad+`"`) {
					t.Errorf("%s of %q in %s: got %v, want an error with table, column and value", how, bad, column, err)
				}
			}
			for _, statement := range []string{"DELETE FROM vault_instant", "INSERT INTO vault_instant SELECT * FROM backup", "DROP TABLE backup"} {
				if _, err := db.Exec(ctx, statement); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	got, err := orm.Objects[Instant](db).Get(t.Context())
	if err != nil || !got.At.Equal(at) || !got.Maybe.Equal(at) || !got.Wrap.Time.Equal(at) || got.Day.Format(time.DateOnly) != "2026-07-01" || got.Off.Day() != 1 || got.Clock.Hour() != 10 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTimesThatCannotBeStored(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	angeles, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Skip("no time zones on this machine") // nothing about them can be tried
	}
	row := &Instant{}
	mustCreate(t, db, row)
	for name, bad := range map[string]time.Time{
		"year 10000": time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "year 0": time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC), "year -5": time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC),
		"year 300000": time.Date(300000, 1, 1, 0, 0, 0, 0, time.UTC), "year 9999 that is 10000 in UTC": time.Date(9999, 12, 31, 23, 59, 0, 0, angeles),
		"year 1 that is 0 in UTC": time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600)),
	} {
		wantInvalid(t, db.Create(t.Context(), &Instant{At: bad}), "at", "Create "+name)
		wantInvalid(t, db.SkipValidation().Create(t.Context(), &Instant{At: bad}), "at", "Create without validation "+name)
		wantInvalid(t, db.Create(t.Context(), &Instant{Maybe: &bad}), "maybe", "pointer "+name)
		wantInvalid(t, db.Create(t.Context(), &Instant{Wrap: sql.NullTime{Time: bad, Valid: true}}), "wrap", "NullTime "+name)
		wantInvalid(t, db.CreateAll(t.Context(), []*Instant{{At: bad}}), "at", "CreateAll "+name)
		wantInvalid(t, db.Save(t.Context(), &Instant{ID: row.ID, At: bad}), "at", "Save "+name)
		wantInvalid(t, db.SaveFields(t.Context(), &Instant{ID: row.ID, At: bad}, "at"), "at", "SaveFields "+name)
		_, err := dynamic.From(db, "vault.Instant").Update(t.Context(), map[string]any{"at": bad})
		wantInvalid(t, err, "at", "Update "+name)
		wantLookup(t, dynamic.From(db, "vault.Instant").Where("at__lt", bad), "lookup "+name)
		if y := bad.Year(); y < 1 || y > 9999 {
			wantInvalid(t, db.Create(t.Context(), &Instant{Day: bad}), "day", "date "+name)
			wantInvalid(t, db.Create(t.Context(), &Instant{Off: &bad}), "off", "date pointer "+name)
		}
	}
	for _, good := range []time.Time{{}, time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC), time.Date(9999, 12, 31, 15, 59, 0, 0, angeles), time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)} {
		e := &Instant{At: good, Day: good}
		mustCreate(t, db, e)
		got, err := orm.Objects[Instant](db).Where("pk", e.ID).Get(t.Context())
		if err != nil || !got.At.Equal(good) || got.Day.Format(time.DateOnly) != good.Format(time.DateOnly) {
			t.Errorf("%v came back as %v, %v, %v", good, got.At, got.Day, err)
		}
	}
}

func TestPartsOfISOWeeks(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	for _, day := range []string{"2024-12-30", "2021-01-03", "2026-07-01", "2020-12-31"} {
		d, _ := time.Parse(time.DateOnly, day)
		mustCreate(t, db, &Instant{At: d.Add(12 * time.Hour), Day: d, Maybe: &d})
	}
	q := dynamic.From(db, "vault.Instant")
	for lookup, want := range map[string]int64{
		"day__iso_year=2025": 1, "day__iso_year=2020": 2, "at__iso_year=2020": 2, "at__iso_year__gte=2025": 2, "maybe__iso_year=2026": 1, "day__iso_year=99999999999999999999": 0,
		"day__iso_week_day=1": 1, "at__iso_week_day=7": 1, "at__iso_week_day__in=3,4": 2, "day__iso_week_day__range=1,3": 2, "day__week_day=1": 1,
	} {
		name, value, _ := strings.Cut(lookup, "=")
		wantCount(t, q.Where(name, value), want, lookup)
	}
	values, err := q.OrderBy("day").Values(t.Context(), "day__iso_year", "day__iso_week_day")
	if err != nil || values[0]["day__iso_year"] != int64(2020) || values[0]["day__iso_week_day"] != int64(4) {
		t.Errorf("Values: %v, %v", values, err)
	}
	wantCount(t, q.Where("at__date", "9999-12-31"), 0, "the last day of all")
	wantCount(t, q.Where("at__date__lt", "9999-12-31"), 4, "before the last day of all")
}

func TestDurationsFromText(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	m, err := db.Model("vault.Gauge")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]time.Duration{
		"15:30": 15*time.Minute + 30*time.Second, "30": 30 * time.Second, "4 days, 15:30:01": 111*time.Hour + 30*time.Minute + time.Second, "P1DT2H": 26 * time.Hour, "-1:00": -time.Minute, "1h30m": 90 * time.Minute,
	} {
		g := &Gauge{}
		if err := m.Lookup("took").Set(g, text); err != nil || g.Took != want {
			t.Errorf("%q: got %v, %v, want %v", text, g.Took, err, want)
		}
		mustCreate(t, db, g)
		wantCount(t, dynamic.From(db, "vault.Gauge").Where("pk", g.ID).Where("took", text), 1, text)
	}
	var refused *schema.ValueError
	if err := m.Lookup("took").Set(&Gauge{}, "soon"); !errors.As(err, &refused) {
		t.Errorf("soon: got %v", err)
	}
	wantLookup(t, dynamic.From(db, "vault.Gauge").Where("took__gt", "soon"), "soon")
}
