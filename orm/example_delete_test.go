package orm_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/orm"
)

func ExampleDB_Delete() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	label := &RecordLabel{Name: "Swing"}
	must(db.Create(ctx, label))
	album := &Album{Title: "Djangologie", Year: 1935, Label: label}
	must(db.Create(ctx, album))

	_, err := db.Delete(ctx, label) // albums protect their label
	if protected, ok := errors.AsType[*orm.ProtectedError](err); ok {
		fmt.Println(protected.Protected[0].Field, protected.Protected[0].Objects)
	}
	deleted, err := db.Delete(ctx, album)
	fmt.Println(deleted, err)
	_, err = db.Delete(ctx, album)
	fmt.Println(err)
	// Output:
	// tunes.Album.label [Djangologie]
	// 1 rows: 1 tunes.Album <nil>
	// orm: no tunes.Album with key 1
}

// CollectDelete shows what a deletion would do before it is done.
func ExampleDB_CollectDelete() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	composer := &Composer{Name: "Django Reinhardt"}
	must(db.Create(ctx, composer))
	must(db.Create(ctx, &Tune{Title: "Nuages", Key: "G", Composer: composer}))

	deletion, err := db.CollectDelete(ctx, composer)
	must(err)
	for _, group := range deletion.Groups {
		fmt.Println("deletes", group.Count, group.Model)
	}
	for _, update := range deletion.Updates {
		fmt.Println("clears", update.Field, "of", update.Count)
	}
	deleted, err := deletion.Execute(ctx)
	fmt.Println(deleted, err)
	// Output:
	// deletes 1 tunes.Composer
	// clears tunes.Tune.composer of 1
	// 1 rows: 1 tunes.Composer <nil>
}
