package orm_test

import (
	"context"
	"fmt"
	"log"

	"github.com/quintetgo/quintet/orm"
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

// Lookups follow relations by double underscores; the comparison is at the end.
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

// Conditions are values that can be kept and combined.
func ExampleLookup() {
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

// Related objects are loaded on request only.
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

// Rows that are equal in the order are ordered by primary key, so that pages never overlap.
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
