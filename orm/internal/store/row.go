package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/partial"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

func (w write) create(ctx context.Context, obj any) error {
	if err := w.complete(ctx, obj, true); err != nil {
		return err
	}
	r, err := w.prepare(ctx, obj, &w.plan.inserts, nil, 1)
	if err != nil {
		return err
	}
	if err := w.checkBefore(ctx, obj, true); err != nil {
		return err
	}
	if err := w.insert(ctx, obj, r); err != nil {
		return w.explain(ctx, err, obj, true)
	}
	return nil
}

func (w write) save(ctx context.Context, obj any) error {
	if err := w.complete(ctx, obj, false); err != nil {
		return err
	}
	r, err := w.prepare(ctx, obj, &w.plan.updates, nil, 1)
	if err != nil {
		return err
	}
	if err := w.checkBefore(ctx, obj, false); err != nil {
		return err
	}
	if err := w.update(ctx, obj, r, r.statement.sql); err != nil {
		return w.explain(ctx, err, obj, false)
	}
	return nil
}

// saveFields writes some columns. Only the named fields are validated, and Clean does not run.
func (w write) saveFields(ctx context.Context, obj any, names []string, selected *selection) error {
	if err := w.plan.matchRelations(obj); err != nil {
		return err
	}
	changed, err := w.changedBySaving(ctx, obj, selected.names)
	if err != nil {
		return err
	}
	if err := w.checkTenant(ctx, obj, false); err != nil {
		return err
	}
	st := selected.statement
	if len(changed) > 0 {
		columns := selected.columns
		for _, f := range changed {
			if !contains(columns, f) {
				columns = append(slices.Clip(columns), f)
			}
		}
		st = w.plan.updateOf(w.session, columns)
	}
	if err := w.plan.setTimes(obj, false); err != nil {
		return err
	}
	normalize(obj)
	r := row{statement: st}
	r.makeRoom(nil, 1)
	if w.session.Validates() {
		err = w.check(ctx, obj, &r, selected.checked)
	} else {
		err = w.encode(ctx, obj, &r)
	}
	if err != nil {
		return err
	}
	if err := w.checkBefore(ctx, obj, false, names...); err != nil {
		return err
	}
	if err := w.update(ctx, obj, r, st.sql); err != nil {
		return w.explain(ctx, err, obj, false, names...)
	}
	return nil
}

// changedBySaving runs the BeforeSave hook and the receivers, and returns the columns that they change.
func (w write) changedBySaving(ctx context.Context, obj any, names []string) ([]*schema.Field, error) {
	if _, ok := obj.(beforeSaver); !ok && !w.listens() {
		return nil, nil
	}
	fields := w.plan.model.Fields
	before := make([]any, len(fields))
	for i, f := range fields {
		before[i], _ = f.DBValue(ctx, obj) // an invalid value matters only if the hook leaves it
	}
	if err := w.beforeSave(ctx, obj, false, slices.Clone(names)); err != nil {
		return nil, err
	}
	var changed []*schema.Field
	for i, f := range fields {
		if f.PrimaryKey || f.Version || !f.Updatable() {
			continue
		}
		if after, err := f.DBValue(ctx, obj); err == nil && !reflect.DeepEqual(before[i], after) {
			changed = append(changed, f)
		}
	}
	return changed, nil
}

// insert writes one row and reads what the database filled in.
func (w write) insert(ctx context.Context, obj any, r row) error {
	st := r.statement
	if err := w.runInsert(ctx, obj, r); err != nil {
		return w.session.ExplainReference(ctx, err, st.columns, r.values)
	}
	w.session.RecordReferences(ctx, st.columns, r.values)
	w.session.RecordCreated(ctx, w.plan.model, obj)
	return nil
}

func (w write) runInsert(ctx context.Context, obj any, r row) error {
	s, st := w.session, r.statement
	if len(w.plan.returnedOne(st)) == 0 {
		result, err := s.Exec(ctx, st.sql, r.values...)
		if err != nil || len(st.filled) == 0 {
			return err
		}
		return w.readFilled(ctx, st, result, obj)
	}
	q, release, err := s.AcquireWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	rows, err := q.QueryContext(ctx, st.sql, r.values...)
	if err != nil {
		return s.Translate(err)
	}
	defer rows.Close()
	if err := scan.ReturnedRow(ctx, rows, st.filled, obj); err != nil {
		return s.Translate(err)
	}
	return s.Translate(rows.Close())
}

