package compile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

type dialect struct{ name string }

func (d dialect) Name() string           { return d.name }
func (dialect) Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
func (dialect) Placeholder(int) string   { return "?" }

// model is one without a Go type, as migrations have them.
func model(t *testing.T) *schema.Model {
	t.Helper()
	id := &schema.Field{Name: "id", Column: "id", Kind: schema.KindBigInt, PrimaryKey: true}
	odd := &schema.Field{Name: "odd", Column: `o"d d`, Kind: schema.KindText}
	m := &schema.Model{App: "app", Name: "Thing", Table: "app_thing", Fields: []*schema.Field{id, odd}}
	for _, f := range m.Fields {
		f.Model = m
	}
	var registry schema.Registry
	if err := registry.Add(m); err != nil {
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
	got, err := compile.Select(dialect{"sqlite"}, q)
	if err != nil {
		t.Fatal(err)
	}
	const want = `SELECT t0."id", t0."o""d d" FROM "app_thing" AS t0 WHERE t0."id" IN (?, ?, ?, ?) AND t0."o""d d" = ? ORDER BY t0."o""d d" DESC LIMIT ?`
	if got.SQL != want {
		t.Errorf("got  %s\nwant %s", got.SQL, want)
	}
	if args := []any{int64(1), int64(2), int64(3), int64(3), "x", int64(3)}; !slices.Equal(got.Args, args) {
		t.Errorf("got %v, want %v", got.Args, args)
	}
}

func TestUnknownDatabase(t *testing.T) {
	t.Parallel()
	if _, err := compile.Select(dialect{"oracle"}, &compile.Query{Model: model(t)}); err == nil || !strings.Contains(err.Error(), `"oracle"`) {
		t.Errorf("error %v", err)
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
