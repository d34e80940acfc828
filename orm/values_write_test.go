package orm_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

func TestNilEmbeddedStructIsNull(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	empty, full := &Wrapped{Contact: nil}, &Wrapped{Contact: &Contact{Street: "Rue", Phone: "1", Born: time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC)}}
	var invalid *orm.ValidationError
	if err := db.Create(t.Context(), empty); !errors.As(err, &invalid) || len(invalid.Fields["phone"]) == 0 || len(invalid.Fields) != 1 {
		t.Fatalf("got %v, want an error of the field that the tag declares not null", err)
	}
	mustCreate(t, db, full)
	m, err := db.Model("vault.Wrapped")
	if err != nil {
		t.Fatal(err)
	}
	if !m.Lookup("street").Null || m.Lookup("phone").Null {
		t.Error("a field of a struct that may be nil takes NULL, unless its tag says otherwise")
	}
	if err := db.Create(t.Context(), &Wrapped{Contact: &Contact{Phone: "2"}}); !errors.As(err, &invalid) || len(invalid.Fields["street"]) == 0 {
		t.Errorf("got %v: where the struct is there, its fields are required", err)
	}
	if _, err := db.Exec(t.Context(), "UPDATE vault_wrapped SET street = NULL, born = NULL"); err != nil {
		t.Fatal(err)
	}
	got, err := orm.Objects[Wrapped](db).Where("street__isnull", true).Get(t.Context())
	if err != nil || got.Contact == nil || got.Phone != "1" || got.Street != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestNilEmbeddedStructIsReadAsNil(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	none := &Boxed{Name: "none"}
	mustCreate(t, db, none, &Boxed{Name: "some", Lid: &Lid{Color: "red", Wide: 3}})
	var stored any
	rows, err := db.Query(t.Context(), "SELECT color FROM vault_boxed WHERE name = 'none'")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		if err := rows.Scan(&stored); err != nil {
			t.Fatal(err)
		}
	}
	if rows.Close(); stored != nil {
		t.Errorf("stored %v, want NULL", stored)
	}
	for name, want := range map[string]string{"none": "", "some": "red"} {
		got, err := orm.Objects[Boxed](db).Where("name", name).Get(t.Context())
		if err != nil || (got.Lid != nil) != (want != "") || got.Lid != nil && got.Color != want {
			t.Fatalf("%s: got %+v, %v", name, got, err)
		}
		if err := db.Save(t.Context(), got); err != nil {
			t.Errorf("%s cannot be saved again: %v", name, err)
		}
		if err := db.Refresh(t.Context(), got); err != nil || (got.Lid != nil) != (want != "") {
			t.Errorf("%s: refreshed %+v, %v", name, got, err)
		}
	}
}

func TestBulkErrorsNameTheObject(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	mustCreate(t, db, &Keeper{Name: "k"}, &Crate{Code: "taken", OwnerID: 1})
	crates := func(n int, change func(c *Crate), at int) []*Crate {
		list := make([]*Crate, n)
		for i := range list {
			list[i] = &Crate{Code: "c" + strings.Repeat("x", i%5) + string(rune('A'+i/5%26)) + string(rune('a'+i/130)), OwnerID: 1}
		}
		change(list[at])
		return list
	}
	for name, tt := range map[string]struct {
		at     int
		change func(c *Crate)
		want   string
	}{
		"too long":            {417, func(c *Crate) { c.Code = "a code that is too long for its column, and for a line of a log as well" }, `code is "a code that is too long for its column, and for a line of a…`},
		"required":            {0, func(c *Crate) { c.Code = "" }, `code is ""`},
		"taken":               {599, func(c *Crate) { c.Code = "taken" }, `code is "taken"`},
		"twice in the list":   {3, func(c *Crate) { c.Code = "cAa" }, `code is "cAa"`},
		"no such owner":       {417, func(c *Crate) { c.OwnerID = 999 }, `owner is 999`},
		"no such spare":       {650, func(c *Crate) { spare := int64(-7); c.SpareID = &spare }, `spare is -7`},
		"taken, second chunk": {650, func(c *Crate) { c.Code = "taken" }, `code is "taken"`},
	} {
		list := crates(700, tt.change, tt.at)
		err := db.CreateAll(t.Context(), list)
		if bulk, ok := errors.AsType[*orm.BulkError](err); !ok || bulk.Index != tt.at || bulk.Object != any(list[tt.at]) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		var invalid *orm.ValidationError
		var broken *orm.IntegrityError
		if !errors.As(err, &invalid) && !errors.As(err, &broken) {
			t.Errorf("%s: the cause is lost: %v", name, err)
		}
		wantCount(t, dynamic.From(db, "vault.Crate"), 1, name)
	}
	papers := []*Paper{{Text: "1"}, {Text: "1", Raw: json.RawMessage("{")}}
	if err := db.CreateAll(t.Context(), papers); err == nil || !strings.Contains(err.Error(), `element 1 (from 0)`) || !strings.Contains(err.Error(), `raw is "{"`) {
		t.Errorf("JSON: got %v", err)
	}
}