// readFilled stores what the database filled in where INSERT cannot return it: the key from the result, other columns
// by reading the row again.
func (w write) readFilled(ctx context.Context, st *statement, result sql.Result, objs ...any) error {
	d, pk := w.session.Dialect(), w.plan.model.PK
	if contains(st.filled, pk) {
		if !pk.Auto {
			return dialect.Unsupported(d, "primary keys with a default of the database")
		}
		id, err := result.LastInsertId()
		if err != nil {
			return w.session.Translate(err)
		}
		step := dialect.KeyStep(d)
		if dialect.Keys(d) == dialect.KeysFromLast {
			id -= int64(len(objs)-1) * step
		}
		for i, obj := range objs {
			if err := pk.Set(obj, id+int64(i)*step); err != nil {
				return err
			}
		}
	}
	if len(st.filled) == 1 && st.filled[0] == pk {
		return nil
	}
	for _, obj := range objs {
		if err := Refresh(ctx, w.session, obj); err != nil {
			return err
		}
	}
	return nil
}

// update writes some columns of one row.
func (w write) update(ctx context.Context, obj any, r row, query string) error {
	m := w.plan.model
	columns := r.statement.columns
	args, err := rowKeyValues(ctx, m, obj, r.values)
	if err != nil {
		return err
	}
	if m.Version != nil {
		args = append(args, versionOf(m, obj))
	} else if len(columns) == 0 { // the model has nothing but a key: the row only has to exist
		return Refresh(ctx, w.session, obj)
	}
	result, err := w.session.Exec(ctx, query, args...)
	if err != nil {
		return w.session.ExplainReference(ctx, err, columns, args)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return w.unwritten(ctx, obj)
	}
	w.session.RecordReferences(ctx, columns, args)
	if err := countUp(m, obj); err != nil {
		return err
	}
	return w.readGenerated(ctx, obj)
}

// Refresh reads the named columns of obj's row again, or without names every column, and drops loaded related objects
// whose key has changed.
func Refresh(ctx context.Context, s *session.Session, obj any, names ...string) error {
	m, err := Instance(s, obj)
	if err != nil {
		return err
	}
	if err := RequireKey(m, obj); err != nil {
		return err
	}
	if err := (write{session: s, plan: planOf(s, m)}).checkTenant(ctx, obj, true); err != nil {
		return err
	}
	columns := m.Fields
	if len(names) > 0 {
		if columns, err = columnsNamed(m, names); err != nil {
			return err
		}
	}
	key, err := rowKeyValues(ctx, m, obj, nil)
	if err != nil {
		return err
	}
	rows, err := s.Reader(ctx).QueryContext(ctx, rowsql.SelectRow(s.Dialect(), m, columns), key...)
	if err != nil {
		return s.Translate(err)
	}
	defer rows.Close()
	found := false
	if err := scan.Objects(ctx, rows, columns, func() any { found = true; return obj }, nil); err != nil {
		return s.Translate(err)
	}
	if !found {
		return notFound(m, obj)
	}
	if len(names) == 0 {
		partial.Clear(obj)
	}
	dropChanged(columns, obj)
	return nil
}

// columnsNamed returns fields with a column by name, each once.
func columnsNamed(m *schema.Model, names []string) ([]*schema.Field, error) {
	var columns []*schema.Field
	for _, name := range names {
		f, err := m.Field(name)
		if err != nil {
			return nil, err
		}
		if f.Column == "" {
			return nil, fmt.Errorf("orm: %s is many-to-many and has no column; read it with Prefetch or Related", f)
		}
		if !contains(columns, f) {
			columns = append(columns, f)
		}
	}
	return columns, nil
}

// dropChanged removes loaded related objects whose key differs from the foreign key beside them.
func dropChanged(columns []*schema.Field, obj any) {
	for _, f := range columns {
		if r := f.Relation; r != nil && r.To != nil && r.GoName != "" {
			if related := r.Object(obj); related != nil && !f.Equal(r.ToField.Value(related), f.Value(obj)) {
				r.SetObject(obj, nil)
			}
		}
	}
}

func notFound(m *schema.Model, obj any) error {
	return &fault.NotFoundError{Model: m, PK: schema.Indirect(m.PK.Value(obj))}
}

func contains(fields []*schema.Field, f *schema.Field) bool { return slices.Contains(fields, f) }
