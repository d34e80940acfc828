package compile_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
)

// standard is a database that has no capabilities: SQL as in the standard, with numbered arguments.
type standard struct{}

func (standard) Name() string             { return "standard" }
func (standard) Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
func (standard) Placeholder(n int) string { return "$" + strconv.Itoa(n) }
func (standard) MaxArguments() int        { return 100 }

// model is one without a Go type, as migrations have them.
func model(t *testing.T) *schema.Model {
	t.Helper()
	id := &schema.Field{Name: "id", Column: "id", Kind: schema.KindBigInt, PrimaryKey: true}
	odd := &schema.Field{Name: "odd", Column: `o"d d`, Kind: schema.KindText}
	at := &schema.Field{Name: "at", Column: "at", Kind: schema.KindDateTime}
	data := &schema.Field{Name: "data", Column: "data", Kind: schema.KindJSON}
	m := &schema.Model{App: "app", Name: "Thing", Table: "app_thing", Fields: []*schema.Field{id, odd, at, data}}
	for _, f := range m.Fields {
		f.Model = m
	}
	var models registry.Registry
	if err := models.Add(m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestModelWithoutGoType(t *testing.T) {
	t.Parallel()
	q := &compile.Query{
		Model: model(t), Order: []compile.Order{compile.ParseOrder("-odd")}, Limit: 3,
		Where: []compile.Node{{Op: compile.Lookup, Path: "id__in", Value: "1,2,3"}, {Op: compile.Lookup, Path: "odd", Value: "x"}},
	}
	got, err := compile.Select(standard{}, q)
	if err != nil {
		t.Fatal(err)
	}
	const want = `SELECT t0."id", t0."o""d d", t0."at", t0."data" FROM "app_thing" AS t0 WHERE t0."id" IN ($1, $2, $3) AND t0."o""d d" = $4 ORDER BY t0."o""d d" DESC LIMIT 3`
	if got.SQL != want {
		t.Errorf("got  %s\nwant %s", got.SQL, want)
	}
	if args := []any{int64(1), int64(2), int64(3), "x"}; !slices.Equal(got.Args, args) {
		t.Errorf("got %v, want %v", got.Args, args)
	}
}

func TestMissingCapability(t *testing.T) {
	t.Parallel()
	for path, feature := range map[string]string{"odd__icontains": "lookups in text", "at__month": "parts of dates", "data__a": "lookups in JSON"} {
		q := &compile.Query{Model: model(t), Where: []compile.Node{{Op: compile.Lookup, Path: path, Value: "1"}}}
		_, err := compile.Select(standard{}, q)
		var missing *dialect.UnsupportedError
		if !errors.As(err, &missing) || missing.Feature != feature || missing.Database != "standard" {
			t.Errorf("%s: error %v", path, err)
		}
	}
}

func TestParseOrder(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]compile.Order{
		"a": {Path: "a"}, "+a": {Path: "a"}, "-a__b": {Path: "a__b", Desc: true}, "--a": {Path: "-a", Desc: true}, "": {}, "?": {Path: "?"},
	} {
		if got := compile.ParseOrder(text); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}

// blind is a database that cannot read the table that an UPDATE changes.
type blind struct{ standard }

func (blind) ReadsTarget() bool { return false }

func TestUpdateReadsAnotherTable(t *testing.T) {
	t.Parallel()
	m := model(t)
	q := &compile.Query{Model: m, Where: []compile.Node{
		{Op: compile.Lookup, Path: "id__in", Value: &compile.Query{Model: m, Where: []compile.Node{{Op: compile.Lookup, Path: "odd", Value: "x"}}}},
	}}
	set := []compile.Set{{Name: "odd", Value: "y"}}
	const where = ` WHERE t0."id" IN (SELECT t1."id" FROM "app_thing" AS t1 WHERE t1."o""d d" = $2)`
	for d, want := range map[dialect.Dialect]string{
		standard{}: `UPDATE "app_thing" AS t0 SET "o""d d" = $1` + where,
		blind{}: `UPDATE "app_thing" AS t0 SET "o""d d" = $1 WHERE t0."id" IN (SELECT * FROM (SELECT DISTINCT t0."id" FROM "app_thing" AS t0` +
			where + `) AS listed)`,
	} {
		got, err := compile.Update(d, q, set)
		if err != nil || got.SQL != want {
			t.Errorf("got  %s, %v\nwant %s", got.SQL, err, want)
		}
	}
}
