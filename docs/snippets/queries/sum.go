package queries

import (
	"context"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
)

// Oldest returns one value computed from all rows.
func Oldest(ctx context.Context, db *orm.DB) (int, error) {
	q := catalog.Books
	return orm.Aggregate(ctx, orm.From(db, q).Filter(q.OnShelf.Eq(true)), q.Year.Min())
}

// Line is a row of a report.
type Line struct {
	Author string `orm:"author__name"`
	Books  int64
	Latest int
}

// Report groups rows and computes values of each group.
func Report(ctx context.Context, db *orm.DB) ([]Line, error) {
	q := catalog.Books
	return orm.Select[Line](ctx, orm.From(db, q).
		GroupBy(q.Author().Name).
		Annotate("books", q.ID.Count()).
		Annotate("latest", q.Year.Max()).
		OrderByNames("-books", "author__name"))
}

// Busy annotates each row with a number of related ones, and filters by it.
func Busy(ctx context.Context, db *orm.DB) ([]*catalog.Author, error) {
	q := catalog.Authors
	return orm.From(db, q).
		Annotate("lent", q.Books().CountIf(q.Books().OnShelf.Eq(false))).
		Where("lent__gte", 1).
		OrderByNames("-lent", "name").
		All(ctx)
}
