package orm

import (
	"context"
	"crypto/rand"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

// Create inserts obj, a pointer to a model's struct, and stores the key that the database gave it. Keys of loaded
// related objects are filled in, times set, hooks run, and the object validated: the error may be a [*ValidationError]
// or, from the database, an [*IntegrityError]. Defaults are not applied: they come with [New] and forms.
func (db *DB) Create(ctx context.Context, obj any) error {
	m, err := db.instance(obj)
	if err != nil {
		return err
	}
	return db.withHooks(ctx, obj, func(ctx context.Context) error {
		if err := db.prepareWrite(ctx, m, obj, true); err != nil {
			return err
		}
		if err := db.insert(ctx, m, obj); err != nil {
			return err
		}
		return afterSave(ctx, obj)
	})
}

// Save updates every column of obj's row. It is a [*NotFoundError] if there is none. Otherwise it is like Create.
func (db *DB) Save(ctx context.Context, obj any) error {
	m, err := db.instance(obj)
	if err != nil {
		return err
	}
	if err := requireKey(m, obj); err != nil {
		return err
	}
	return db.withHooks(ctx, obj, func(ctx context.Context) error {
		if err := db.prepareWrite(ctx, m, obj, false); err != nil {
			return err
		}
		p := db.plan(m)
		columns, query := p.updated, p.update
		for i, f := range columns {
			if f.AutoNowAdd && !f.AutoNow && f.IsZero(obj) { // an object made by hand does not know when its row was created
				columns = append(append([]*Field(nil), columns[:i]...), columns[i+1:]...)
				query = db.updateSQL(p, columns)
				break
			}
		}
		if err := db.update(ctx, m, obj, columns, query); err != nil {
			return err
		}
		return afterSave(ctx, obj)
	})
}

// SaveFields updates the named columns of obj's row, those that a BeforeSave hook changes, and those that hold the time of
// the last write. Only the named fields are validated, and Clean does not run.
func (db *DB) SaveFields(ctx context.Context, obj any, names ...string) error {
	m, err := db.instance(obj)
	if err != nil {
		return err
	}
	if err := requireKey(m, obj); err != nil {
		return err
	}
	columns, err := writable(m, names)
	if err != nil || len(columns) == 0 {
		return err
	}
	return db.withHooks(ctx, obj, func(ctx context.Context) error {
		if err := matchRelations(m, obj); err != nil {
			return err
		}
		changed, err := changedBySaving(ctx, m, obj)
		if err != nil {
			return err
		}
		for _, f := range changed {
			if !slices.Contains(columns, f) {
				columns = append(columns, f)
			}
		}
		if err := stamp(m, obj, false); err != nil {
			return err
		}
		if !db.session.Validates() {
			normalize(obj)
		} else {
			if err := db.ValidateFields(obj, names...); err != nil {
				return err
			}
		}
		if err := db.update(ctx, m, obj, columns, db.updateSQL(db.plan(m), columns)); err != nil {
			return err
		}
		return afterSave(ctx, obj)
	})
}

// changedBySaving runs the BeforeSave hook and lists the columns that it changes.
func changedBySaving(ctx context.Context, m *Model, obj any) ([]*Field, error) {
	if _, ok := obj.(BeforeSaver); !ok {
		return nil, nil
	}
	before := make([]any, len(m.Fields))
	for i, f := range m.Fields {
		before[i], _ = f.DBValue(ctx, obj) // what cannot be stored now matters only if the hook changes it
	}
	if err := beforeSave(ctx, obj); err != nil {
		return nil, err
	}
	var changed []*Field
	for i, f := range m.Fields {
		if f.PrimaryKey || f.ReadOnly() {
			continue
		}
		if after, err := f.DBValue(ctx, obj); err == nil && !reflect.DeepEqual(before[i], after) {
			changed = append(changed, f)
		}
	}
	return changed, nil
}

// writable finds the columns of SaveFields.
func writable(m *Model, names []string) ([]*Field, error) {
	var columns []*Field
	chosen := map[*Field]bool{}
	for _, name := range names {
		f, err := m.Field(name)
		switch {
		case err != nil:
			return nil, err
		case f.Kind == KindManyToMany:
			return nil, fmt.Errorf("orm: %s is many-to-many and has no column; change it with db.Related(obj, %q).Set", f, f.Name)
		case f.PrimaryKey || f.ReadOnly():
			return nil, fmt.Errorf("orm: %s cannot be changed", f)
		case !chosen[f]:
			columns, chosen[f] = append(columns, f), true
		}
	}
	if len(columns) == 0 {
		return nil, nil
	}
	for _, f := range m.Fields {
		if f.AutoNow && !chosen[f] && !f.ReadOnly() {
			columns = append(columns, f)
		}
	}
	return columns, nil
}

// withHooks opens a transaction where a hook after the write must be able to undo it.
func (db *DB) withHooks(ctx context.Context, obj any, fn func(ctx context.Context) error) error {
	_, before := obj.(BeforeSaver)
	_, after := obj.(AfterSaver)
	if before || after {
		return db.Atomic(ctx, fn)
	}
	return fn(ctx)
}

// prepareWrite does what happens to an object before its SQL.
func (db *DB) prepareWrite(ctx context.Context, m *Model, obj any, create bool) error {
	if err := matchRelations(m, obj); err != nil {
		return err
	}
	if err := beforeSave(ctx, obj); err != nil {
		return err
	}
	if err := stamp(m, obj, create); err != nil {
		return err
	}
	if create {
		if err := makeKey(m, obj); err != nil {
			return err
		}
	}
	if !db.session.Validates() {
		normalize(obj)
		return nil
	}
	return db.Validate(ctx, obj)
}

// makeKey fills an empty key that the database does not number: by the field's default, or with a new UUID.
func makeKey(m *Model, obj any) error {
	f := m.PK
	switch {
	case f == nil || f.Auto || f.DBDefault != "" || !f.IsZero(obj):
		return nil
	case f.Default != nil:
		return f.Set(obj, f.Default())
	case f.Kind == KindUUID:
		return f.Set(obj, newUUID())
	}
	return nil
}

// newUUID makes a UUID of version 7: it begins with the time, so that keys made later sort later.
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

func requireKey(m *Model, obj any) error {
	for _, f := range m.PrimaryKeys {
		if f.IsZero(obj) && (len(m.PrimaryKeys) == 1 || f.Auto) {
			return fmt.Errorf("orm: this %s has no key, so there is no row to work on; use Create for new objects", m)
		}
	}
	return nil
}

// insert writes one row and reads back what the database filled in.
func (db *DB) insert(ctx context.Context, m *Model, obj any) error {
	p := db.plan(m)
	columns, query := p.columns, p.insert
	var returning []*Field
	if p.insertID != "" && m.PK.IsZero(obj) {
		columns, query, returning = p.rest, p.insertID, []*Field{m.PK}
	}
	if !p.simple {
		columns, returning = p.split(obj)
		query = db.insertSQL(p, columns, returning, 1)
	}
	args, err := arguments(ctx, obj, columns, make([]any, 0, len(columns)))
	if err != nil {
		return err
	}
	if len(returning) == 0 {
		_, err = db.session.Writer(ctx).ExecContext(ctx, query, args...)
		err = db.session.Translate(err)
	} else {
		err = db.scanReturned(ctx, query, args, returning, []any{obj})
	}
	if err != nil {
		return db.session.ExplainReference(ctx, err, columns, args)
	}
	db.session.RecordReferences(ctx, columns, args)
	db.session.RecordCreated(ctx, m, obj)
	return nil
}

// scanReturned runs a statement with RETURNING and stores one row in each object.
func (db *DB) scanReturned(ctx context.Context, query string, args []any, returning []*Field, objs []any) error {
	w, release, err := db.session.AcquireWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	rows, err := w.QueryContext(ctx, query, args...)
	if err != nil {
		return db.session.Translate(err)
	}
	defer rows.Close()
	values := make([]any, len(returning))
	into := make([]any, len(returning))
	for i := range values {
		into[i] = &values[i]
	}
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return db.session.Translate(err)
		}
		if n >= len(objs) {
			continue
		}
		for i, f := range returning {
			if err := f.Scan(ctx, objs[n], values[i]); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return db.session.Translate(err)
	}
	if n != len(objs) {
		return fmt.Errorf("orm: %d rows were inserted instead of %d", n, len(objs))
	}
	return db.session.Translate(rows.Close())
}

