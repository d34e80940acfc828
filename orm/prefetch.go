package orm

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/schema"
)

// prefetch is a path of relations to load, with the query that the last one's objects come from.
type prefetch struct {
	path  string
	query *AnyQuery
}

// chunkSize is how many keys one statement of a prefetch compares with.
const chunkSize = 500

// fill loads relations of objects of one model into their struct fields.
func (db *DB) fill(ctx context.Context, m *Model, objects []any, list []prefetch) error {
	var names []string
	rest := map[string][]prefetch{}
	query := map[string]*AnyQuery{}
	for _, p := range list {
		name, after, more := strings.Cut(p.path, "__")
		if _, known := rest[name]; !known {
			names, rest[name] = append(names, name), nil
		}
		if more {
			rest[name] = append(rest[name], prefetch{after, p.query})
		} else if p.query != nil {
			query[name] = p.query
		}
	}
	for _, name := range names {
		path, err := m.ResolveRelation(name)
		if err != nil {
			return err
		}
		f := filler{db: db, step: path.Steps[0], rest: rest[name]}
		if f.query, err = f.base(query[name]); err != nil {
			return err
		}
		if len(objects) == 0 {
			continue
		}
		if err := f.run(ctx, objects); err != nil {
			return err
		}
	}
	return nil
}

// filler loads one relation.
type filler struct {
	db    *DB
	step  schema.Step
	query AnyQuery // of the related model
	rest  []prefetch
}

func (f *filler) base(given *AnyQuery) (AnyQuery, error) {
	name := f.step.Relation.GoName
	if f.step.Reverse {
		name = f.step.Relation.ReverseGoName
	}
	if name == "" {
		return AnyQuery{}, &LookupError{
			Model: f.step.From(), Path: f.step.Name(), Part: f.step.Name(),
			Problem: fmt.Sprintf("%s has no struct field to load %q into; add one of type []%s, or use LoadReverse", f.step.From(), f.step.Name(), f.step.To().Name),
		}
	}
	return f.related(given)
}

func (f *filler) related(given *AnyQuery) (AnyQuery, error) {
	if given == nil {
		return f.db.Objects(f.step.To()), nil
	}
	q := *given
	switch {
	case q.err != nil:
		return q, q.err
	case q.query.Model != f.step.To():
		return q, fmt.Errorf("orm: the prefetch of %q takes a query on %s, not %s", f.step.Name(), f.step.To(), q.query.Model)
	case q.query.Limit > 0 || q.query.Offset > 0:
		return q, fmt.Errorf("orm: the prefetch of %q takes no query with Limit or Offset, which would count over all parents", f.step.Name())
	}
	return q, nil
}

func (f *filler) run(ctx context.Context, parents []any) error {
	r := f.step.Relation
	if !f.step.Reverse && r.Kind != schema.KindManyToMany {
		return f.toOne(ctx, parents)
	}
	groups, err := f.groups(ctx, parents)
	if err != nil {
		return err
	}
	for i, parent := range parents {
		if f.step.Reverse {
			r.SetReverse(parent, groups[i])
		} else {
			r.SetObjects(parent, groups[i])
		}
	}
	return nil
}

// toOne loads what a foreign key points at. Objects that are loaded already stay.
func (f *filler) toOne(ctx context.Context, parents []any) error {
	r := f.step.Relation
	keys := newIndex(len(parents))
	var loaded []any
	for _, parent := range parents {
		if object := r.Object(parent); object != nil {
			loaded = append(loaded, object)
			continue
		}
		key, err := r.Field.Encode(r.Field.Value(parent))
		if err != nil {
			return err
		}
		if key != nil {
			keys.add(key)
		}
	}
	found := make([]any, len(keys.list))
	var related []any
	for chunk := range slices.Chunk(keys.list, chunkSize) {
		objects, err := f.query.Where(r.ToField.Name+"__in", chunk).All(ctx)
		if err != nil {
			return err
		}
		related = append(related, objects...)
	}
	if err := f.db.fill(ctx, f.step.To(), append(loaded, related...), f.rest); err != nil {
		return err
	}
	for _, object := range related {
		key, err := r.ToField.Encode(r.ToField.Value(object))
		if err != nil {
			return err
		}
		if at, ok := keys.find(key); ok {
			found[at] = object
		}
	}
	for _, parent := range parents {
		if r.Object(parent) != nil {
			continue
		}
		key, err := r.Field.Encode(r.Field.Value(parent))
		if err != nil {
			return err
		}
		if at, ok := keys.find(key); ok && key != nil && found[at] != nil {
			r.SetObject(parent, found[at])
		}
	}
	return nil
}

// groups loads the related objects of each parent, complete with what lies beyond them.
func (f *filler) groups(ctx context.Context, parents []any) ([][]any, error) {
	r := f.step.Relation
	own := r.ToField // what the related rows hold of a parent
	if !f.step.Reverse {
		own = r.ThroughFrom.Relation.ToField
	}
	keys := newIndex(len(parents))
	places := make([]int, len(parents))
	for i, parent := range parents {
		key, err := own.Encode(own.Value(parent))
		if err != nil {
			return nil, err
		}
		places[i] = keys.add(key)
	}
	byKey := make([][]any, len(keys.list))
	var all []any
	add := func(object, key any) {
		if at, ok := keys.find(key); ok {
			byKey[at] = append(byKey[at], object)
		}
	}
	for chunk := range slices.Chunk(keys.list, chunkSize) {
		if err := f.groupChunk(ctx, chunk, &all, add); err != nil {
			return nil, err
		}
	}
	if err := f.db.fill(ctx, f.step.To(), all, f.rest); err != nil {
		return nil, err
	}
	groups := make([][]any, len(parents))
	for i, at := range places {
		groups[i] = byKey[at]
	}
	return groups, nil
}

