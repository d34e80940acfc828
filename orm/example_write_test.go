package orm_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/orm"
)

func ExampleDB_Create() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	tune := &Tune{Title: "Nuages", Key: "G", Composer: &Composer{Name: "Django Reinhardt"}}
	must(db.Create(ctx, tune.Composer))
	must(db.Create(ctx, tune)) // takes the foreign key from the loaded object
	fmt.Println(tune.ID, *tune.ComposerID)

	err := db.Create(ctx, &Tune{Title: "N", Key: "sharp"})
	fmt.Println(err)

	err = db.Create(ctx, &Tune{Title: "Nuages", Key: "G"})
	if conflict, ok := errors.AsType[*orm.IntegrityError](err); ok {
		fmt.Println(conflict.Kind, conflict.Fields)
	}
	// Output:
	// 1 1
	// orm: tunes.Tune is not valid: key: Use at most 3 characters (this has 5).; title: Use at least 2 characters (this has 1).
	// unique [title]
}

func ExampleDB_Save() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	tune := &Tune{Title: "Nuages", Key: "G"}
	must(db.Create(ctx, tune))

	tune.Key = "Am"
	fmt.Println(db.Save(ctx, tune))
	fmt.Println(db.Save(ctx, &Tune{ID: 99, Title: "Clouds", Key: "G"}))
	// Output:
	// <nil>
	// orm: no tunes.Tune with key 99
}

// SaveFields writes and validates only the named fields, so it does not overwrite what others changed meanwhile.
func ExampleDB_SaveFields() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	must(db.Create(ctx, &Tune{Title: "Nuages", Key: "G"}))
	mine, err := orm.Objects[Tune](db).Get(ctx)
	must(err)
	_, err = db.Exec(ctx, `UPDATE tunes_tune SET title = 'Clouds'`)
	must(err)

	mine.Key = "Am"
	must(db.SaveFields(ctx, mine, "key"))

	must(db.Refresh(ctx, mine))
	fmt.Println(mine.Title, mine.Key)
	// Output:
	// Clouds Am
}

// CreateAll writes many rows with few statements, and returns the index of an object that is refused.
func ExampleDB_CreateAll() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	list := []*Tune{{Title: "Nuages", Key: "G"}, {Title: "Minor Swing", Key: "Am"}}
	must(db.CreateAll(ctx, list))
	fmt.Println(list[0].ID, list[1].ID)

	err := db.CreateAll(ctx, []Tune{{Title: "Djangology", Key: "G"}, {Title: "Nuages", Key: "G"}})
	if refused, ok := errors.AsType[*orm.BulkError](err); ok {
		conflict, _ := errors.AsType[*orm.IntegrityError](refused.Err)
		fmt.Println(refused.Index, conflict.Kind, conflict.Fields)
	}
	n, err := orm.Objects[Tune](db).Count(ctx)
	fmt.Println(n, err) // nothing of the second slice was inserted
	// Output:
	// 1 2
	// 1 unique [title]
	// 2 <nil>
}

func ExampleGetOrCreate() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	for range 2 {
		tune, created, err := orm.GetOrCreate(ctx, orm.Objects[Tune](db).Where("title", "Nuages"), func() *Tune {
			return &Tune{Title: "Nuages", Key: "G"}
		})
		must(err)
		fmt.Println(tune.ID, created)
	}
	// Output:
	// 1 true
	// 1 false
}

// UpdateOrCreate applies one function to the row, or to a new object if there is none.
func ExampleUpdateOrCreate() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	for _, key := range []string{"G", "Am"} {
		tune, created, err := orm.UpdateOrCreate(ctx, orm.Objects[Tune](db).Where("title", "Nuages"), func(t *Tune) {
			t.Title, t.Key = "Nuages", key
		})
		must(err)
		fmt.Println(tune.ID, tune.Key, created)
	}
	// Output:
	// 1 G true
	// 1 Am false
}

func ExampleDB_Refresh() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	tune := &Tune{Title: "Nuages", Key: "G"}
	must(db.Create(ctx, tune))

	tune.Title = "changed in memory only"
	must(db.Refresh(ctx, tune))
	fmt.Println(tune.Title)

	_, err := db.Delete(ctx, &Tune{ID: tune.ID})
	must(err)
	fmt.Println(errors.Is(db.Refresh(ctx, tune), orm.ErrNotFound))
	// Output:
	// Nuages
	// true
}

// A BeforeSave hook sets fields; Album has one that sets Slug.
func ExampleBeforeSaver() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	label := &RecordLabel{Name: "Swing"}
	must(db.Create(ctx, label))
	album := &Album{Title: "Pêche à la mouche", Year: 1953, Label: label}
	must(db.Create(ctx, album))
	fmt.Println(album.Slug)
	// Output:
	// pêche-à-la-mouche
}

func ExampleDB_Gorm() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	must(db.Create(ctx, &Tune{Title: "Nuages", Key: "G"}))

	var keys []string
	err := db.Gorm(ctx).Model(&Tune{}).Pluck("key", &keys).Error
	fmt.Println(keys, err)
	// Output:
	// [G] <nil>
}