func (db *DB) update(ctx context.Context, m *Model, obj any, columns []*Field, query string) error {
	args, err := arguments(ctx, obj, columns, make([]any, 0, len(columns)+1))
	if err != nil {
		return err
	}
	if args, err = arguments(ctx, obj, m.PrimaryKeys, args); err != nil {
		return err
	}
	if len(columns) == 0 { // nothing but a key: the row only has to exist
		return db.Refresh(ctx, obj)
	}
	result, err := db.session.Writer(ctx).ExecContext(ctx, query, args...)
	if err != nil {
		return db.session.ExplainReference(ctx, db.session.Translate(err), columns, args)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return &NotFoundError{Model: m, PK: schema.Indirect(m.PK.Value(obj))}
	}
	db.session.RecordReferences(ctx, columns, args)
	return err
}

// Refresh reads every column of obj's row again. Loaded related objects whose key has changed are dropped. It is a
// [*NotFoundError] if the row is gone.
func (db *DB) Refresh(ctx context.Context, obj any) error {
	m, err := db.instance(obj)
	if err != nil {
		return err
	}
	if err := requireKey(m, obj); err != nil {
		return err
	}
	key, err := arguments(ctx, obj, m.PrimaryKeys, nil)
	if err != nil {
		return err
	}
	found := false
	err = db.selectRows(ctx, m, db.keyCondition(m), key, func() any { found = true; return obj }, nil)
	if err != nil {
		return err
	}
	if !found {
		return &NotFoundError{Model: m, PK: schema.Indirect(m.PK.Value(obj))}
	}
	for _, f := range m.Fields {
		if r := f.Relation; r != nil && r.To != nil && r.GoName != "" {
			if related := r.Object(obj); related != nil && fmt.Sprint(schema.Indirect(r.ToField.Value(related))) != fmt.Sprint(schema.Indirect(f.Value(obj))) {
				r.SetObject(obj, nil)
			}
		}
	}
	return nil
}

