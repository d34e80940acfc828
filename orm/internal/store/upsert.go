package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// CreateMissing inserts the objects that break no unique constraint, and leaves out the others.
func CreateMissing(ctx context.Context, s *session.Session, objs any) error {
	list, err := elements(objs)
	if err != nil || len(list) == 0 {
		return err
	}
	m, err := Instance(s, list[0])
	if err != nil {
		return err
	}
	w := write{session: s, plan: planOf(s, m), method: "CreateMissing"}
	return s.Atomic(ctx, func(ctx context.Context) error {
		rows, err := w.prepareAll(ctx, list)
		if err != nil {
			return err
		}
		return w.eachGroup(list, rows, func(st *statement, group []any, args []any) error {
			_, err := s.Exec(ctx, rowsql.InsertMissing(s.Dialect(), m, st.columns, len(group)), args...)
			return err
		})
	})
}

// Upsert inserts the objects, or updates the rows that have the same values in the fields named by on: the fields named by
// update, or without names all that are neither part of a key nor set once only.
func Upsert(ctx context.Context, s *session.Session, objs any, on, update []string) error {
	list, err := elements(objs)
	if err != nil || len(list) == 0 {
		return err
	}
	m, err := Instance(s, list[0])
	if err != nil {
		return err
	}
	u := upsert{write: write{session: s, plan: planOf(s, m), method: "Upsert"}}
	if u.on, err = uniqueFields(m, on); err != nil {
		return err
	}
	if u.update, err = u.updated(update); err != nil {
		return err
	}
	if err := u.checkTenantIn(ctx, u.on); err != nil {
		return err
	}
	var rows []row
	unnumber := u.numbering(list)
	err = s.Atomic(ctx, func(ctx context.Context) error {
		if rows, err = u.prepareAll(ctx, list); err != nil {
			return err
		}
		if err := u.requireDistinct(ctx, list); err != nil {
			return err
		}
		if err := u.writeAll(ctx, list, rows); err != nil {
			return err
		}
		return u.afterAll(ctx, list, true, nil)
	})
	if err == nil {
		return nil
	}
	one := func(ctx context.Context, obj any, r row) error { return u.writeAll(ctx, []any{obj}, []row{r}) }
	return errors.Join(u.locate(ctx, list, rows, err, u.writeAll, one), unnumber())
}

// upsert is an INSERT of objects that updates the rows which exist.
type upsert struct {
	write
	on, update []*schema.Field
}

