package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/sqlite/internal/ddl"
)

// sqliteDialect writes SQL for SQLite 3.35 and later.
type sqliteDialect struct{ ddl.Migrations }

var (
	_ dialect.FeatureChecker = sqliteDialect{}
	_ dialect.TextMatcher    = sqliteDialect{}
	_ dialect.DateExtractor  = sqliteDialect{}
	_ dialect.JSONQuerier    = sqliteDialect{}
	_ dialect.ListWriter     = sqliteDialect{}
	_ dialect.ColumnReader   = sqliteDialect{}
	_ dialect.Assigner       = sqliteDialect{}
	_ dialect.Calculator     = sqliteDialect{}
	_ dialect.Limiter        = sqliteDialect{}
	_ dialect.Locker         = sqliteDialect{}
	_ dialect.ResultKeyer    = sqliteDialect{}
	_ dialect.Sizer          = sqliteDialect{}
	_ dialect.Translator     = sqliteDialect{}
	_ dialect.Explainer      = sqliteDialect{}
	_ dialect.RowEstimator   = sqliteDialect{}
	_ dialect.Planner        = sqliteDialect{}
	_ dialect.Executor       = sqliteDialect{}
	_ dialect.Previewer      = sqliteDialect{}
	_ dialect.Introspector   = sqliteDialect{}
)

// Has implements [dialect.FeatureChecker].
func (sqliteDialect) Has(f dialect.Feature) bool {
	switch f {
	case dialect.PartialIndexes, dialect.ExpressionIndexes, dialect.StoredColumns, dialect.VirtualColumns:
		return true
	}
	return false
}

func (sqliteDialect) Name() string { return "sqlite" }

func (sqliteDialect) Quote(name string) string {
	if name == "" {
		return `""`
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func (sqliteDialect) Placeholder(int) string { return "?" }

func (sqliteDialect) MaxArguments() int { return 32766 }

// MaxStatement implements [dialect.Sizer] with SQLite's SQLITE_MAX_SQL_LENGTH.
func (sqliteDialect) MaxStatement() int { return 1_000_000 }

// Limit implements [dialect.Limiter]: SQLite has no OFFSET without a LIMIT.
func (sqliteDialect) Limit(w *dialect.Writer, limit, offset int) {
	if limit == 0 {
		limit = -1
	}
	w.Text(" LIMIT ")
	w.Int(limit)
	if offset > 0 {
		w.Text(" OFFSET ")
		w.Bind(int64(offset))
	}
}

// ResultHasKey implements [dialect.ResultKeyer]: a numbered primary key is the number of the row.
func (sqliteDialect) ResultHasKey() bool { return true }

// Lock implements [dialect.Locker]. A transaction locks the whole database when it begins, so there is nothing to write,
// and no other transaction's lock to wait for or to skip.
func (sqliteDialect) Lock(*dialect.Writer, dialect.Lock) error { return nil }

// ExplainQuery implements [dialect.PlanExplainer] with EXPLAIN QUERY PLAN, which does not measure.
func (d sqliteDialect) ExplainQuery(o dialect.ExplainOptions) (string, error) {
	switch {
	case o.Analyze:
		return "", dialect.Unsupported(d, "measuring a statement that it explains")
	case o.Format != "" && o.Format != "text":
		return "", dialect.UnknownFormat(d, o.Format, "text")
	case o.Verbose:
		return "EXPLAIN ", nil
	}
	return "EXPLAIN QUERY PLAN ", nil
}

// EstimateRows implements [dialect.RowEstimator] with the statistics of ANALYZE.
func (sqliteDialect) EstimateRows(ctx context.Context, conn dialect.Conn, table string) (int64, error) {
	analyzed, err := firstText(ctx, conn, "SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
	if err != nil || analyzed == "" {
		return 0, err
	}
	stat, err := firstText(ctx, conn, "SELECT stat FROM sqlite_stat1 WHERE tbl = ? ORDER BY idx IS NULL DESC LIMIT 1", table)
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(stat, " ")
	n, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0, nil //nolint:nilerr // a statistic of another form has no number of rows
	}
	return n, nil
}

// firstText reads one text, "" if there is no row.
func firstText(ctx context.Context, conn dialect.Conn, query string, args ...any) (text string, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if rows.Next() {
		var first sql.NullString
		if err := rows.Scan(&first); err != nil {
			return "", err
		}
		text = first.String
	}
	return text, rows.Err()
}
