package orm

import (
	"context"
	"errors"
)

// references remembers which keys the writes of a transaction pointed at. Databases that check foreign keys at the commit
// do not say which one failed; afterwards the keys that have no row show it.
type references struct {
	keys  []reference
	known map[reference]bool
	made  map[reference]bool // keys of rows that the transaction created, by the primary key's field
}

// reference is a foreign key with the key it holds, or a primary key.
type reference struct {
	field *Field
	key   any
}

// maxReferences bounds what one transaction remembers. Beyond it an error stays without a field.
const maxReferences = 1000

// full reports whether something was forgotten, so that no missing key can be blamed.
func (r *references) full() bool { return len(r.known)+len(r.made) > maxReferences }

func (r *references) point(f *Field, key any) {
	ref := reference{f, key}
	if r.full() || r.known[ref] {
		return
	}
	if r.known == nil {
		r.known = map[reference]bool{}
	}
	r.known[ref] = true
	r.keys = append(r.keys, ref)
}

func (r *references) create(m *Model, key any) {
	if r.full() || m.PK == nil {
		return
	}
	if r.made == nil {
		r.made = map[reference]bool{}
	}
	r.made[reference{m.PK, key}] = true
}

// remember notes the foreign keys among the columns of a row that was written, and the key of one that was created.
func (db *DB) remember(ctx context.Context, m *Model, obj any, columns []*Field, args []any, created bool) {
	t := db.transaction(ctx)
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, f := range columns {
		if isReference(f) && args[i] != nil {
			t.references.point(f, args[i])
		}
	}
	if created && m.PK != nil {
		if key, err := m.PK.DBValue(ctx, obj); err == nil {
			t.references.create(m, key)
		}
	}
}

func isReference(f *Field) bool {
	return f.Relation != nil && f.Relation.To != nil && f.Relation.ToField != nil && f.Relation.Constraint && f.Column != ""
}

// blame finds the foreign key of a failed write whose target does not exist, where the database does not name it.
func (db *DB) blame(ctx context.Context, err error, columns []*Field, args []any) error {
	e, ok := nameless(err)
	if !ok {
		return err
	}
	for i, f := range columns {
		if isReference(f) && args[i] != nil && db.isMissing(ctx, reference{f, args[i]}) {
			e.of(f, args[i])
			return err
		}
	}
	return err
}

// blameCommit is blame for a commit that failed.
func (db *DB) blameCommit(ctx context.Context, err error, r *references) error {
	e, ok := nameless(err)
	if !ok || r.full() {
		return err
	}
	for _, ref := range r.keys {
		if !r.made[reference{ref.field.Relation.ToField, ref.key}] && db.isMissing(ctx, ref) {
			e.of(ref.field, ref.key)
			return err
		}
	}
	return err
}

// nameless returns the error of a foreign key that names no field.
func nameless(err error) (*IntegrityError, bool) {
	var e *IntegrityError
	return e, errors.As(err, &e) && e.Kind == IntegrityForeignKey && len(e.Fields) == 0 && len(e.Columns) == 0
}

// of notes the foreign key that an error is about. A row of a many-to-many relation is part of the object that has it.
func (e *IntegrityError) of(f *Field, key any) {
	e.Model, e.Table, e.Columns, e.Fields, e.Value = f.Model, f.Model.Table, []string{f.Column}, []string{f.Name}, key
	if !f.Model.Auto {
		return
	}
	for _, end := range f.Model.Fields { // the implicit through model's other end has the many-to-many field
		if end == f || end.Relation == nil || end.Relation.To == nil {
			continue
		}
		for _, many := range end.Relation.To.ManyToMany {
			if many.Relation.ThroughTo == f {
				e.Model, e.Fields = end.Relation.To, []string{many.Name}
			}
		}
	}
}

// isMissing reports whether a key surely has no row.
func (db *DB) isMissing(ctx context.Context, ref reference) bool {
	to := ref.field.Relation.ToField
	d := db.Dialect()
	query := "SELECT 1 FROM " + d.Quote(to.Model.Table) + " WHERE " + d.Quote(to.Column) + " = " + d.Placeholder(1)
	rows, err := db.reader(ctx).QueryContext(ctx, query, ref.key)
	if err != nil {
		return false
	}
	defer rows.Close()
	found := rows.Next()
	return !found && rows.Err() == nil
}
