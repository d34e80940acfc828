package orm_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// flat has eight columns of the usual types.
type flat struct {
	ID        int64
	Title     string
	Body      string
	Status    string
	Views     int
	Score     float64
	Published bool
	CreatedAt time.Time
}

type flatApp struct{}

func (flatApp) Name() string  { return "bench" }
func (flatApp) Models() []any { return []any{&flat{}} }

func flatRows(b *testing.B) *orm.DB {
	b.Helper()
	db := ormtest.Open(b, flatApp{})
	for i := range 200 {
		row := &flat{
			Title: fmt.Sprintf("title %d", i), Body: "a body of some length", Status: "live", Views: i, Score: 1.5, Published: i%2 == 0,
			CreatedAt: time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC),
		}
		if err := db.SkipValidation().Create(b.Context(), row); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// Twenty rows of eight columns: the ORM, and the same by hand.
func BenchmarkSelect20(b *testing.B) {
	db := flatRows(b)
	b.Run("orm", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, err := orm.Objects[flat](db).Where("status", "live").Where("views__gte", 20).OrderByNames("-id").Limit(20).All(b.Context())
			if err != nil || len(rows) != 20 {
				b.Fatal(len(rows), err)
			}
		}
	})
	text, args, err := orm.Objects[flat](db).Where("status", "live").Where("views__gte", 20).OrderByNames("-id").Limit(20).SQL()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, err := db.Query(b.Context(), text, args...)
			if err != nil {
				b.Fatal(err)
			}
			list := make([]*flat, 0, 20)
			for rows.Next() {
				f := &flat{}
				var created string
				if err := rows.Scan(&f.ID, &f.Title, &f.Body, &f.Status, &f.Views, &f.Score, &f.Published, &created); err != nil {
					b.Fatal(err)
				}
				if f.CreatedAt, err = time.Parse("2006-01-02 15:04:05.999999999-07:00", created); err != nil {
					b.Fatal(err)
				}
				list = append(list, f)
			}
			if err := rows.Err(); err != nil || len(list) != 20 {
				b.Fatal(len(list), err)
			}
			rows.Close()
		}
	})
}

func BenchmarkGet(b *testing.B) {
	db := flatRows(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := orm.Objects[flat](db).Where("id", 7).Get(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	db := ormtest.Open(b, people.App{}, fixture.App{})
	q := fixture.Posts
	b.ReportAllocs()
	for b.Loop() {
		_, _, err := orm.From(db, q).Filter(q.Author().Name.IContains("x"), q.Tags().Name.In("a", "b"), q.Published.Eq(true)).OrderBy(q.CreatedAt.Desc()).Limit(20).SQL()
		if err != nil {
			b.Fatal(err)
		}
	}
}
