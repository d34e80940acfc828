package queries

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
)

// Acquire stores a book with its author and subjects, wholly or not at all.
func Acquire(ctx context.Context, db *orm.DB, name string, book *catalog.Book, subjects ...any) error {
	return db.Atomic(ctx, func(ctx context.Context) error {
		q := catalog.Authors
		author, _, err := orm.GetOrCreate(ctx, orm.From(db, q).Filter(q.Name.Eq(name)), func() *catalog.Author {
			return &catalog.Author{Name: name}
		})
		if err != nil {
			return err
		}
		book.Author = author // Create fills AuthorID
		if err := db.Create(ctx, book); err != nil {
			return err
		}
		return db.Related(book, "subjects").Set(ctx, subjects...)
	})
}

// Rename changes one field of one row.
func Rename(ctx context.Context, db *orm.DB, book *catalog.Book, title string) error {
	book.Title = title
	return db.SaveFields(ctx, book, "title") // Save writes every column
}

// Correct changes many rows with one statement: no validation, no hooks.
func Correct(ctx context.Context, db *orm.DB) (int64, error) {
	q := catalog.Books
	return orm.From(db, q).Filter(q.Year.Gt(2100)).Update(ctx, q.Year.SetTo(q.Year.Sub(1000)), q.OnShelf.Set(false))
}

// Remove deletes an author, or returns the reason for which that is refused.
func Remove(ctx context.Context, db *orm.DB, author *catalog.Author) (string, error) {
	deleted, err := db.Delete(ctx, author)
	if protected, ok := errors.AsType[*orm.ProtectedError](err); ok {
		return fmt.Sprintf("%d books refer to the author", len(protected.Protected[0].Objects)), nil
	}
	return deleted.String(), err
}

// Lend marks a book as lent, and tells people once that is certain.
func Lend(ctx context.Context, db *orm.DB, slug string, tell func(title string) error) error {
	return db.Atomic(ctx, func(ctx context.Context) error {
		q := catalog.Books
		book, err := orm.From(db, q).Filter(q.Slug.Eq(slug), q.OnShelf.Eq(true)).Get(ctx)
		if err != nil {
			return err // nothing has happened
		}
		book.OnShelf = false
		if err := db.SaveFields(ctx, book, "on_shelf"); err != nil {
			return err
		}
		orm.OnCommit(ctx, func(context.Context) error { return tell(book.Title) })
		return nil
	})
}

// Explain turns the errors of the package into words.
func Explain(err error) string {
	if invalid, ok := errors.AsType[*orm.ValidationError](err); ok {
		return fmt.Sprint("wrong fields: ", len(invalid.Fields))
	}
	if broken, ok := errors.AsType[*orm.IntegrityError](err); ok && broken.Kind == orm.IntegrityUnique {
		return fmt.Sprint("exists already: ", broken.Fields)
	}
	if errors.Is(err, orm.ErrNotFound) {
		return "not there"
	}
	return err.Error()
}

// Plain leaves Quintet's queries for SQL and for GORM, in the same transaction.
func Plain(ctx context.Context, db *orm.DB) (titles []string, err error) {
	err = db.Atomic(ctx, func(ctx context.Context) error {
		if _, err := db.Exec(ctx, "UPDATE catalog_book SET on_shelf = ? WHERE year < ?", true, 1900); err != nil {
			return err
		}
		return db.Gorm(ctx).Model(&catalog.Book{}).Where("on_shelf").Order("title").Pluck("title", &titles).Error
	})
	return titles, err
}
