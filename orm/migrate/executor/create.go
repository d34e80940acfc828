package executor

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/quintetgo/quintet/orm/migrate/plan"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// Create makes all tables of a state in an empty database, without migrations and without a record. Tests use it.
func Create(ctx context.Context, db *sql.DB, dialect string, to *state.State) error {
	planner, err := plan.For(dialect)
	if err != nil {
		return err
	}
	statements, err := planner.Plan(plan.Change{Before: state.New(nil), After: to})
	if err != nil {
		return err
	}
	return transact(ctx, db, nil, func(conn *sql.Conn) error {
		e := executor{ctx: ctx, conn: conn, planner: planner, dialect: dialect, kept: map[*plan.Rebuild][]object{}, beyond: map[*plan.Rebuild]extras{}}
		for _, s := range statements {
			if err := e.run(s); err != nil {
				return fmt.Errorf("%w\n%s", err, s)
			}
		}
		return nil
	})
}