func TestForeignKeyErrorsNameTheField(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	keeper, gone := &Keeper{Name: "k"}, int64(999)
	crate := &Crate{Code: "a", OwnerID: 1}
	mustCreate(t, db, keeper, crate, &Mark{Name: "m"})
	var broken *orm.IntegrityError
	for name, tt := range map[string]struct {
		field string
		write func(ctx context.Context) error
	}{
		"Create":               {"owner", func(ctx context.Context) error { return db.Create(ctx, &Crate{Code: "b", OwnerID: gone}) }},
		"Create, second field": {"spare", func(ctx context.Context) error { return db.Create(ctx, &Crate{Code: "b", OwnerID: 1, SpareID: &gone}) }},
		"Save":                 {"owner", func(ctx context.Context) error { return db.Save(ctx, &Crate{ID: 1, Code: "a", OwnerID: gone}) }},
		"SaveFields": {"spare", func(ctx context.Context) error {
			return db.SaveFields(ctx, &Crate{ID: 1, Code: "a", OwnerID: 1, SpareID: &gone}, "spare")
		}},
		"CreateAll": {"owner", func(ctx context.Context) error {
			return db.CreateAll(ctx, []*Crate{{Code: "b", OwnerID: 1}, {Code: "c", OwnerID: gone}})
		}},
		"many-to-many": {"marks", func(ctx context.Context) error { return db.Related(crate, "marks").Set(ctx, 1, gone) }},
		"beside a new row": {"owner", func(ctx context.Context) error {
			fresh := &Keeper{Name: "fresh"}
			if err := db.Create(ctx, fresh); err != nil {
				return err
			}
			return db.CreateAll(ctx, []*Crate{{Code: "b", OwnerID: fresh.ID}, {Code: "c", OwnerID: gone}})
		}},
	} {
		for how, run := range map[string]func(func(context.Context) error) error{
			"alone":            func(fn func(context.Context) error) error { return fn(t.Context()) },
			"in a transaction": func(fn func(context.Context) error) error { return db.Atomic(t.Context(), fn) },
			"in a savepoint": func(fn func(context.Context) error) error {
				return db.Atomic(t.Context(), func(ctx context.Context) error { return db.Atomic(ctx, fn) })
			},
		} {
			if name == "beside a new row" && how == "alone" {
				continue
			}
			err := run(tt.write)
			if !errors.As(err, &broken) || broken.Kind != orm.IntegrityForeignKey || strings.Join(broken.Fields, " ") != tt.field || broken.Model.Name != "Crate" {
				t.Errorf("%s %s: got %v (%v)", name, how, err, broken)
				continue
			}
			if messages := broken.FieldErrors()[tt.field]; len(messages) != 1 {
				t.Errorf("%s %s: messages %v", name, how, broken.FieldErrors())
			}
			if !strings.Contains(err.Error(), "999") {
				t.Errorf("%s %s: the key is missing in %v", name, how, err)
			}
		}
	}
	// An error that no recorded key explains names no field.
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		_, err := db.Exec(ctx, "DELETE FROM vault_keeper")
		return err
	})
	if !errors.As(err, &broken) || len(broken.Fields) > 0 {
		t.Errorf("got %v, want an error that names no field", err)
	}
}

func TestPublicMessageOfAViolatedConstraint(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	mustCreate(t, db, &Keeper{Name: "k"}, &Crate{Code: "a", OwnerID: 1})
	var broken *orm.IntegrityError
	if err := db.Create(t.Context(), &Crate{Code: "a", OwnerID: 1}); !errors.As(err, &broken) {
		t.Fatal(err)
	}
	if text := broken.PublicMessage().String(); !strings.Contains(text, "unique constraint") || !strings.Contains(text, "code of crate") || !strings.Contains(text, "already exists") {
		t.Errorf("got %q", text)
	}
}