// groupChunk loads the objects related to the parents with some keys.
func (f *filler) groupChunk(ctx context.Context, keys []any, all *[]any, add func(object, key any)) error {
	r := f.step.Relation
	if r.Kind == schema.KindManyToMany {
		return f.throughRows(ctx, keys, all, add)
	}
	objects, err := f.query.Where(r.Field.Name+"__in", keys).All(ctx)
	if err != nil {
		return err
	}
	for _, object := range objects {
		key, err := r.Field.Encode(r.Field.Value(object))
		if err != nil {
			return err
		}
		add(object, key)
	}
	*all = append(*all, objects...)
	return nil
}

// throughRows loads objects with the keys that a many-to-many relation ties them to. An object tied to several parents
// is one object.
func (f *filler) throughRows(ctx context.Context, keys []any, all *[]any, add func(object, key any)) error {
	q, r := f.query, f.step.Relation
	from, to := r.ThroughFrom, r.ThroughTo
	if f.step.Reverse {
		from, to = to, from
	}
	selected, err := compile.Through(f.db.Dialect(), q.compiled(), from, to, keys)
	if err != nil {
		return err
	}
	reader, err := scan.NewReader(ctx, selected.Objects, 0)
	if err != nil {
		return err
	}
	reader.WithExtra()
	rows, err := f.db.session.Reader(ctx).QueryContext(ctx, selected.SQL, selected.Args...)
	if err != nil {
		return q.failed(err)
	}
	defer rows.Close()
	model := q.query.Model
	known := newIndex(16)
	var fresh, owners []any
	for rows.Next() {
		p, err := reader.Read(rows)
		if err != nil {
			return q.failed(err)
		}
		object := reflect.NewAt(model.Type, unsafe.Pointer(p)).Interface()
		key, err := model.PK.Encode(model.PK.Value(object))
		if err != nil {
			return err
		}
		if at, ok := known.find(key); ok {
			object = fresh[at]
		} else {
			known.add(key)
			fresh = append(fresh, object)
		}
		owners = append(owners, object, reader.Extra())
	}
	if err := rows.Err(); err != nil {
		return q.failed(err)
	}
	rows.Close() // before the prefetches of q itself: a transaction has one connection
	if len(q.prefetch) > 0 {
		if err := f.db.fill(ctx, model, fresh, q.prefetch); err != nil {
			return err
		}
	}
	for i := 0; i < len(owners); i += 2 {
		add(owners[i], owners[i+1])
	}
	*all = append(*all, fresh...)
	return nil
}

// index numbers distinct keys. Whole numbers, the usual keys, have a map of their own.
type index struct {
	ints  map[int64]int
	other map[any]int
	list  []any
}

func newIndex(size int) *index { return &index{ints: make(map[int64]int, size)} }

func (x *index) find(key any) (int, bool) {
	if n, ok := key.(int64); ok {
		at, ok := x.ints[n]
		return at, ok
	}
	if b, ok := key.([]byte); ok {
		key = string(b)
	}
	at, ok := x.other[key]
	return at, ok
}

func (x *index) add(key any) int {
	if at, ok := x.find(key); ok {
		return at
	}
	at := len(x.list)
	x.list = append(x.list, key)
	switch k := key.(type) {
	case int64:
		x.ints[k] = at
	case []byte:
		x.put(string(k), at)
	default:
		x.put(k, at)
	}
	return at
}

func (x *index) put(key any, at int) {
	if x.other == nil {
		x.other = map[any]int{}
	}
	x.other[key] = at
}

// LoadReverse returns the objects at the other end of a reverse or many-to-many relation of several parents, by the
// parent's key. Use it for relations that no struct field of the parent can hold, such as the one from another package's
// model. The relation is given as the function that generated code declares for it:
//
//	posts, err := orm.LoadReverse(ctx, db, users, blog.PostsOf)
//	tags, err := orm.LoadReverse(ctx, db, posts, blog.PostCols.Tags)
//
// Parents without related objects have an empty slice in the map.
func LoadReverse[T, R any, From Columns[T], To Columns[R]](ctx context.Context, db *DB, parents []*T, relation func(From) To) (map[any][]*R, error) {
	m, err := ModelFor[T](db)
	if err != nil {
		return nil, err
	}
	var from From
	_, at := relation(from).relation()
	path, err := m.ResolveRelation(at)
	if err != nil {
		return nil, err
	}
	f := filler{db: db, step: path.Steps[0]}
	if len(path.Steps) != 1 || !f.step.ToMany() || f.step.To().Type != reflect.TypeFor[R]() {
		return nil, fmt.Errorf("orm: LoadReverse takes one to-many relation to %s, not %q", reflect.TypeFor[R](), path.Text)
	}
	if f.query, err = f.related(nil); err != nil {
		return nil, err
	}
	objects := make([]any, len(parents))
	for i, parent := range parents {
		objects[i] = parent
	}
	groups, err := f.groups(ctx, objects)
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
