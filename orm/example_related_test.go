package orm_test

import (
	"context"
	"fmt"
)

func ExampleDB_Related() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	label := &RecordLabel{Name: "Swing"}
	must(db.Create(ctx, label))
	album := &Album{Title: "Djangologie", Year: 1935, Label: label}
	must(db.Create(ctx, album))
	nuages, swing := &Tune{Title: "Nuages", Key: "G"}, &Tune{Title: "Minor Swing", Key: "Am"}
	must(db.CreateAll(ctx, []*Tune{nuages, swing}))

	onAlbum := db.Related(album, "tunes")
	must(onAlbum.Add(ctx, nuages, swing.ID)) // objects or keys
	fmt.Println(onAlbum.IDs(ctx))

	must(onAlbum.Remove(ctx, nuages))
	fmt.Println(onAlbum.IDs(ctx))

	must(db.Related(nuages, "albums").Add(ctx, album)) // from the other side
	fmt.Println(onAlbum.IDs(ctx))
	// Output:
	// [1 2] <nil>
	// [2] <nil>
	// [2 1] <nil>
}

// Set links exactly the objects it is given.
func ExampleRelated_Set() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	composer := &Composer{Name: "Django Reinhardt"}
	must(db.Create(ctx, composer))
	list := []*Tune{{Title: "Nuages", Key: "G"}, {Title: "Minor Swing", Key: "Am"}, {Title: "Djangology", Key: "G"}}
	must(db.CreateAll(ctx, list))

	composed := db.Related(composer, "tunes") // a reverse relation: changes the foreign key of the tunes
	must(composed.Set(ctx, list[:2]))
	fmt.Println(composed.IDs(ctx))
	must(composed.Set(ctx, list[2]))
	fmt.Println(composed.IDs(ctx))
	must(composed.Clear(ctx))
	fmt.Println(composed.IDs(ctx))
	// Output:
	// [1 2] <nil>
	// [3] <nil>
	// [] <nil>
}
