package orm_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/orm"
)

// Everything that the function does with its context takes effect, or nothing.
func ExampleDB_Atomic() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	err := db.Atomic(ctx, func(ctx context.Context) error {
		if err := db.Create(ctx, &Tune{Title: "Nuages", Key: "G"}); err != nil {
			return err
		}
		return errors.New("changed my mind")
	})
	n, _ := orm.Objects[Tune](db).Count(ctx)
	fmt.Println(err, n)
	// Output:
	// changed my mind 0
}

// Inside Atomic, Atomic is a savepoint: an error undoes the inner part only.
func ExampleDB_Atomic_savepoint() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	err := db.Atomic(ctx, func(ctx context.Context) error {
		must(db.Create(ctx, &Tune{Title: "Nuages", Key: "G"}))
		err := db.Atomic(ctx, func(ctx context.Context) error {
			must(db.Create(ctx, &Tune{Title: "Minor Swing", Key: "Am"}))
			return db.Create(ctx, &Tune{Title: "Nuages", Key: "G"}) // exists
		})
		fmt.Println("undone:", err != nil)
		return nil
	})
	n, _ := orm.Objects[Tune](db).Count(ctx)
	fmt.Println(err, n)
	// Output:
	// undone: true
	// <nil> 1
}

// OnCommit is for effects that cannot be rolled back, such as sending mail.
func ExampleOnCommit() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	err := db.Atomic(ctx, func(ctx context.Context) error {
		orm.OnCommit(ctx, func(context.Context) error {
			_, err := fmt.Println("after the commit")
			return err
		})
		_ = db.Atomic(ctx, func(ctx context.Context) error {
			orm.OnCommit(ctx, func(context.Context) error {
				_, err := fmt.Println("never: the savepoint is rolled back")
				return err
			})
			return errors.New("rolled back")
		})
		fmt.Println("in the transaction")
		return nil
	})
	fmt.Println(err)
	// Output:
	// in the transaction
	// after the commit
	// <nil>
}

func ExampleWithObserver() {
	db, done := openTunes()
	defer done()
	ctx := orm.WithObserver(context.Background(), func(s orm.Statement) { fmt.Println(s.SQL, s.Args) })

	tune := &Tune{Title: "Nuages", Key: "G"}
	must(db.Create(ctx, tune))
	must(db.SaveFields(ctx, tune, "key"))
	// Output:
	// INSERT INTO "tunes_tune" ("title", "key", "composer_id") VALUES (?, ?, ?) [Nuages G <nil>]
	// UPDATE "tunes_tune" SET "key" = ? WHERE "id" = ? [G 1]
}

func ExampleDB_Observe() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()

	n := 0
	stop := db.Observe(func(orm.Statement) { n++ })
	must(db.CreateAll(ctx, []*Tune{{Title: "Nuages", Key: "G"}, {Title: "Minor Swing", Key: "Am"}}))
	stop()
	must(db.Create(ctx, &Tune{Title: "Djangology", Key: "G"}))
	fmt.Println(n, "statement")
	// Output:
	// 1 statement
}

func ExampleDB_Query() {
	db, done := openTunes()
	defer done()
	ctx := context.Background()
	must(db.CreateAll(ctx, []*Tune{{Title: "Nuages", Key: "G"}, {Title: "Minor Swing", Key: "Am"}}))

	rows, err := db.Query(ctx, `SELECT title FROM tunes_tune WHERE length(title) > ? ORDER BY title`, 8)
	must(err)
	defer rows.Close()
	for rows.Next() {
		var title string
		must(rows.Scan(&title))
		fmt.Println(title)
	}
	must(rows.Err())
	// Output:
	// Minor Swing
}