// uniqueFields returns the fields of a unique constraint by name. The error lists the constraints of the model.
func uniqueFields(m *schema.Model, names []string) ([]*schema.Field, error) {
	fields := make([]*schema.Field, 0, len(names))
	for _, name := range names {
		f, err := m.Field(name)
		if err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	var choices []string
	for _, set := range uniqueSets(m) {
		if len(set) == len(fields) && !slices.ContainsFunc(set, func(f *schema.Field) bool { return !contains(fields, f) }) {
			return set, nil
		}
		choices = append(choices, fieldList(set))
	}
	return nil, fmt.Errorf("orm: Upsert: no unique constraint of %s is on %q; there are: %s", m, strings.Join(names, ", "),
		strings.Join(choices, "; "))
}

// uniqueSets returns the sets of fields that identify a row.
func uniqueSets(m *schema.Model) [][]*schema.Field {
	sets := [][]*schema.Field{m.PrimaryKeys}
	for _, f := range m.Fields {
		if f.Unique && !f.PrimaryKey {
			sets = append(sets, []*schema.Field{f})
		}
	}
	for _, unique := range m.Unique {
		if unique.Where != "" {
			continue
		}
		var set []*schema.Field
		for _, name := range unique.Fields {
			set = append(set, m.Lookup(name))
		}
		if !slices.Contains(set, nil) {
			sets = append(sets, set)
		}
	}
	return sets
}

func fieldList(fields []*schema.Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

// updated returns the columns that an existing row gets from the object.
func (u *upsert) updated(names []string) ([]*schema.Field, error) {
	if len(names) > 0 {
		return u.plan.writable(names)
	}
	var columns []*schema.Field
	for _, f := range u.plan.model.Fields {
		if !f.PrimaryKey && !f.ReadOnly() && !f.AutoNowAdd && !f.Version && !contains(u.on, f) {
			columns = append(columns, f)
		}
	}
	if len(columns) == 0 && u.plan.model.Version == nil {
		return u.on, nil // a statement that changed nothing would not return the row
	}
	return columns, nil
}

// requireDistinct returns an error if two objects would write the same row, or if one has NULL where the row is looked for.
func (u *upsert) requireDistinct(ctx context.Context, list []any) error {
	seen := make(map[string]int, len(list))
	for i, obj := range list {
		key, null, err := u.key(ctx, obj)
		switch {
		case err != nil:
			return u.refused(i, obj, err)
		case null:
			return u.refused(i, obj, fmt.Errorf("orm: %s is NULL, which is equal to no row's; use Create", fieldList(u.on)))
		}
		if other, twice := seen[key]; twice {
			return u.refused(i, obj, fmt.Errorf("orm: it has the same %s as element %d", fieldList(u.on), other))
		}
		seen[key] = i
	}
	return nil
}

// key returns the values by which the row of an object is found, as text, and whether one is NULL.
func (u *upsert) key(ctx context.Context, obj any) (text string, null bool, err error) {
	for _, f := range u.on {
		value, err := f.DBValue(ctx, obj)
		if err != nil {
			return "", false, err
		}
		null = null || value == nil || f.Auto && f.IsZero(obj)
		text += fmt.Sprintf("%q,", fmt.Sprint(value))
	}
	return text, null, nil
}

// writeAll writes the objects and reads their rows as they are then.
func (u *upsert) writeAll(ctx context.Context, list []any, rows []row) error {
	s, m := u.session, u.plan.model
	written := make([]any, 0, len(list))
	err := u.eachGroup(list, rows, func(st *statement, group []any, args []any) error {
		var returned []*schema.Field
		if u.plan.returning {
			returned = m.Fields
		}
		query := rowsql.Upsert(s.Dialect(), m, st.columns, u.on, u.update, returned, len(group))
		stored, err := u.writeGroup(ctx, query, group, args)
		written = append(written, stored...)
		return err
	})
	if err != nil {
		return err
	}
	for i, obj := range list {
		for _, f := range m.Fields {
			if err := f.Set(obj, f.Value(written[i])); err != nil {
				return err
			}
		}
		dropChanged(m.Fields, obj)
		s.RecordCreated(ctx, m, obj)
		s.RecordReferences(ctx, rows[i].statement.columns, rows[i].values)
	}
	return nil
}

// writeGroup runs a statement for some objects and returns their rows, in the same order.
func (u *upsert) writeGroup(ctx context.Context, query string, group, args []any) ([]any, error) {
	m := u.plan.model
	if !u.plan.returning {
		if _, err := u.session.Exec(ctx, query, args...); err != nil {
			return nil, err
		}
		return u.readBack(ctx, group)
	}
	stored := make([]any, len(group))
	for i := range stored {
		stored[i] = m.Zero()
	}
	if err := u.insertReturning(ctx, query, m.Fields, stored, args); err != nil {
		return nil, err
	}
	for i, obj := range group {
		asked, _, err := u.key(ctx, obj)
		if err != nil {
			return nil, err
		}
		if got, _, err := u.key(ctx, stored[i]); err != nil || got != asked {
			return nil, errors.Join(err, u.otherConstraint())
		}
	}
	return stored, nil
}

// otherConstraint returns the error of a row that breaks another constraint than that of the fields in on. Databases that
// cannot name a constraint in the statement change the row that it is broken with.
func (u *upsert) otherConstraint() error {
	m := u.plan.model
	return &fault.IntegrityError{
		Kind: fault.IntegrityUnique, Table: m.Table, Model: m,
		Err: fmt.Errorf("the row breaks another unique constraint than that of %s", fieldList(u.on)),
	}
}

// readBack reads the rows of objects by the values of the constraint, where INSERT cannot return them.
func (u *upsert) readBack(ctx context.Context, list []any) ([]any, error) {
	s, m := u.session, u.plan.model
	index := make(map[string]int, len(list))
	var args []any
	for i, obj := range list {
		key, _, err := u.key(ctx, obj)
		if err != nil {
			return nil, err
		}
		index[key] = i
		for _, f := range u.on {
			value, err := f.DBValue(ctx, obj)
			if err != nil {
				return nil, err
			}
			args = append(args, value)
		}
	}
	rows, err := s.Reader(ctx).QueryContext(ctx, rowsql.SelectBy(s.Dialect(), m, u.on, len(list)), args...)
	if err != nil {
		return nil, s.Translate(err)
	}
	defer rows.Close()
	stored := make([]any, len(list))
	err = scan.Objects(ctx, rows, m.Fields, m.Zero, func(row any) error {
		key, _, err := u.key(ctx, row)
		if i, ok := index[key]; ok {
			stored[i] = row
		}
		return err
	})
	if err != nil {
		return nil, s.Translate(err)
	}
	if slices.Contains(stored, nil) {
		return nil, u.otherConstraint()
	}
	return stored, nil
}
