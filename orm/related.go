package orm

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Related is the set of objects that a many-to-many field, or a way back, of one object holds.
type Related struct {
	db   *DB
	obj  any
	step schema.Step
	err  error
}

// Related gives the objects that obj, a pointer to a model's struct, is linked with by a many-to-many field or a reverse
// relation: db.Related(post, "tags"), db.Related(tag, "posts"), db.Related(user, "comments"). A wrong name, or an object
// without a key, is reported by the methods.
func (db *DB) Related(obj any, name string) *Related {
	r := &Related{db: db, obj: obj}
	m, err := db.instance(obj)
	if err != nil {
		r.err = err
		return r
	}
	path, err := m.ResolveRelation(name)
	switch {
	case err != nil:
		r.err = err
	case len(path.Steps) != 1 || !path.Steps[0].Reverse && path.Steps[0].Relation.ToOne():
		r.err = fmt.Errorf("orm: %s: %q is no set of objects; Related takes many-to-many fields and reverse relations", m, name)
	default:
		r.err = requireKey(m, obj)
		r.step = path.Steps[0]
	}
	return r
}

// Model is the model of the related objects, nil after an error.
func (r *Related) Model() *Model {
	if r.err != nil {
		return nil
	}
	return r.step.To()
}

// link gives the column that holds our key, and the column that holds theirs: of the through model, or of the related
// model itself.
func (r *Related) link() (ours, theirs *Field) {
	rel := r.step.Relation
	switch {
	case rel.Kind != KindManyToMany:
		return rel.Field, rel.From.PK
	case r.step.Reverse:
		return rel.ThroughTo, rel.ThroughFrom
	}
	return rel.ThroughFrom, rel.ThroughTo
}

func (r *Related) manyToMany() bool { return r.step.Relation.Kind == KindManyToMany }

// ourKey is the encoded key of the object.
func (r *Related) ourKey() (any, error) {
	ours, _ := r.link()
	f := ours.Relation.ToField
	return f.Encode(f.Value(r.obj))
}

// IDs gives the keys of the related objects, in the order they were linked or created.
func (r *Related) IDs(ctx context.Context) ([]any, error) {
	if r.err != nil {
		return nil, r.err
	}
	ours, theirs := r.link()
	key, err := r.ourKey()
	if err != nil {
		return nil, err
	}
	d := r.db.Dialect()
	query := "SELECT " + d.Quote(theirs.Column) + " FROM " + d.Quote(ours.Model.Table) + " WHERE " + d.Quote(ours.Column) + " = " + d.Placeholder(1) +
		" ORDER BY " + d.Quote(ours.Model.PK.Column)
	rows, err := r.db.session.Reader(ctx).QueryContext(ctx, query, key)
	if err != nil {
		return nil, r.db.session.Translate(err)
	}
	defer rows.Close()
	var ids []any
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			return nil, r.db.session.Translate(err)
		}
		id, err := r.step.To().PK.Convert(v)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, r.db.session.Translate(rows.Err())
}

// Add links objects, given as pointers to structs, as keys, or as slices of either. Those already linked stay as they are.
func (r *Related) Add(ctx context.Context, objsOrIDs ...any) error {
	keys, err := r.keys(objsOrIDs)
	if err != nil || len(keys) == 0 {
		return err
	}
	return r.db.Atomic(ctx, func(ctx context.Context) error { return r.add(ctx, keys) })
}

// Remove unlinks objects. For a reverse relation the foreign key must take NULL.
func (r *Related) Remove(ctx context.Context, objsOrIDs ...any) error {
	keys, err := r.keys(objsOrIDs)
	if err != nil || len(keys) == 0 {
		return err
	}
	return r.db.Atomic(ctx, func(ctx context.Context) error { return r.remove(ctx, keys) })
}

// Set makes these objects the only linked ones.
func (r *Related) Set(ctx context.Context, objsOrIDs ...any) error {
	keys, err := r.keys(objsOrIDs)
	if err != nil {
		return err
	}
	return r.db.Atomic(ctx, func(ctx context.Context) error {
		linked, err := r.linked(ctx)
		if err != nil {
			return err
		}
		var gone []any
		for _, key := range linked {
			if !slices.Contains(keys, key) {
				gone = append(gone, key)
			}
		}
		if len(gone) > 0 {
			if err := r.remove(ctx, gone); err != nil {
				return err
			}
		}
		return r.add(ctx, keys)
	})
}

// Clear unlinks everything.
func (r *Related) Clear(ctx context.Context) error { return r.Set(ctx) }

