package journal

import (
	"context"

	"github.com/quintetgo/quintet/orm"
)

// Find returns the articles that a reader searches for, the best matches first.
func Find(ctx context.Context, db *orm.DB, text string) ([]*Article, error) {
	return orm.From(db, Articles).
		Filter(Articles.Search(text)).
		OrderBy(Articles.SearchRank(text).Desc(), Articles.ID.Asc()).
		Limit(20).
		All(ctx)
}
