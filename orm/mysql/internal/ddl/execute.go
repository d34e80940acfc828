package ddl

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Execute implements [dialect.Executor].
func (Migrations) Execute(ctx context.Context, conn dialect.Conn, steps []dialect.Step) error {
	for _, step := range steps {
		s, ok := step.(statement)
		if !ok {
			return fmt.Errorf("a step of another driver (%T) cannot be run on this database", step)
		}
		if err := s.run(ctx, conn); err != nil {
			return err
		}
	}
	return nil
}

func (s statement) run(ctx context.Context, conn dialect.Conn) error {
	switch {
	case s.guard != "":
		found, err := texts(ctx, conn, s.sql)
		if err == nil && len(found) > 0 {
			err = errors.New(s.guard)
		}
		return err
	case s.foreign != nil:
		return s.foreign.drop(ctx, conn)
	}
	_, err := conn.ExecContext(ctx, s.sql)
	return err
}

// drop drops the foreign keys of the column, under the names that they have in the database.
func (k foreignKey) drop(ctx context.Context, conn dialect.Conn) error {
	names, err := texts(ctx, conn, `SELECT DISTINCT CONSTRAINT_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE()
		AND TABLE_NAME = ? AND COLUMN_NAME = ? AND REFERENCED_TABLE_NAME IS NOT NULL`, k.table, k.column)
	if err != nil {
		return fmt.Errorf("read the foreign keys of table %q: %w", k.table, err)
	}
	for _, name := range names {
		if _, err := conn.ExecContext(ctx, "ALTER TABLE "+Quote(k.table)+" DROP FOREIGN KEY "+Quote(name)); err != nil {
			return err
		}
	}
	return nil
}

// texts reads the first column of a query.
func texts(ctx context.Context, conn dialect.Conn, query string, args ...any) ([]string, error) {
	var list []string
	err := each(ctx, conn, query, args, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		list = append(list, text)
		return nil
	})
	return list, err
}

// each calls fn for every row of a query.
func each(ctx context.Context, conn dialect.Conn, query string, args []any, fn func(scan func(...any) error) error) error {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
