package orm_test

import (
	"fmt"
	"testing"
)

// The benchmarks compare writes with hand-written database/sql on the same pool: the aim is at most 1.15 times its time.

func BenchmarkCreate(b *testing.B) {
	db := shop(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		if err := db.Create(b.Context(), &Maker{Name: fmt.Sprint("maker ", i)}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCreateByHand(b *testing.B) {
	db := shop(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		m := Maker{Name: fmt.Sprint("maker ", i)}
		if err := db.Writer().QueryRowContext(b.Context(), `INSERT INTO "shop_maker" ("name") VALUES (?) RETURNING "id"`, m.Name).Scan(&m.ID); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSave(b *testing.B) {
	db := shop(b)
	m := &Maker{Name: "Selmer"}
	create(b, db, m)
	b.ReportAllocs()
	for b.Loop() {
		if err := db.Save(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSaveByHand(b *testing.B) {
	db := shop(b)
	m := &Maker{Name: "Selmer"}
	create(b, db, m)
	b.ReportAllocs()
	for b.Loop() {
		result, err := db.Writer().ExecContext(b.Context(), `UPDATE "shop_maker" SET "name" = ? WHERE "id" = ?`, m.Name, m.ID)
		if err != nil {
			b.Fatal(err)
		}
		if n, err := result.RowsAffected(); err != nil || n != 1 {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkCreateAll(b *testing.B) {
	db := shop(b)
	selmer := &Maker{Name: "Selmer"}
	create(b, db, selmer)
	b.ReportAllocs()
	for b.Loop() {
		reviews := make([]*Label, 500)
		for i := range reviews {
			reviews[i] = &Label{Name: "label"}
		}
		if err := db.CreateAll(b.Context(), reviews); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCreateWide inserts rows with 14 columns, a foreign key, validators and hooks.
func BenchmarkCreateWide(b *testing.B) {
	db := shop(b)
	selmer := &Maker{Name: "Selmer"}
	create(b, db, selmer)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		if err := db.Create(b.Context(), item(selmer, fmt.Sprint("item ", i))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSaveWide updates such a row.
func BenchmarkSaveWide(b *testing.B) {
	db := shop(b)
	selmer := &Maker{Name: "Selmer"}
	create(b, db, selmer)
	it := item(selmer, "item")
	create(b, db, it)
	b.ReportAllocs()
	for b.Loop() {
		if err := db.Save(b.Context(), it); err != nil {
			b.Fatal(err)
		}
	}
}
