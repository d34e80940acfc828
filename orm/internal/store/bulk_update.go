package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/internal/partial"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// updateChunk is the most rows that one UPDATE writes: the database compares each row with the keys of the whole chunk.
const updateChunk = 200

// SaveAll updates the named columns of the objects' rows, or every column without names, in as few statements as possible.
func SaveAll(ctx context.Context, s *session.Session, objs any, names ...string) error {
	list, err := elements(objs)
	if err != nil || len(list) == 0 {
		return err
	}
	m, err := Instance(s, list[0])
	if err != nil {
		return err
	}
	u := bulkUpdate{write: write{session: s, plan: planOf(s, m), method: "SaveAll"}, list: list, names: names}
	columns := u.plan.columnsWithout(u.plan.updates.optional, false).columns
	if len(names) > 0 {
		if columns, err = u.plan.writable(names); err != nil {
			return err
		}
	}
	if u.statement = u.plan.columnsOf(columns); len(columns) == 0 && m.Version == nil {
		return fmt.Errorf("orm: SaveAll: %s has no column besides its key", m)
	}
	if err := u.requireKeys(); err != nil {
		return err
	}
	restore := u.versions()
	if err = s.Atomic(ctx, u.run); err == nil {
		return nil
	}
	if err := restore(); err != nil {
		return err
	}
	if group, ok := errors.AsType[*groupError](err); ok && errors.Is(group.err, errUnwritten) {
		return u.findUnwritten(ctx, group)
	}
	err = u.locate(ctx, list, u.rows, err, u.updateAll, u.updateOne)
	return errors.Join(err, restore())
}

// errUnwritten reports that a statement found fewer rows than it has objects.
var errUnwritten = errors.New("orm: SaveAll: some rows were deleted or changed while they were written")

// bulkUpdate is a write of the same columns of many rows.
type bulkUpdate struct {
	write
	list      []any
	names     []string // that the caller named; none means every column
	statement *statement
	rows      []row
}

// requireKeys returns an error unless every object is of the model, with a key that no other has.
func (u *bulkUpdate) requireKeys() error {
	m := u.plan.model
	seen := make(map[string]int, len(u.list))
	for i, obj := range u.list {
		if reflect.TypeOf(obj).Elem() != m.Type {
			return fmt.Errorf("orm: SaveAll takes objects of one model: element %d is a %T", i, obj)
		}
		if err := RequireKey(m, obj); err != nil {
			return u.refused(i, obj, err)
		}
		if unread := partial.Unread(obj); len(unread) > 0 && len(u.names) == 0 {
			return u.refused(
				i,
				obj,
				fmt.Errorf("orm: it was read without %s; name the columns to save, or Refresh it first", fieldList(unread)),
			)
		}
		key := keyText(m, obj)
		if other, twice := seen[key]; twice {
			return u.refused(i, obj, fmt.Errorf("orm: element %d is the same %s", other, m))
		}
		seen[key] = i
	}
	return nil
}

// versions returns a function that sets every object back to the version that it has now.
func (u *bulkUpdate) versions() (restore func() error) {
	v := u.plan.model.Version
	if v == nil {
		return func() error { return nil }
	}
	before := make([]any, len(u.list))
	for i, obj := range u.list {
		before[i] = v.Value(obj)
	}
	return func() error {
		var errs []error
		for i, obj := range u.list {
			errs = append(errs, v.Set(obj, before[i]))
		}
		return errors.Join(errs...)
	}
}

func (u *bulkUpdate) run(ctx context.Context) error {
	for i, obj := range u.list {
		r, err := u.prepareObject(ctx, obj)
		if err != nil {
			return u.refused(i, obj, err)
		}
		u.rows = append(u.rows, r)
	}
	if err := u.updateAll(ctx, u.list, u.rows); err != nil {
		return err
	}
	return u.afterAll(ctx, u.list, false, u.named())
}

