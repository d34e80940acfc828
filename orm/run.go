package orm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/scan"
)

// errStop ends a query early because its reader has enough.
var errStop = errors.New("orm: stop")

// read runs a query and gives each row's struct to fn.
func (q AnyQuery) read(ctx context.Context, fn func(unsafe.Pointer) error) error {
	if q.err != nil {
		return q.err
	}
	if q.query.Groups != nil {
		return fmt.Errorf("orm: %s: groups are no objects; read them with Values", q.query.Model)
	}
	selected, err := compile.Select(q.db.Dialect(), q.compiled())
	if err != nil || q.none() {
		return err
	}
	reader, err := scan.NewReader(ctx, selected.Objects, q.query.Limit)
	if err != nil {
		return err
	}
	rows, err := q.db.session.Reader(ctx).QueryContext(ctx, selected.SQL, selected.Args...)
	if err != nil {
		return q.failed(err)
	}
	defer rows.Close()
	for rows.Next() {
		object, err := reader.Read(rows)
		if err != nil {
			return q.failed(err)
		}
		if err := fn(object); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return q.failed(err)
	}
	return nil
}

// tooLarge are the beginnings of what SQLite says of statements beyond its limits.
var tooLarge = []string{"Expression tree is too large", "parser stack overflow", "at most 64 tables in a join", "too many SQL variables", "too many columns", "statement too long", "too many terms"}

// failed says which query an error of the database belongs to. Of a query that is too large for the database it is a
// [*LookupError]: its conditions came from somewhere.
func (q AnyQuery) failed(err error) error {
	for _, limit := range tooLarge {
		if text := err.Error(); strings.Contains(text, limit) {
			return &LookupError{Model: q.query.Model, Problem: "the query is too large for the database (" + text + "); use fewer or less nested conditions"}
		}
	}
	return fmt.Errorf("orm: query %s: %w", q.query.Model, q.db.session.Translate(err))
}

// each runs the query with its prefetches.
func (q AnyQuery) each(ctx context.Context, fn func(any) error) error {
	if q.err != nil {
		return q.err
	}
	typ := q.structType()
	if len(q.prefetch) == 0 {
		return q.read(ctx, func(p unsafe.Pointer) error { return fn(reflect.NewAt(typ, p).Interface()) })
	}
	var all []any
	err := q.read(ctx, func(p unsafe.Pointer) error {
		all = append(all, reflect.NewAt(typ, p).Interface())
		return nil
	})
	if err != nil {
		return err
	}
	if err := q.db.fill(ctx, q.query.Model, all, q.prefetch); err != nil {
		return err
	}
	for _, obj := range all {
		if err := fn(obj); err != nil {
			return err
		}
	}
	return nil
}

// Count gives the number of rows; with a limit, at most that many.
func (q AnyQuery) Count(ctx context.Context) (int64, error) {
	if q.err != nil {
		return 0, q.err
	}
	s, err := compile.Count(q.db.Dialect(), q.compiled())
	if err != nil || q.none() {
		return 0, err
	}
	var n int64
	return n, q.scalar(ctx, s, &n)
}

// Exists reports whether there is a row.
func (q AnyQuery) Exists(ctx context.Context) (bool, error) {
	if q.err != nil {
		return false, q.err
	}
	s, err := compile.Any(q.db.Dialect(), q.compiled())
	if err != nil || q.none() {
		return false, err
	}
	var one int64
	err = q.scalar(ctx, s, &one)
	return one == 1, err
}

// scalar runs a statement with at most one row of the given columns.
func (q AnyQuery) scalar(ctx context.Context, s compile.Statement, into ...any) error {
	rows, err := q.db.session.Reader(ctx).QueryContext(ctx, s.SQL, s.Args...)
	if err != nil {
		return q.failed(err)
	}
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return q.failed(err)
		}
	}
	if err := rows.Err(); err != nil {
		return q.failed(err)
	}
	return nil
}

func (q AnyQuery) update(ctx context.Context, sets []compile.Set) (int64, error) {
	if q.err != nil {
		return 0, q.err
	}
	s, err := compile.Update(q.db.Dialect(), q.compiled(), sets)
	if err != nil || q.none() {
		return 0, fault.InvalidValue(q.query.Model, err)
	}
	result, err := q.db.Exec(ctx, s.SQL, s.Args...)
	if err != nil {
		return 0, fmt.Errorf("orm: update %s: %w", q.query.Model, err)
	}
	return result.RowsAffected()
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
