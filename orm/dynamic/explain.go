package dynamic

import (
	"context"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Explain returns how the database runs the statement of the query, as text of the database's own form.
func (q Query) Explain(ctx context.Context) (string, error) {
	return q.ExplainWith(ctx, dialect.ExplainOptions{})
}

// ExplainWith is [Query.Explain] with options. One that the database lacks is an error. With Analyze the statement runs.
func (q Query) ExplainWith(ctx context.Context, options dialect.ExplainOptions) (string, error) {
	text, args, err := q.SQL()
	if err != nil {
		return "", err
	}
	return q.Compiled().Explain(ctx, compile.Statement{SQL: text, Args: args}, options)
}

// EstimatedCount returns about how many rows the query selects, without counting them where the database has statistics: those of
// the table if the query has no conditions. It is Count for other queries, and for a table that was never analyzed.
func (q Query) EstimatedCount(ctx context.Context) (int64, error) {
	if q.err == nil && !q.Limited() && q.query.Plain() {
		n, err := q.session.EstimateRows(ctx, q.query.Model.Table)
		if err != nil || n > 0 {
			return n, err
		}
	}
	return q.Count(ctx)
}
