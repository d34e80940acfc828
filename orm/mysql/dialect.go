package mysql

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/mysql/internal/ddl"
)

// mysqlDialect writes SQL for MariaDB and MySQL.
type mysqlDialect struct {
	ddl.Migrations
	server *server
}

var (
	_ dialect.TextMatcher     = mysqlDialect{}
	_ dialect.DateExtractor   = mysqlDialect{}
	_ dialect.JSONQuerier     = mysqlDialect{}
	_ dialect.Calculator      = mysqlDialect{}
	_ dialect.Inserter        = mysqlDialect{}
	_ dialect.KeyStepper      = mysqlDialect{}
	_ dialect.Limiter         = mysqlDialect{}
	_ dialect.Locker          = mysqlDialect{}
	_ dialect.ConflictChecker = mysqlDialect{}
	_ dialect.RandomOrderer   = mysqlDialect{}
	_ dialect.Translator      = mysqlDialect{}
	_ dialect.Explainer       = mysqlDialect{}
	_ dialect.SizeChecker     = mysqlDialect{}
	_ dialect.RowEstimator    = mysqlDialect{}
	_ dialect.PlanExplainer   = mysqlDialect{}
	_ dialect.FeatureChecker  = mysqlDialect{}
	_ dialect.Planner         = mysqlDialect{}
	_ dialect.Executor        = mysqlDialect{}
	_ dialect.Introspector    = mysqlDialect{}
)

func (mysqlDialect) Name() string { return "mysql" }

func (mysqlDialect) Quote(name string) string { return ddl.Quote(name) }

func (mysqlDialect) Placeholder(int) string { return "?" }

func (mysqlDialect) MaxArguments() int { return 65535 }

// Has implements [dialect.FeatureChecker]. MySQL alone has some of the others, but a model should not depend on the
// server that it happens to run on.
func (mysqlDialect) Has(f dialect.Feature) bool {
	switch f {
	case dialect.PartialIndexes, dialect.StoredColumns, dialect.VirtualColumns, dialect.Comments, dialect.ExactDecimals:
		return true
	}
	return false
}

// noLimit is the LIMIT for all rows: there is no OFFSET without a LIMIT.
const noLimit = "18446744073709551615"

// Limit implements [dialect.Limiter].
func (mysqlDialect) Limit(w *dialect.Writer, limit, offset int) {
	w.Text(" LIMIT ")
	if limit > 0 {
		w.Int(limit)
	} else {
		w.Text(noLimit)
	}
	if offset > 0 {
		w.Text(" OFFSET ")
		w.Bind(int64(offset))
	}
}

// Lock implements [dialect.Locker]. FOR UPDATE is the only lock that keeps others from changing a row, so that it is
// written for NoKey too. MariaDB locks the rows of all tables of a query.
func (d mysqlDialect) Lock(w *dialect.Writer, l dialect.Lock) error {
	w.Text(" FOR UPDATE")
	if !d.server.version().mariaDB {
		for i, alias := range l.Of {
			if i == 0 {
				w.Text(" OF ")
			} else {
				w.Text(", ")
			}
			w.Text(alias)
		}
	}
	switch {
	case l.NoWait:
		w.Text(" NOWAIT")
	case l.SkipLocked:
		w.Text(" SKIP LOCKED")
	}
	return nil
}

// TxOptions implements [dialect.TxOptioner]. A transaction that only reads sees one point in time.
func (mysqlDialect) TxOptions(level sql.IsolationLevel, readOnly bool) (*sql.TxOptions, error) {
	if readOnly && level == sql.LevelDefault {
		level = sql.LevelRepeatableRead
	}
	if level == sql.LevelDefault {
		return nil, nil
	}
	return &sql.TxOptions{Isolation: level, ReadOnly: readOnly}, nil
}

// RandomOrder implements [dialect.RandomOrderer].
func (mysqlDialect) RandomOrder() string { return "RAND()" }

// DefaultValues implements [dialect.Inserter].
func (mysqlDialect) DefaultValues() string { return " () VALUES ()" }

// OnConflict implements [dialect.Inserter]. A row to skip is updated with a value that it has: INSERT IGNORE would also hide
// values that do not fit.
func (mysqlDialect) OnConflict(w *dialect.Writer, c dialect.Conflict) {
	separator := " ON DUPLICATE KEY UPDATE "
	for _, column := range c.Update {
		w.Text(separator)
		w.Name(column)
		w.Text(" = VALUES(")
		w.Name(column)
		w.Text(")")
		separator = ", "
	}
	for _, column := range c.Increment {
		w.Text(separator)
		w.Name(column)
		w.Text(" = ")
		w.Name(column)
		w.Text(" + 1")
		separator = ", "
	}
	if len(c.Update) == 0 && len(c.Increment) == 0 {
		w.Text(separator)
		column := firstColumn(w.SQL())
		w.Name(column)
		w.Text(" = ")
		w.Name(column)
	}
}

var insertColumns = regexp.MustCompile("^INSERT INTO (?:`(?:[^`]|``)+`|\\w+) \\((?:`((?:[^`]|``)+)`|(\\w+))")

// firstColumn returns the first column of an INSERT that was written with names of columns.
func firstColumn(insert string) string {
	found := insertColumns.FindStringSubmatch(insert)
	if found == nil {
		return ""
	}
	return strings.ReplaceAll(found[1], "``", "`") + found[2]
}

// KeySource implements [dialect.Inserter]: MariaDB has RETURNING. Both assign consecutive keys to the rows of one INSERT.
func (d mysqlDialect) KeySource() dialect.KeySource {
	if d.server.version().mariaDB {
		return dialect.KeysReturned
	}
	return dialect.KeysFromFirst
}

// ReadsTarget implements [dialect.TargetReader].
func (d mysqlDialect) ReadsTarget() bool { return d.server.version().mariaDB }

// KeyStep implements [dialect.KeyStepper]: servers of a cluster number their rows in steps.
func (d mysqlDialect) KeyStep() int64 { return max(1, d.server.version().keyStep) }

// EstimateRows implements [dialect.RowEstimator] with the statistics of the storage engine.
func (mysqlDialect) EstimateRows(ctx context.Context, conn dialect.Conn, table string) (n int64, err error) {
	rows, err := conn.QueryContext(ctx,
		"SELECT TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?", table)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if rows.Next() {
		var estimate sql.NullInt64
		if err := rows.Scan(&estimate); err != nil {
			return 0, err
		}
		n = estimate.Int64
	}
	return n, rows.Err()
}

// operators are those of whole numbers that SQL and this database write differently.
func wholeOperator(operator string) string {
	if operator == "/" {
		return "DIV"
	}
	return operator
}

// Calculate implements [dialect.Calculator].
func (mysqlDialect) Calculate(w *dialect.Writer, c dialect.Calculation) {
	operator := c.Operator
	if c.Type != dialect.TypeDecimal && c.Type != dialect.TypeFloat {
		operator = wholeOperator(operator)
	}
	w.Text("(")
	w.Put(c.Left)
	w.Text(" " + operator + " ")
	w.Put(c.Right)
	w.Text(")")
}

// Rounded implements [dialect.Calculator]: sums of decimals are exact.
func (mysqlDialect) Rounded(int) (before, after string) { return "", "" }

// isASCII reports whether the text has no character beyond ASCII.
func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0
}
