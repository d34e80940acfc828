package load

import (
	"context"
	"database/sql"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Explain returns how the database runs a statement of the query. A result of one column is lines of text; another
// one has a line for each row, with the values separated by tabs, below the names of the columns.
func (q Query) Explain(ctx context.Context, s compile.Statement, options dialect.ExplainOptions) (string, error) {
	if err := q.ready(ctx); err != nil {
		return "", err
	}
	prefix, err := dialect.ExplainQuery(q.Session.Dialect(), options)
	if err != nil {
		return "", err
	}
	rows, err := q.Session.Reader(ctx).QueryContext(ctx, prefix+s.SQL, s.Args...)
	if err != nil {
		return "", q.failed(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return "", q.failed(err)
	}
	var b strings.Builder
	if len(names) > 1 {
		b.WriteString(strings.Join(names, "\t") + "\n")
	}
	values, into := make([]sql.NullString, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return "", q.failed(err)
		}
		for i, v := range values {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(v.String)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n"), q.failed(rows.Err())
}
