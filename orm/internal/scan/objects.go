package scan

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/orm/schema"
)

// Objects reads rows of some columns, the first of each row into the first field and so on. next returns the object
// of a row, and done, which may be nil, receives it afterwards. It does not close the rows.
func Objects(ctx context.Context, rows *sql.Rows, fields []*schema.Field, next func() any, done func(obj any) error) error {
	values := make([]any, len(fields))
	into := make([]any, len(fields))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		obj := next()
		for i, f := range fields {
			if err := f.Scan(ctx, obj, values[i]); err != nil {
				return err
			}
		}
		if done != nil {
			if err := done(obj); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// ReturnedRow reads the row that an INSERT of obj returned into some fields of obj. It does not close the rows.
func ReturnedRow(ctx context.Context, rows *sql.Rows, fields []*schema.Field, obj any) error {
	if len(fields) != 1 {
		return Returned(ctx, rows, fields, []any{obj})
	}
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return errors.New("orm: INSERT returned no row")
	}
	var value any
	if err := rows.Scan(&value); err != nil {
		return err
	}
	if err := fields[0].Scan(ctx, obj, value); err != nil {
		return err
	}
	for rows.Next() { // the statement is complete, and checked, only after its last row
	}
	return rows.Err()
}

// Returned reads the rows that an INSERT returned, one for each object, into some of their fields. It returns an
// error if there are more or fewer rows than objects. It does not close the rows.
func Returned(ctx context.Context, rows *sql.Rows, fields []*schema.Field, objs []any) error {
	n := 0
	err := Objects(ctx, rows, fields, func() any {
		n++
		return objs[min(n, len(objs))-1]
	}, nil)
	if err == nil && n != len(objs) {
		err = fmt.Errorf("orm: %d rows were inserted instead of %d", n, len(objs))
	}
	return err
}

// Column reads the first and only column of every row, as the driver returns it. It does not close the rows.
func Column(rows *sql.Rows) ([]any, error) {
	var values []any
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, rows.Err()
}
