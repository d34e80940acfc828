package executor

import (
	"context"
	"database/sql"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/ddl"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Create creates the tables of a state in an empty database, without migrations and without a record, for tests: those of the
// models for which hasTable returns true, or all if it is nil.
func Create(ctx context.Context, db *sql.DB, d dialect.Dialect, to *operations.State, hasTable func(model string) bool) error {
	can, err := capabilitiesOf(d)
	if err != nil {
		return err
	}
	tables, err := ddl.Change{Before: operations.NewState(nil), After: to, HasTable: hasTable}.Tables()
	if err != nil {
		return err
	}
	steps, err := can.Plan(tables)
	if err != nil {
		return err
	}
	return can.Transact(ctx, db, nil, func(conn dialect.Conn) error { return explained(d, can.Execute(ctx, conn, steps)) })
}

// explained returns an error of a database with the hint that its driver has for it, if any.
func explained(d dialect.Dialect, err error) error {
	if e, ok := d.(dialect.Explainer); ok && err != nil {
		if hint := e.Explain(err); hint != nil {
			return hint
		}
	}
	return err
}
