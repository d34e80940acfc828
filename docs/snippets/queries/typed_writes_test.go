package queries_test

import (
	"testing"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
)

// Typed columns assign values in UpdateReturning and CreateFrom.
func TestTypedWrites(t *testing.T) {
	t.Parallel()
	db := library(t)
	q := catalog.Books
	books, err := orm.From(db, q).Filter(q.Year.Lt(1895)).OrderBy(q.Year.Asc()).UpdateReturning(t.Context(), q.Year.SetTo(q.Year.Add(1000)))
	if err != nil || len(books) != 2 || books[0].Year != 2890 {
		t.Fatalf("got %v, %v", books, err)
	}
	s := catalog.Subjects
	n, err := orm.From(db, s).CreateFrom(t.Context(), orm.From(db, q).Filter(q.Year.Gt(2000)), s.Name.SetTo(q.Author().Name))
	if err != nil || n != 2 {
		t.Errorf("created %d, %v", n, err)
	}
	if _, err := orm.From(db, s).CreateFrom(t.Context(), orm.From(db, q), s.Name.SetTo(s.Name)); err == nil {
		t.Error("columns of the target were taken as values of the source")
	}
}