// updateAll writes some objects by a statement for each chunk.
func (u *bulkUpdate) updateAll(ctx context.Context, list []any, rows []row) error {
	arguments := len(u.statement.columns)*(len(u.plan.model.PrimaryKeys)+1) + u.statement.keys
	limit := max(1, min(updateChunk, u.session.Dialect().MaxArguments()/arguments))
	for start := 0; start < len(list); start += limit {
		end := min(start+limit, len(list))
		if err := u.updateChunk(ctx, list[start:end], rows[start:end]); err != nil {
			return &groupError{start, end, err}
		}
	}
	return nil
}

// updateOne writes one object.
func (u *bulkUpdate) updateOne(ctx context.Context, obj any, r row) error {
	return u.update(ctx, obj, r, rowsql.UpdateRow(u.session.Dialect(), u.plan.model, r.statement.columns))
}

// prepareObject runs what comes before a write, validates the object, and returns its values.
func (u *bulkUpdate) prepareObject(ctx context.Context, obj any) (row, error) {
	r := row{statement: u.statement}
	if len(u.names) == 0 {
		if err := u.complete(ctx, obj, false); err != nil {
			return row{}, err
		}
		normalize(obj)
		if u.session.Validates() {
			if err := validate(ctx, u.plan.model, obj); err != nil {
				return row{}, err
			}
		}
		r.makeRoom(nil, 1)
		return r, u.encode(ctx, obj, &r)
	}
	if err := u.plan.matchRelations(obj); err != nil {
		return row{}, err
	}
	if err := u.beforeSave(ctx, obj, false, u.named()); err != nil {
		return row{}, err
	}
	if err := u.checkTenant(ctx, obj, false); err != nil {
		return row{}, err
	}
	if err := u.plan.setTimes(obj, false); err != nil {
		return row{}, err
	}
	normalize(obj)
	if u.session.Validates() {
		if err := ValidateFields(ctx, u.session, obj, u.names...); err != nil {
			return row{}, err
		}
	}
	r.makeRoom(nil, 1)
	return r, u.encode(ctx, obj, &r)
}

// named returns the names of the columns that the caller named, with those set by the write; nil for all.
func (u *bulkUpdate) named() []string {
	if len(u.names) == 0 {
		return nil
	}
	return fieldNames(u.statement.columns)
}

// updateChunk writes the rows of some objects by one statement.
func (u *bulkUpdate) updateChunk(ctx context.Context, list []any, rows []row) error {
	m, columns := u.plan.model, u.statement.columns
	keys := make([][]any, len(list))
	for i, obj := range list {
		var err error
		if keys[i], err = keyValues(ctx, m, obj, nil); err != nil {
			return err
		}
	}
	var args []any
	for c := range columns {
		for i := range list {
			args = append(append(args, keys[i]...), rows[i].values[c])
		}
	}
	for _, obj := range list {
		var err error
		if args, err = rowKeyValues(ctx, m, obj, args); err != nil {
			return err
		}
		if m.Version != nil {
			args = append(args, versionOf(m, obj))
		}
	}
	result, err := u.session.Exec(ctx, rowsql.UpdateRows(u.session.Dialect(), m, columns, len(list)), args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if n < int64(len(list)) {
		return errUnwritten
	}
	for i, obj := range list {
		u.session.RecordReferences(ctx, columns, rows[i].values)
		if err := countUp(m, obj); err != nil {
			return err
		}
	}
	return u.readGenerated(ctx, list...)
}

// findUnwritten returns the error of the first object of a group that has no row, or a row with another version.
func (u *bulkUpdate) findUnwritten(ctx context.Context, group *groupError) error {
	m := u.plan.model
	stored, err := u.storedVersions(ctx, u.list[group.start:group.end])
	if err != nil {
		return err
	}
	for i := group.start; i < group.end; i++ {
		obj := u.list[i]
		row, ok := stored[keyText(m, obj)]
		switch {
		case !ok:
			return u.refused(i, obj, notFound(m, obj))
		case m.Version != nil && versionOf(m, row) != versionOf(m, obj):
			return u.refused(i, obj, stale(m, obj, row))
		}
	}
	return errUnwritten
}
