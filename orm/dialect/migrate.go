package dialect

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// Step is one step of a plan of changes. Its String is the SQL, or a comment, that shows it.
type Step interface{ String() string }

// Planner is implemented by dialects that can change tables. Planning needs no connection.
type Planner interface {
	// Plan returns the steps that lead from the old to the new form of all tables, in order. Tables that reference others
	// are dropped before those, and listed after them.
	Plan(changes []TableChange) ([]Step, error)
	// Script returns the SQL that is shown before and after the steps of a migration: how the transaction begins and ends.
	Script() (before, after []string)
}

// Executor is implemented by dialects whose [Planner] plans can be run. A driver that cannot roll back changes of tables
// keeps at least other processes from migrating at the same time.
type Executor interface {
	// Transact runs fn on one connection, in a transaction where the database can change tables in one, while no other
	// process migrates. waiting, which may be nil, is called once if another process has to be waited for, for as long as
	// ctx allows. References that are broken afterwards are an error.
	Transact(ctx context.Context, db *sql.DB, waiting func(), fn func(conn Conn) error) error
	// Execute runs the steps of one operation inside of Transact. Steps come from Plan of the same dialect.
	Execute(ctx context.Context, conn Conn, steps []Step) error
}

// Previewer is implemented by dialects whose steps have effects on what no migration describes, such as indexes and
// triggers made by hand.
type Previewer interface {
	// NewPreview returns a preview of steps that a database will run. known are the names of the indexes that migrations
	// created.
	NewPreview(conn Conn, known []string) Preview
}

// Preview follows tables through steps. It changes nothing.
type Preview interface {
	// Step returns lines about the effects of the next step.
	Step(ctx context.Context, step Step) ([]string, error)
}

// ErrNoTable is returned by [Introspector.Table] for a table that does not exist.
var ErrNoTable = errors.New("the table does not exist")

// Introspector is implemented by dialects that can read what tables a database has.
type Introspector interface {
	// Tables returns the names of the tables of the database, sorted. Views and the database's own tables are left out.
	Tables(ctx context.Context, conn Conn) ([]string, error)
	// HasTable reports whether the database has a table of that name.
	HasTable(ctx context.Context, conn Conn, name string) (bool, error)
	// Table returns the description of a table, its indexes sorted by name, or [ErrNoTable]. Types that the
	// database stores alike come back as one of them; an expression in an index is a column without a name.
	Table(ctx context.Context, conn Conn, name string) (*Table, error)
}

// PartialError is returned by [Executor.Transact] where an error has left changes that the database cannot undo.
type PartialError struct {
	Err  error
	Kept []string // the statements whose changes remain, in order
}

// Error returns the text of the error, and lists what remains.
func (e *PartialError) Error() string {
	return e.Err.Error() + "\n    the database cannot undo changes of tables; these remain:\n        " + strings.Join(e.Kept, "\n        ")
}

// Unwrap returns the error itself.
func (e *PartialError) Unwrap() error { return e.Err }
