package orm_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/templates"
)

// page returns a function that renders a template as a project with the database does.
func page(t *testing.T, db *orm.DB, text string) func(items any) (string, error) {
	t.Helper()
	engine, err := templates.New(templates.Options{
		Sources: []templates.Source{{Name: "shop", FS: fstest.MapFS{"items.txt": {Data: []byte(text)}}}},
		Nil:     migrate.New(db).NilField,
	})
	if err != nil {
		t.Fatal(err)
	}
	return func(items any) (string, error) {
		var out bytes.Buffer
		err := engine.Render(&out, "items.txt", map[string]any{"items": items})
		return strings.TrimSpace(out.String()), err
	}
}

func stock(t *testing.T) *orm.DB {
	t.Helper()
	db := shop(t)
	a, b := &Maker{Name: "a"}, &Maker{Name: "b"}
	create(t, db, a, b)
	first := &Item{Title: "1", MakerID: a.ID, Status: "live"}
	create(t, db, first)
	create(t, db, &Item{Title: "2", MakerID: b.ID, Status: "live", SpareID: &first.ID}, &Item{Title: "3", MakerID: b.ID, Status: "live"})
	return db
}

func TestUnloadedRelationsInTemplates(t *testing.T) {
	t.Parallel()
	db := stock(t)
	items := orm.Objects[Item](db).OrderByNames("id")
	for _, text := range []string{
		"{{ range .items }}{{ .Maker.Name }} {{ end }}",
		"{{ range .items }}{{ .Maker }} {{ end }}",
		"{{ range .items }}{{ if .Maker }}yes {{ end }}{{ end }}",
		"{{ range .items }}{{ with .Maker }}{{ .Name }} {{ end }}{{ end }}",
		"{{ range .items }}{{ $m := .Maker }}{{ end }}",
	} {
		all, err := items.All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, err := page(t, db, text)(all)
		if err == nil {
			t.Errorf("%s: got %q without an error", text, got)
			continue
		}
		for _, want := range []string{"shop.Item.Maker is not loaded", "maker_id is 1", `SelectRelated or Prefetch of "maker"`, "items.txt"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q is not in %v", text, want, err)
			}
		}
	}
	const spares = "{{ range .items }}{{ if .Spare }}{{ .Spare.Title }}{{ else }}-{{ end }} {{ end }}"
	all, err := items.SelectRelatedNames("spare").All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := page(t, db, spares)(all); err != nil || got != "- 1 -" {
		t.Errorf("a foreign key that is NULL: got %q, %v", got, err)
	}
}

func TestFetchPeers(t *testing.T) {
	t.Parallel()
	db := stock(t)
	render := page(t, db, "{{ range .items }}{{ .Maker.Name }}{{ with .Spare }}{{ .Maker.Name }}{{ end }}{{ len .Labels }} {{ end }}")
	ormtest.WantQueries(t, 5, func(ctx context.Context) { // items; makers, spares, their makers, labels
		all, err := orm.Objects[Item](db).OrderByNames("id").FetchPeers().All(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := render(all); err != nil || got != "a0 ba0 b0" {
			t.Errorf("got %q, %v", got, err)
		}
		if got, err := render(all); err != nil || got != "a0 ba0 b0" { // without a further statement
			t.Errorf("again: got %q, %v", got, err)
		}
	})
}
