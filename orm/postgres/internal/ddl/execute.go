package ddl

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/orm/dialect"
)

// statement is one step of a plan.
type statement struct {
	// sql is executed; with a guard it is a query instead.
	sql string
	// guard is the message with which the migration stops if the query sql returns a row.
	guard string
	// constraint is dropped, under the name that the database has for it.
	constraint *constraint
}

// constraint is a constraint without a name of the migrations'.
type constraint struct {
	table  string
	kind   constraintKind
	column string // the only column of a foreign key
}

type constraintKind string

// The kinds as pg_constraint has them.
const (
	primaryKey constraintKind = "p"
	foreignKey constraintKind = "f"
)

// String returns the statement as sqlmigrate shows it.
func (s statement) String() string {
	switch {
	case s.guard != "":
		return "-- must yield no row: " + s.sql + ";"
	case s.constraint == nil:
		return s.sql + ";"
	case s.constraint.kind == primaryKey:
		return fmt.Sprintf("-- the primary key of %q is dropped", s.constraint.table)
	}
	return fmt.Sprintf("-- the foreign key of column %q of %q is dropped", s.constraint.column, s.constraint.table)
}

// migrationLock are the numbers of the advisory lock that a process holds while it migrates the tables of a schema.
const migrationLock = "hashtext('quintet migrations'), hashtext(current_schema())"

// Transact implements [dialect.Executor]. The advisory lock ends with the transaction. A statement may take as long as it
// needs, whatever statement_timeout the database URL has.
func (Migrations) Transact(ctx context.Context, db *sql.DB, waiting func(), fn func(conn dialect.Conn) error) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.ExecContext(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
		return err
	}
	var locked bool
	if err := tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock("+migrationLock+")").Scan(&locked); err != nil {
		return err
	}
	if !locked {
		if waiting != nil {
			waiting()
		}
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock("+migrationLock+")"); err != nil {
			return fmt.Errorf("wait for another process that migrates: %w", err)
		}
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Execute implements [dialect.Executor]. Rows that earlier operations wrote are checked first: a table with checks that
// wait for the end of the transaction cannot be altered.
func (Migrations) Execute(ctx context.Context, conn dialect.Conn, steps []dialect.Step) error {
	if len(steps) == 0 {
		return nil
	}
	if _, err := conn.ExecContext(ctx, checkNow); err != nil {
		return err
	}
	for _, step := range steps {
		s, ok := step.(statement)
		if !ok {
			return fmt.Errorf("a step of another driver (%T) cannot be run on PostgreSQL", step)
		}
		if err := run(ctx, conn, s); err != nil {
			return err
		}
	}
	return nil
}

func run(ctx context.Context, conn dialect.Conn, s statement) error {
	switch {
	case s.constraint != nil:
		return drop(ctx, conn, *s.constraint)
	case s.guard != "":
		found := false
		if err := each(ctx, conn, func(*sql.Rows) error { found = true; return nil }, s.sql); err != nil || !found {
			return err
		}
		return errors.New(s.guard)
	}
	_, err := conn.ExecContext(ctx, s.sql)
	return err
}

// drop drops a constraint, if the database has it.
func drop(ctx context.Context, conn dialect.Conn, c constraint) error {
	names, err := texts(ctx, conn, `
		SELECT k.conname FROM pg_constraint AS k
		WHERE k.conrelid = to_regclass(quote_ident($1)) AND k.contype::text = $2 AND ($3 = '' OR k.conkey = ARRAY[(
			SELECT a.attnum FROM pg_attribute AS a WHERE a.attrelid = k.conrelid AND a.attname = $3 AND NOT a.attisdropped)])`,
		c.table, string(c.kind), c.column)
	if err != nil {
		return fmt.Errorf("find the constraints of table %q: %w", c.table, err)
	}
	for _, name := range names {
		if _, err := conn.ExecContext(ctx, "ALTER TABLE "+quoteName(c.table)+" DROP CONSTRAINT "+quoteName(name)); err != nil {
			return err
		}
	}
	return nil
}
