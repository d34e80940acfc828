package modelforms_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/url"
	"os"
	"path/filepath"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Band is the model of the examples.
type Band struct {
	ID      int64
	Name    string `gorm:"size:20;uniqueIndex"`
	Founded int    `gorm:"type:integer"`
}

// Fields configures validation.
func (b *Band) Fields(f *orm.Fields) { orm.Describe(f, &b.Founded).Validate(orm.AtLeast(1900)) }

type bands struct{}

func (bands) Name() string  { return "bands" }
func (bands) Models() []any { return []any{&Band{}} }

// openBands returns a database with the table of bands, and a function that removes it.
func openBands() (*orm.DB, func()) {
	dir, err := os.MkdirTemp("", "bands")
	if err != nil {
		log.Fatal(err)
	}
	db := orm.MustOpen("sqlite:///"+filepath.Join(dir, "bands.sqlite3"), sqlite.Driver)
	if err := errors.Join(migrate.Register(db, bands{}), migrate.CreateTables(context.Background(), db)); err != nil {
		log.Fatal(err)
	}
	return db, func() { _ = db.Close(); _ = os.RemoveAll(dir) }
}

// The form of a new object creates a row; in a view, Submit parses the request and saves.
func ExampleNew() {
	db, done := openBands()
	defer done()
	ctx := context.Background()

	var band Band
	form, err := modelforms.New(ctx, db, &band)
	if err != nil {
		log.Fatal(err)
	}
	if form.ParseValues(url.Values{"name": {"Quintette"}, "founded": {"1934"}}) {
		err = form.Save(ctx)
	}
	fmt.Println(band, err)
	// Output:
	// {1 Quintette 1934} <nil>
}

// Limits, validators and constraints of the model are reported at the fields, with codes.
func ExampleForm_Save() {
	db, done := openBands()
	defer done()
	ctx := context.Background()
	if err := db.Create(ctx, &Band{Name: "Quintette", Founded: 1934}); err != nil {
		log.Fatal(err)
	}
	for _, sent := range []url.Values{
		{"name": {"Quintette du Hot Club de France"}, "founded": {"1934"}},
		{"name": {"Le Hot Club"}, "founded": {"1834"}},
		{"name": {"Quintette"}, "founded": {"1934"}},
	} {
		form, err := modelforms.New(ctx, db, &Band{})
		if err != nil {
			log.Fatal(err)
		}
		if form.ParseValues(sent) {
			err = form.Save(ctx)
		}
		for _, name := range []string{"name", "founded"} {
			for _, m := range form.Errors()[name] {
				fmt.Printf("%s: %s: %s\n", name, m.Code, m)
			}
		}
	}
	// Output:
	// name: max_length: Please use at most 20 characters (this has 31).
	// founded: min_value: This must be at least 1900.
	// name: unique: A band with this name already exists.
}

// Of an existing object only edited fields are written.
func ExampleForm_Saved() {
	db, done := openBands()
	defer done()
	ctx := context.Background()
	band := &Band{Name: "Quintette", Founded: 1934}
	if err := db.Create(ctx, band); err != nil {
		log.Fatal(err)
	}
	form, err := modelforms.NewWithOptions(ctx, db, band, modelforms.Options{Exclude: []string{"founded"}})
	if err != nil {
		log.Fatal(err)
	}
	if form.ParseValues(url.Values{"name": {"Le Quintette"}}) {
		err = form.Save(ctx)
	}
	fmt.Println(form.Saved(), band.Founded, err)
	// Output:
	// [name] 1934 <nil>
}
