package queries

import (
	"context"
	"log/slog"
	"time"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
)

// LogSlow returns a context that logs every statement that takes longer than a limit.
func LogSlow(ctx context.Context, limit time.Duration) context.Context {
	return orm.WithObserver(ctx, func(s orm.Statement) {
		if s.Took > limit {
			slog.WarnContext(ctx, "slow statement", "sql", s.SQL, "took", s.Took)
		}
	})
}

// AuthorsOneByOne reads the author of each book by a statement of its own. Do not do this.
func AuthorsOneByOne(ctx context.Context, db *orm.DB) ([]string, error) {
	books, err := orm.From(db, catalog.Books).All(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, book := range books {
		author, err := orm.From(db, catalog.Authors).Filter(catalog.Authors.ID.Eq(book.AuthorID)).Get(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, author.Name)
	}
	return names, nil
}

// AuthorsJoined reads the same in one statement.
func AuthorsJoined(ctx context.Context, db *orm.DB) ([]string, error) {
	books, err := orm.From(db, catalog.Books).SelectRelated(catalog.Books.Author()).All(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, book := range books {
		names = append(names, book.Author.Name)
	}
	return names, nil
}
