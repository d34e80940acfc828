// Package queries asks the tutorial's library everything that the guide on queries tells.
package queries

import (
	"context"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// Recent finds the titles of a few recent books on the shelf.
func Recent(ctx context.Context, db *orm.DB) ([]string, error) {
	q := catalog.Books
	books, err := orm.From(db, q).
		Filter(q.OnShelf.Eq(true), q.Year.Gte(1900)).
		Exclude(q.Title.StartsWith("The ")).
		OrderBy(q.Year.Desc(), q.Title.Asc()).
		Limit(10).
		All(ctx)
	if err != nil {
		return nil, err
	}
	var titles []string
	for _, book := range books {
		titles = append(titles, book.Title)
	}
	return titles, nil
}

// Combine joins conditions with or and not, and keeps a query to build upon.
func Combine(ctx context.Context, db *orm.DB, words string) (all, old int64, err error) {
	q := catalog.Books
	found := orm.From(db, q).Filter(orm.Or(
		q.Title.IContains(words),
		q.Author().Name.IContains(words).And(q.OnShelf.Eq(true)),
	))
	if all, err = found.Count(ctx); err != nil {
		return 0, 0, err
	}
	old, err = found.Filter(orm.Not(q.Year.Gte(1900))).Count(ctx) // found itself is unchanged
	return all, old, err
}

// SameOrAny shows what one call of Filter means for a to-many relation, and what two mean.
func SameOrAny(ctx context.Context, db *orm.DB) (same, separate int64, err error) {
	q := catalog.Authors
	authors := orm.From(db, q)
	if same, err = authors.Filter(q.Books().Year.Lt(1900), q.Books().OnShelf.Eq(true)).Count(ctx); err != nil {
		return 0, 0, err
	}
	separate, err = authors.Filter(q.Books().Year.Lt(1900)).Filter(q.Books().OnShelf.Eq(true)).Count(ctx)
	return same, separate, err
}

// ByName asks with strings, for code that learns names at run time.
func ByName(ctx context.Context, db *orm.DB) (int64, error) {
	books := dynamic.From(db, "catalog.Book").
		Where("author__name__icontains", "lagerlöf").
		Filter(dynamic.Or(dynamic.Is("year__lt", 1900), dynamic.Is("added_at__year", 2026))).
		OrderBy("-year")
	return books.Count(ctx)
}

// Mixed puts a lookup by name into a typed query.
func Mixed(db *orm.DB) orm.Query[catalog.Book] {
	return orm.From(db, catalog.Books).Where("subjects__name__in", []string{"Novel", "Travel"})
}

// Without finds authors without a book of the year, by a query within the query.
func Without(ctx context.Context, db *orm.DB, year int) (int64, error) {
	q, b := catalog.Authors, catalog.Books
	wrote := orm.From(db, b).Filter(b.AuthorID.EqOuter(q.ID), b.Year.Eq(year))
	return orm.From(db, q).Exclude(orm.Exists(wrote)).Count(ctx)
}

// Loaded fetches relations along with the rows.
func Loaded(ctx context.Context, db *orm.DB) ([]*catalog.Book, error) {
	q := catalog.Books
	return orm.From(db, q).
		SelectRelated(q.Author()). // one statement, joined
		Prefetch(q.Subjects()).    // one more statement for all rows
		All(ctx)
}

// Few prefetches some of the related rows, in an order of their own.
func Few(ctx context.Context, db *orm.DB) ([]*catalog.Book, error) {
	q, s := catalog.Books, catalog.Subjects
	subjects := orm.From(db, s).Filter(s.Name.StartsWith("N")).OrderBy(s.Name.Desc())
	return orm.From(db, q).PrefetchQuery(q.Subjects(), subjects).All(ctx)
}

// Shelves prints books one by one, without holding them all.
func Shelves(ctx context.Context, db *orm.DB, show func(title string)) error {
	for book, err := range orm.From(db, catalog.Books).Iter(ctx) {
		if err != nil {
			return err
		}
		show(book.Title)
	}
	return nil
}

func init() {
	orm.RegisterLookup(orm.CustomLookup{
		Name: "like", Kinds: []schema.Kind{schema.KindChar}, SQL: map[string]string{"": "$1 LIKE $2"},
	})
}
