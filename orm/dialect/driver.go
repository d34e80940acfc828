package dialect

import (
	"context"
	"database/sql"

	"github.com/quintetgo/quintet/framework/check"
	"gorm.io/gorm"
)

// Driver opens one kind of database. Implementations are safe for concurrent use.
type Driver interface {
	// Name is the database's name, "sqlite".
	Name() string
	// Schemes are the schemes of database URLs that the driver opens, such as "sqlite".
	Schemes() []string
	// Open prepares connections to the database that a URL names. The URL's scheme is one of Schemes, in any case.
	Open(databaseURL string) (*Connection, error)
	// Example is a URL of the expected form, for messages.
	Example() string
}

// Connection is an open database: its pools, and what the driver knows about it. Its fields do not change.
type Connection struct {
	// Writer takes every transaction and every write. RowsAffected of its results counts the rows that a statement
	// matched, whether or not it changed them.
	Writer *sql.DB
	// Reader takes reads outside of transactions; it may be the same pool as Writer.
	Reader *sql.DB
	// Dialect is how the database writes SQL, with its capabilities.
	Dialect Dialect
	// Dialector opens GORM on this database; its pool is replaced.
	Dialector gorm.Dialector
	// Check reports what the driver or the files of the database lack; nil reports nothing. It must not wait for the database.
	Check func() []check.Problem
	// Backup writes a complete copy of the database, as of one point in time, to a file that does not exist yet, and
	// leaves no file after an error; nil means that the driver cannot.
	Backup func(ctx context.Context, path string) error
	// Close is called after both pools are closed; nil does nothing.
	Close func() error
	// Shell lists the programs that can open the database for a person to type SQL, the preferred one first.
	Shell []Program
}

// Program is a program with its arguments. Env are variables that it needs, NAME=VALUE, such as the one with the password:
// other users of the machine can read arguments.
type Program struct {
	Name      string
	Args, Env []string
}

// Conn runs statements: a *sql.DB, *sql.Conn or *sql.Tx.
type Conn interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// RowEstimator is implemented by dialects of databases that keep statistics about tables.
type RowEstimator interface {
	// EstimateRows returns the number of rows of a table as of the last time that the database analyzed it, or 0 if it
	// never did. It does not count.
	EstimateRows(ctx context.Context, conn Conn, table string) (int64, error)
}

// TemporaryCreator is implemented by drivers that can create databases for tests.
type TemporaryCreator interface {
	// CreateTemporary creates an empty place for tables on the server of the database that a URL names: a database, or a
	// schema of that database. It returns the URL of the place, and drop, which removes it with all of its tables.
	CreateTemporary(ctx context.Context, databaseURL string) (temporaryURL string, drop func(ctx context.Context) error, err error)
}