func (db *DB) keyCondition(m *Model) string {
	d := db.Dialect()
	text := ""
	for i, f := range m.PrimaryKeys {
		if i > 0 {
			text += " AND "
		}
		text += d.Quote(f.Column) + " = " + d.Placeholder(i+1)
	}
	return text
}

// selectRows reads whole rows into the objects that next gives, and hands each to done.
func (db *DB) selectRows(ctx context.Context, m *Model, where string, args []any, next func() any, done func(obj any) error) error {
	query := "SELECT " + db.selectList(m.Fields) + " FROM " + db.Dialect().Quote(m.Table) + " WHERE " + where
	rows, err := db.session.Reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return db.session.Translate(err)
	}
	defer rows.Close()
	values := make([]any, len(m.Fields))
	into := make([]any, len(m.Fields))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return db.session.Translate(err)
		}
		obj := next()
		for i, f := range m.Fields {
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
	return db.session.Translate(rows.Err())
}

// elements lists the objects of a slice of pointers to structs, or of structs.
func elements(objs any) ([]any, error) {
	rv := reflect.ValueOf(objs)
	for rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if rv.Kind() != reflect.Slice {
		return nil, fmt.Errorf("orm: expected a slice of pointers to a model's struct, got %T", objs)
	}
	list := make([]any, rv.Len())
	for i := range list {
		v := rv.Index(i)
		if v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if v.Kind() == reflect.Struct {
			v = v.Addr()
		}
		if v.Kind() != reflect.Pointer || v.IsNil() {
			return nil, fmt.Errorf("orm: element %d of the %T is no object", i, objs)
		}
		list[i] = v.Interface()
	}
	return list, nil
}