// linked gives the encoded keys of the related objects.
func (r *Related) linked(ctx context.Context) ([]any, error) {
	ids, err := r.IDs(ctx)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if ids[i], err = r.step.To().PK.Encode(id); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// keys encodes what Add, Remove and Set are given, each once.
func (r *Related) keys(values []any) ([]any, error) {
	if r.err != nil {
		return nil, r.err
	}
	to := r.step.To()
	var keys []any
	var enter func(v any) error
	enter = func(v any) error {
		rv := reflect.ValueOf(v)
		plain := rv
		for plain.Kind() == reflect.Pointer && !plain.IsNil() {
			plain = plain.Elem()
		}
		switch {
		case v == nil, rv.Kind() == reflect.Pointer && rv.IsNil():
			return fmt.Errorf("orm: %s: nil cannot be linked", r.step.Name())
		case plain.IsValid() && plain.Type() == to.Type:
			if to.PK.IsZero(v) {
				return fmt.Errorf("orm: a %s without a key cannot be linked; create it first", to)
			}
			v = to.PK.Value(v)
		case rv.Kind() == reflect.Slice && rv.Type() != to.PK.Type:
			for i := range rv.Len() {
				if err := enter(rv.Index(i).Interface()); err != nil {
					return err
				}
			}
			return nil
		}
		id, err := to.PK.Convert(v)
		if err != nil {
			return fmt.Errorf("orm: %s takes %s objects or their keys: %w", r.step.Name(), to, err)
		}
		key, err := to.PK.Encode(id)
		if err == nil && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
		return err
	}
	for _, v := range values {
		if err := enter(v); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (r *Related) add(ctx context.Context, keys []any) error {
	linked, err := r.linked(ctx)
	if err != nil {
		return err
	}
	var fresh []any
	for _, key := range keys {
		if !slices.Contains(linked, key) {
			fresh = append(fresh, key)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	ours, theirs := r.link()
	our, err := r.ourKey()
	if err != nil {
		return err
	}
	if !r.manyToMany() {
		return r.point(ctx, our, fresh)
	}
	through := ours.Model
	if through.Auto {
		err := r.insertLinks(ctx, ours, theirs, our, fresh)
		if err == nil && r.step.Relation.Symmetrical {
			err = r.insertLinks(ctx, theirs, ours, our, fresh)
		}
		return err
	}
	rows := make([]any, len(fresh))
	for i, key := range fresh {
		rows[i] = through.New()
		if err := ours.Set(rows[i], our); err != nil {
			return err
		}
		if err := theirs.Set(rows[i], key); err != nil {
			return err
		}
	}
	return r.db.CreateAll(ctx, rows)
}

// insertLinks writes rows of an implicit through model.
func (r *Related) insertLinks(ctx context.Context, ours, theirs *Field, our any, keys []any) error {
	for chunk := range slices.Chunk(keys, chunkSize) {
		p := r.db.plan(ours.Model)
		args := make([]any, 0, 2*len(chunk))
		for _, key := range chunk {
			args = append(args, our, key)
		}
		w := dialect.NewWriter(r.db.Dialect())
		w.Text(r.db.insertSQL(p, []*Field{ours, theirs}, nil, len(chunk)))
		w.OnConflict(dialect.Conflict{}) // another transaction may link the same objects
		if _, err := r.db.session.Writer(ctx).ExecContext(ctx, w.SQL(), args...); err != nil {
			return r.db.session.Translate(err)
		}
		for _, key := range chunk {
			r.db.session.RecordReferences(ctx, []*Field{ours, theirs}, []any{our, key})
		}
	}
	return nil
}

// point lets the foreign keys of related objects point at ours (or at nothing).
func (r *Related) point(ctx context.Context, our any, keys []any) error {
	d := r.db.Dialect()
	ours, theirs := r.link()
	for chunk := range slices.Chunk(keys, chunkSize) {
		query := "UPDATE " + d.Quote(ours.Model.Table) + " SET " + d.Quote(ours.Column) + " = " + d.Placeholder(1) + " WHERE " + r.db.inList(theirs, len(chunk), 1)
		result, err := r.db.session.Writer(ctx).ExecContext(ctx, query, append([]any{our}, chunk...)...)
		if err != nil {
			return r.db.session.Translate(err)
		}
		if n, err := result.RowsAffected(); err == nil && n < int64(len(chunk)) && our != nil {
			return &NotFoundError{Model: theirs.Model}
		}
	}
	return nil
}

func (r *Related) remove(ctx context.Context, keys []any) error {
	ours, theirs := r.link()
	if !r.manyToMany() {
		if !ours.Null {
			return fmt.Errorf("orm: objects cannot be taken out of %s, as %s takes no NULL; delete them or point them elsewhere", r.step.Name(), ours)
		}
		linked, err := r.linked(ctx)
		if err != nil {
			return err
		}
		keys = slices.DeleteFunc(slices.Clone(keys), func(key any) bool { return !slices.Contains(linked, key) })
		return r.point(ctx, nil, keys)
	}
	if err := r.unlink(ctx, ours, theirs, keys); err != nil || !r.step.Relation.Symmetrical {
		return err
	}
	return r.unlink(ctx, theirs, ours, keys)
}

// unlink deletes rows of a through model.
func (r *Related) unlink(ctx context.Context, ours, theirs *Field, keys []any) error {
	our, err := r.ourKey()
	if err != nil {
		return err
	}
	d := r.db.Dialect()
	for chunk := range slices.Chunk(keys, chunkSize) {
		query := "DELETE FROM " + d.Quote(ours.Model.Table) + " WHERE " + d.Quote(ours.Column) + " = " + d.Placeholder(1) + " AND " + r.db.inList(theirs, len(chunk), 1)
		if _, err := r.db.session.Writer(ctx).ExecContext(ctx, query, append([]any{our}, chunk...)...); err != nil {
			return r.db.session.Translate(err)
		}
	}
	return nil
}
