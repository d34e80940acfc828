package orm_test

import (
	"context"
	"fmt"
	"log"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// record fills the tables of the examples below.
func record(ctx context.Context, db *orm.DB) {
	django, err := orm.Objects[Composer](db).Where("name", "Django Reinhardt").Get(ctx)
	if err != nil {
		django = &Composer{Name: "Django Reinhardt"}
		err = db.Create(ctx, django)
	}
	for _, tune := range []Tune{{Title: "Nuages", Key: "G"}, {Title: "Minor Swing", Key: "Am"}, {Title: "Djangology", Key: "G"}} {
		if err == nil {
			tune.ComposerID = &django.ID
			err = db.Create(ctx, &tune)
		}
	}
	if err == nil {
		err = db.Create(ctx, &Tune{Title: "Trad. Åland waltz", Key: "D"})
	}
	if err != nil {
		log.Fatal(err)
	}
}

func show(tunes []*Tune, err error) {
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range tunes {
		fmt.Println(t.Title)
	}
}

// Lookups follow relations by double underscores; the lookup comes last.
func ExampleQuery_Where() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	record(ctx, db)

	tunes := orm.Objects[Tune](db).OrderByNames("title")
	show(tunes.Where("composer__name__icontains", "django").Where("key", "G").All(ctx))
	show(tunes.Where("title__icontains", "ÅLAND").All(ctx)) // in any script
	show(tunes.WhereNot("composer__name", "Django Reinhardt").All(ctx))
	_, err := tunes.Where("titel", "Nuages").All(ctx)
	fmt.Println(err)
	// Output:
	// Djangology
	// Nuages
	// Trad. Åland waltz
	// Trad. Åland waltz
	// orm: Tune: lookup "titel": no field "titel"; did you mean "title"? Choices: albums, composer, composer_id, id, key, title
}

// Conditions are values, to be combined at will.
func ExampleOr() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	record(ctx, db)

	inG, traditional := orm.Lookup[Tune]("key", "G"), orm.Lookup[Tune]("composer", nil)
	tunes := orm.Objects[Tune](db).OrderByNames("title")
	show(tunes.Filter(orm.Or(inG, traditional)).All(ctx))
	show(tunes.Filter(inG.Or(traditional).Not()).All(ctx))
	// Output:
	// Djangology
	// Nuages
	// Trad. Åland waltz
	// Minor Swing
}

// Related objects come along when they are asked for, never behind one's back.
func ExampleQuery_SelectRelatedNames() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	record(ctx, db)

	tune, err := orm.Objects[Tune](db).SelectRelatedNames("composer").Where("title", "Nuages").Get(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tune.Composer.Name)
	// Output: Django Reinhardt
}

// A grouped query gives rows of the caller's shape.
func ExampleSelect() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	record(ctx, db)

	type row struct {
		Key   string
		Tunes int64
	}
	query := dynamic.From(db, "tunes.Tune").GroupBy("key").Annotate("tunes", dynamic.Count("id")).OrderBy("-tunes", "key")
	rows, err := dynamic.Select[row](ctx, query)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rows)
	// Output: [{G 2} {Am 1} {D 1}]
}

// An annotation counts each row's own related rows.
func ExampleQuery_Annotate() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	record(ctx, db)

	rows, err := dynamic.From(db, "tunes.Composer").
		Annotate("in_g", dynamic.Count("tunes").Where(dynamic.Is("tunes__key", "G"))).
		Where("in_g__gt", 1).Values(ctx, "name", "in_g")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rows)
	// Output: [map[in_g:2 name:Django Reinhardt]]
}

// Pages never overlap, and know what a template needs.
func ExamplePaginate() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	record(ctx, db)

	page, err := orm.Paginate(ctx, orm.Objects[Tune](db).OrderByNames("key"), 2, 3)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Items[0].Title, page.Number, "of", page.Pages, page.HasNext(), page.Range())
	// Output: Djangology 2 of 2 false [1 2]
}

// Update computes in the database.
func ExampleQuery_Update() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	record(ctx, db)

	n, err := dynamic.From(db, "tunes.Tune").Where("key__in", []string{"G", "D"}).Update(ctx, map[string]any{"key": "A", "composer": nil})
	fmt.Println(n, err)
	// Output: 3 <nil>
}
