package orm_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Tune is a model: GORM's tags say what is stored, Fields says the rest.
type Tune struct {
	ID         int64
	Title      string `gorm:"size:100;uniqueIndex"`
	Key        string `gorm:"size:3"`
	ComposerID *int64
	Composer   *Composer
}

// Fields describes what tags cannot.
func (t *Tune) Fields(f *orm.Fields) {
	orm.Describe(f, &t.Title).Help("As on the record").Validate(orm.MinLen(2))
	orm.Describe(f, &t.Key).Default(func() string { return "C" })
	orm.FK(f, &t.Composer).OnDelete(orm.SetNull).Related("tunes")
}

// Composer wrote tunes.
type Composer struct {
	ID   int64
	Name string
}

type tunes struct{}

func (tunes) Name() string  { return "tunes" }
func (tunes) Models() []any { return []any{&Tune{}, &Composer{}} }

// openTunes gives a database with the models' tables, and what removes it.
func openTunes() (*orm.DB, func()) {
	dir, err := os.MkdirTemp("", "tunes")
	if err != nil {
		panic(err)
	}
	db := orm.MustOpen("sqlite:///"+filepath.Join(dir, "tunes.sqlite3"), sqlite.Driver)
	if err := errors.Join(migrate.Register(db, tunes{}), migrate.CreateTables(context.Background(), db)); err != nil {
		panic(err)
	}
	return db, func() { _ = db.Close(); _ = os.RemoveAll(dir) }
}

func ExampleDB_Create() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	tune := &Tune{Title: "Nuages", Key: "G", Composer: &Composer{Name: "Django Reinhardt"}}
	if err := db.Create(ctx, tune.Composer); err != nil {
		fmt.Println(err)
	}
	if err := db.Create(ctx, tune); err != nil {
		fmt.Println(err)
	}
	fmt.Println(tune.ID, *tune.ComposerID)

	err := db.Create(ctx, &Tune{Title: "N", Key: "sharp"})
	fmt.Println(err)

	var broken *orm.IntegrityError
	if err := db.Create(ctx, &Tune{Title: "Nuages", Key: "G"}); errors.As(err, &broken) {
		fmt.Println(broken.Kind, broken.Fields)
	}
	// Output:
	// 1 1
	// orm: tunes.Tune is not valid: key: Use at most 3 characters (this has 5).; title: Use at least 2 characters (this has 1).
	// unique [title]
}

func ExampleDB_Atomic() {
	db, done := openTunes()
	defer done()

	err := db.Atomic(context.Background(), func(ctx context.Context) error {
		orm.OnCommit(ctx, func(context.Context) { fmt.Println("stored") })
		if err := db.Create(ctx, &Tune{Title: "Nuages", Key: "G"}); err != nil {
			return err
		}
		// Inside Atomic, Atomic is a savepoint: what fails here can be left out.
		if err := db.Atomic(ctx, func(ctx context.Context) error {
			return db.Create(ctx, &Tune{Title: "Nuages", Key: "G"})
		}); err != nil {
			fmt.Println("left out")
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// left out
	// stored
	// <nil>
}

func ExampleDB_CollectDelete() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	composer := &Composer{Name: "Django Reinhardt"}
	_ = db.Create(ctx, composer)
	_ = db.Create(ctx, &Tune{Title: "Nuages", Key: "G", Composer: composer})

	plan, err := db.CollectDelete(ctx, composer)
	if err != nil {
		fmt.Println(err)
	}
	for _, group := range plan.Groups {
		fmt.Println("deletes", group.Count, group.Model)
	}
	for _, update := range plan.Updates {
		fmt.Println("empties", update.Count, update.Field)
	}
	deleted, err := plan.Execute(ctx)
	fmt.Println(deleted, err)
	// Output:
	// deletes 1 tunes.Composer
	// empties 1 tunes.Tune.composer
	// 1 rows: 1 tunes.Composer <nil>
}
