package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"reflect"
	"time"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// write is one write of objects of one model.
type write struct {
	session *session.Session
	plan    *plan
	method  string // of several objects, for its errors
}

// row is an object with its values as stored.
type row struct {
	statement *statement
	values    []any // of the statement's columns
	detached  bool  // the values do not follow those of the row before in memory
}

// complete fills what an object may leave to the write: keys of related objects, whatever its BeforeSave hook sets,
// the time, the primary key of a new object.
func (w write) complete(ctx context.Context, obj any, create bool) error {
	if create {
		if err := requireWhole(w.plan.model, obj); err != nil {
			return err
		}
	}
	if err := w.plan.matchRelations(obj); err != nil {
		return err
	}
	if err := w.beforeSave(ctx, obj, create, nil); err != nil {
		return err
	}
	if err := w.checkTenant(ctx, obj, create); err != nil {
		return err
	}
	if err := w.plan.setTimes(obj, create); err != nil {
		return err
	}
	if v := w.plan.model.Version; v != nil && create && v.IsZero(obj) {
		if err := v.Set(obj, 1); err != nil {
			return err
		}
	}
	if f := w.plan.key; create && f != nil && f.IsZero(obj) {
		if f.Default != nil {
			return f.Set(obj, f.Default())
		}
		return f.Set(obj, newUUID())
	}
	return nil
}

// prepare validates obj and appends its values, for the columns of the one of some statements that fits obj, to into. If
// into has no room, it allocates room for so many rows. The error is a [*fault.ValidationError] with every problem of the
// object's fields.
func (w write) prepare(ctx context.Context, obj any, from *statements, into []any, rows int) (row, error) {
	normalize(obj)
	validates := w.session.Validates()
	if validates && hasCleaners(w.plan.model, obj) { // they may change the values
		if err := validate(ctx, w.plan.model, obj); err != nil {
			return row{}, err
		}
		validates = false
	}
	r := row{statement: from.of(obj)}
	r.makeRoom(into, rows)
	if !validates {
		return r, w.encode(ctx, obj, &r)
	}
	if err := w.check(ctx, obj, &r, nil); err != nil {
		return row{}, err
	}
	return r, nil
}

// check validates obj, or its named fields if named is not nil, and appends its values for the columns of the row's statement. It
// leaves out nothing that is validated: the error has every problem. A value that the column cannot hold is a
// [*fault.ValidationError] of its field.
func (w write) check(ctx context.Context, obj any, r *row, named []bool) error {
	found := problems{model: w.plan.model}
	var unstorable error
	base := reflect.ValueOf(obj).UnsafePointer()
	for i := range w.plan.fields {
		f := &w.plan.fields[i]
		validates, skips := f.validates && (named == nil || named[i]), r.statement.skips[i]
		if !validates && skips {
			continue
		}
		if stored, ok := f.valid(base); ok {
			if !skips {
				r.values = append(r.values, stored)
			}
			continue
		}
		value := f.Value(obj)
		if validates {
			found.check(ctx, f.Field, value)
		}
		if skips || unstorable != nil || found.err() != nil {
			continue
		}
		stored, err := f.encode(ctx, obj, value)
		if err != nil {
			unstorable = fault.InvalidValue(f.Model, err)
		}
		r.values = append(r.values, stored)
	}
	if err := found.err(); err != nil {
		return err
	}
	return unstorable
}

// makeRoom lets the row's values begin behind those of into, or in new memory for some rows if there is no room.
func (r *row) makeRoom(into []any, rows int) {
	n := len(r.statement.columns)
	if r.detached = cap(into)-len(into) < n+r.statement.keys; r.detached {
		into = make([]any, 0, rows*n+r.statement.keys)
	}
	r.values = into[len(into):]
}

// encode appends the values of obj for the columns of the row's statement. A value that the column cannot hold is a
// [*fault.ValidationError] of its field.
func (w write) encode(ctx context.Context, obj any, r *row) error {
	base := reflect.ValueOf(obj).UnsafePointer()
	for i := range w.plan.fields {
		if r.statement.skips[i] {
			continue
		}
		f := &w.plan.fields[i]
		if stored, ok := f.valid(base); ok {
			r.values = append(r.values, stored)
			continue
		}
		stored, err := f.encode(ctx, obj, f.Value(obj))
		if err != nil {
			return fault.InvalidValue(f.Model, err)
		}
		r.values = append(r.values, stored)
	}
	return nil
}

// encode returns what is stored for a value that the field has in obj.
func (f *planField) encode(ctx context.Context, obj, value any) (any, error) {
	if f.serialized || value == nil {
		return f.DBValue(ctx, obj)
	}
	stored, err := f.Stored(value)
	if err == nil && f.limits != nil {
		err = f.FitsDatabase(stored, f.limits)
	}
	return stored, err
}

// keyValues appends the values of an object's primary key to into.
func keyValues(ctx context.Context, m *schema.Model, obj any, into []any) ([]any, error) {
	return valuesOf(ctx, m, m.PrimaryKeys, obj, into)
}

// rowKeyValues appends the values that find the row of an object to into: those of its primary key and of its tenant.
func rowKeyValues(ctx context.Context, m *schema.Model, obj any, into []any) ([]any, error) {
	return valuesOf(ctx, m, m.RowKeys(), obj, into)
}

func valuesOf(ctx context.Context, m *schema.Model, fields []*schema.Field, obj any, into []any) ([]any, error) {
	for _, f := range fields {
		value, err := f.DBValue(ctx, obj)
		if err != nil {
			return nil, fault.InvalidValue(m, err)
		}
		into = append(into, value)
	}
	return into, nil
}

// setTimes sets the fields with the time of writing. AutoNowAdd keeps a time that the object has.
func (p *plan) setTimes(obj any, create bool) error {
	var now time.Time
	for _, f := range p.times {
		if !f.AutoNow && (!create || !f.IsZero(obj)) {
			continue
		}
		if now.IsZero() {
			now = time.Now()
		}
		if err := f.SetNow(obj, now); err != nil {
			return err
		}
	}
	return nil
}

// matchRelations makes foreign keys agree with the loaded objects beside them: an empty key is taken from the object,
// and a different key is an error, as either could be meant.
func (p *plan) matchRelations(obj any) error {
	for _, f := range p.relations {
		r := f.Relation
		if r.To == nil {
			continue
		}
		related := r.Object(obj)
		if related == nil {
			continue
		}
		value, key := f.Value(obj), r.ToField.Value(related)
		switch {
		case r.ToField.IsZero(related):
			if f.IsBlank(value) {
				return fmt.Errorf("orm: %s: the %s in %s has no key yet; create it first", p.model, r.To, r.GoName)
			} // an empty struct beside a key has no meaning
		case f.IsBlank(value):
			if err := f.Set(obj, schema.Indirect(key)); err != nil {
				return err
			}
		case !f.Equal(value, key):
			return fmt.Errorf("orm: %s: %s is %v but %s has the key %v; set one of them to the other, or %s to nil: %w",
				p.model, f.GoName, schema.Indirect(value), r.GoName, schema.Indirect(key), r.GoName, fault.ErrRelationMismatch)
		}
	}
	return nil
}

// newUUID returns a UUID of version 7, which begins with the time: later ones sort later.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	ms := time.Now().UnixMilli()
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
