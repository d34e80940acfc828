package orm

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/schema"
)

// Aggregate returns a value computed over all rows of a query: orm.Aggregate(ctx, posts, Posts.Views.Sum()). Over no rows it is
// the zero value. A query with Limit, Offset, Distinct or groups is an error.
func Aggregate[T, V any](ctx context.Context, q Query[T], a AggregateExpr[V]) (V, error) {
	var result V
	values, err := q.untyped.Aggregate(ctx, map[string]dynamic.Annotation{"result": a})
	if err != nil || values["result"] == nil {
		return result, err
	}
	if v, ok := values["result"].(V); ok {
		return v, nil
	}
	converter := schema.Field{Name: "result", Type: reflect.TypeFor[V](), Kind: schema.KindFloat}
	converted, err := converter.Convert(values["result"])
	if err != nil {
		return result, err
	}
	return converted.(V), nil
}

// Load loads relations of objects that have been read already, with one statement for each relation:
//
//	err := orm.Load(ctx, db, posts, Posts.Author(), Posts.Comments().Author())
//
// It does what [Query.Prefetch] does: a related object that is loaded already is kept, and a list is read again.
func Load[T any](ctx context.Context, db *DB, objects []*T, relations ...Relation) error {
	m, err := ModelFor[T](db)
	if err != nil {
		return err
	}
	names := make([]string, len(relations))
	for i, r := range relations {
		root, path := columns.PathOf(r)
		if err := compile.CheckRoot(m, root, path); err != nil {
			return err
		}
		names[i] = path
	}
	return dynamic.Load(ctx, db, anys(objects), names...)
}

// LoadReverse returns the objects at the other end of a reverse or many-to-many relation of several parents, by the parent's
// key. Use it for relations that no struct field of the parent can hold, such as the one from another package's model. The
// relation is given as the function or method of generated columns:
//
//	posts, err := orm.LoadReverse(ctx, db, users, blog.PostsOf)
//	tags, err := orm.LoadReverse(ctx, db, posts, blog.PostCols.Tags)
//
// Parents without related objects have an empty slice in the map, and by a reverse one-to-one relation the slice has at most one
// object.
func LoadReverse[T, R any, From Columns[T], To Columns[R]](
	ctx context.Context, db *DB, parents []*T, relation func(From) To,
) (map[any][]*R, error) {
	m, err := ModelFor[T](db)
	if err != nil {
		return nil, err
	}
	var from From
	_, name := columns.PathOf(relation(from))
	path, err := m.ResolveRelation(name)
	if err != nil {
		return nil, err
	}
	step := path.Steps[0]
	if len(path.Steps) != 1 || !step.ToMany() && !step.Reverse || step.To().Type != reflect.TypeFor[R]() {
		return nil, fmt.Errorf("orm: LoadReverse takes one reverse or many-to-many relation to %s, not %q; orm.Load loads foreign keys",
			reflect.TypeFor[R](), path.Text)
	}
	objects := make([]any, len(parents))
	for i, parent := range parents {
		objects[i] = parent
	}
	groups, err := load.Reverse(ctx, db.session.Of(m), step, objects)
	if err != nil {
		return nil, err
	}
	found := make(map[any][]*R, len(parents))
	for i, parent := range objects {
		rows := make([]*R, len(groups[i]))
		for j, object := range groups[i] {
			rows[j] = object.(*R)
		}
		found[m.PK.Value(parent)] = rows
	}
	return found, nil
}

// GetOrCreate returns the only row of a query, or creates the object that create returns if there is none. It reports whether it
// created one. If another writer creates the row first, that row is returned; this needs a unique constraint on what the query
// filters by. Inside Atomic it takes part in the transaction.
func GetOrCreate[T any](ctx context.Context, q Query[T], create func() *T) (*T, bool, error) {
	obj, err := q.Get(ctx)
	if !errors.Is(err, ErrNotFound) {
		return obj, false, err
	}
	db := &DB{q.Compiled().Session}
	created := create()
	err = db.Atomic(ctx, func(ctx context.Context) error { return db.Create(ctx, created) })
	if err == nil {
		return created, true, nil
	}
	if other, getErr := q.Get(ctx); getErr == nil && isConflict(err) {
		return other, false, nil
	}
	return nil, false, err
}

// isConflict reports whether an object was refused because an equal one exists: by the database, or earlier by validation.
func isConflict(err error) bool {
	if integrity, ok := errors.AsType[*IntegrityError](err); ok {
		return integrity.Kind == IntegrityUnique
	}
	_, invalid := errors.AsType[*ValidationError](err)
	return invalid
}

// UpdateOrCreate applies change to the only row of a query and saves it. If there is none it creates a new object with the
// model's defaults and the change. It reports whether it created one. The row is locked between reading and saving it, so that
// concurrent calls lose no change; if another writer creates the row first, change is applied to that one, so it may run more
// than once. This needs a unique constraint on what the query filters by. It runs in a transaction, inside Atomic in a savepoint.
func UpdateOrCreate[T any](ctx context.Context, q Query[T], change func(*T)) (*T, bool, error) {
	db := &DB{q.Compiled().Session}
	if db.session == nil {
		_, err := q.Get(ctx)
		return nil, false, err
	}
	obj, created, err := updateOrCreate(ctx, db, q, change)
	if err != nil && isConflict(err) { // another writer may have created the row since
		if exists, existsErr := q.Exists(ctx); existsErr == nil && exists {
			obj, created, err = updateOrCreate(ctx, db, q, change)
		}
	}
	if err != nil {
		return nil, false, err
	}
	return obj, created, nil
}

// updateOrCreate is one attempt of UpdateOrCreate, in a transaction of its own, so that a failed one leaves no locks.
func updateOrCreate[T any](ctx context.Context, db *DB, q Query[T], change func(*T)) (obj *T, created bool, err error) {
	err = db.Atomic(ctx, func(ctx context.Context) (err error) {
		created = false
		obj, err = q.ForUpdate().Get(ctx)
		if err == nil {
			change(obj)
			return db.Save(ctx, obj)
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		if obj, err = New[T](db); err != nil {
			return err
		}
		change(obj)
		created = true
		return db.Create(ctx, obj)
	}, Retry(3))
	return obj, created, err
}
