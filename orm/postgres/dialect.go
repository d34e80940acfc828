package postgres

import (
	"context"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/postgres/internal/ddl"
)

// postgresDialect writes SQL for PostgreSQL 13 and later.
type postgresDialect struct{ ddl.Migrations }

var (
	_ dialect.TextMatcher        = postgresDialect{}
	_ dialect.DateExtractor      = postgresDialect{}
	_ dialect.JSONQuerier        = postgresDialect{}
	_ dialect.ListWriter         = postgresDialect{}
	_ dialect.ParameterTyper     = postgresDialect{}
	_ dialect.Calculator         = postgresDialect{}
	_ dialect.Translator         = postgresDialect{}
	_ dialect.Explainer          = postgresDialect{}
	_ dialect.SizeChecker        = postgresDialect{}
	_ dialect.RowEstimator       = postgresDialect{}
	_ dialect.ConflictChecker    = postgresDialect{}
	_ dialect.TransactionAborter = postgresDialect{}
	_ dialect.FeatureChecker     = postgresDialect{}
	_ dialect.Planner            = postgresDialect{}
	_ dialect.Executor           = postgresDialect{}
	_ dialect.Introspector       = postgresDialect{}
	_ dialect.NullSorter         = postgresDialect{}
	_ dialect.PlanExplainer      = postgresDialect{}
)

func (postgresDialect) Name() string { return "postgres" }

func (postgresDialect) Quote(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func (postgresDialect) Placeholder(n int) string { return "$" + strconv.Itoa(n) }

func (postgresDialect) MaxArguments() int { return 65535 }

// ErrorsAbortTransaction implements [dialect.TransactionAborter].
func (postgresDialect) ErrorsAbortTransaction() bool { return true }

// NullsAreGreatest implements [dialect.NullSorter].
func (postgresDialect) NullsAreGreatest() bool { return true }

// Has implements [dialect.FeatureChecker]: generated columns that are not stored came with PostgreSQL 18.
func (postgresDialect) Has(f dialect.Feature) bool { return f != dialect.VirtualColumns }

// ExplainQuery implements [dialect.PlanExplainer].
func (d postgresDialect) ExplainQuery(o dialect.ExplainOptions) (string, error) {
	options := ""
	if o.Analyze {
		options += ", ANALYZE, BUFFERS"
	}
	if o.Verbose {
		options += ", VERBOSE"
	}
	switch o.Format {
	case "", "text", "json", "yaml", "xml":
		if o.Format != "" {
			options += ", FORMAT " + strings.ToUpper(o.Format)
		}
	default:
		return "", dialect.UnknownFormat(d, o.Format, "text", "json", "yaml", "xml")
	}
	if options == "" {
		return "EXPLAIN ", nil
	}
	return "EXPLAIN (" + options[2:] + ") ", nil
}

// EstimateRows implements [dialect.RowEstimator] with the statistics of VACUUM and ANALYZE.
func (postgresDialect) EstimateRows(ctx context.Context, conn dialect.Conn, table string) (n int64, err error) {
	rows, err := conn.QueryContext(
		ctx,
		"SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(quote_ident($1))",
		table,
	)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}
