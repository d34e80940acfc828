package orm

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// Deleted says how many rows a deletion removed.
type Deleted struct {
	Total   int64
	ByModel map[string]int64 // by "blog.Post"
}

// Deletion is everything that deleting some objects entails, found but not yet done.
type Deletion struct {
	Groups    []DeletionGroup  // what is deleted, the objects asked for first
	Updates   []DeletionUpdate // foreign keys that are emptied or set to their default
	Protected []ProtectedGroup // what stands in the way

	db     *DB
	index  map[*Model]int
	seen   map[*Model]map[any]bool
	fast   []fastDelete
	soft   []ProtectedGroup // Restrict: in the way unless it is deleted as well
	wanted []any
}

// DeletionGroup is the rows of one model that are deleted.
type DeletionGroup struct {
	Model   *Model
	Objects []any // the loaded ones; rows that nothing depends on are only counted
	Count   int64 // of all of them
}

// DeletionUpdate is a foreign key of some rows that is set to NULL or to its default.
type DeletionUpdate struct {
	Field *Field
	Count int64

	keys []any // encoded keys of the rows that the foreign key points at
}

// ProtectedGroup is rows of one model that point at a deleted object and forbid its deletion.
type ProtectedGroup struct {
	Field   *Field // the foreign key
	Objects []any
}

type fastDelete struct {
	field *Field
	keys  []any
}

// ProtectedError says that objects cannot be deleted as others point at them.
type ProtectedError struct{ Protected []ProtectedGroup }

// Error names the objects in the way.
func (e *ProtectedError) Error() string {
	var parts []string
	for _, g := range e.Protected {
		names := make([]string, 0, 3)
		for _, obj := range g.Objects[:min(3, len(g.Objects))] {
			names = append(names, g.Field.Model.Display(obj))
		}
		if more := len(g.Objects) - len(names); more > 0 {
			names = append(names, fmt.Sprintf("and %d more", more))
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", g.Field, strings.Join(names, ", ")))
	}
	return "orm: cannot be deleted as other objects point at it: " + strings.Join(parts, "; ")
}

// HTTPStatus is 409.
func (e *ProtectedError) HTTPStatus() int { return http.StatusConflict }

// Delete deletes obj, a pointer to a model's struct with its key set, and everything that goes along by the OnDelete of
// the foreign keys that point at it. The error is a [*ProtectedError] if something stands in the way and a
// [*NotFoundError] if the row is gone. Hooks run for every object deleted.
func (db *DB) Delete(ctx context.Context, obj any) (Deleted, error) {
	var done Deleted
	err := db.Atomic(ctx, func(ctx context.Context) error {
		deletion, err := db.CollectDelete(ctx, obj)
		if err != nil {
			return err
		}
		done, err = deletion.Execute(ctx)
		return err
	})
	if err != nil {
		return Deleted{}, err
	}
	return done, nil
}

// CollectDelete finds what deleting objects (pointers to models' structs, of one model or several) entails. Nothing is
// changed until Execute.
func (db *DB) CollectDelete(ctx context.Context, objs ...any) (*Deletion, error) {
	d := &Deletion{db: db, index: map[*Model]int{}, seen: map[*Model]map[any]bool{}, wanted: objs}
	byModel := map[*Model][]any{}
	var order []*Model
	for _, obj := range objs {
		m, err := db.instance(obj)
		if err != nil {
			return nil, err
		}
		if err := requireKey(m, obj); err != nil {
			return nil, err
		}
		if byModel[m] == nil {
			order = append(order, m)
		}
		byModel[m] = append(byModel[m], obj)
	}
	for _, m := range order {
		if err := d.collect(ctx, m, byModel[m]); err != nil {
			return nil, err
		}
	}
	for _, g := range d.soft {
		var left []any
		for _, obj := range g.Objects {
			if !d.seen[g.Field.Model][keyOf(g.Field.Model, obj)] {
				left = append(left, obj)
			}
		}
		if len(left) > 0 {
			d.Protected = append(d.Protected, ProtectedGroup{g.Field, left})
		}
	}
	return d, nil
}

// Allowed reports whether nothing stands in the way.
func (d *Deletion) Allowed() bool { return len(d.Protected) == 0 }

// Total counts the rows that are deleted.
func (d *Deletion) Total() int64 {
	var n int64
	for _, g := range d.Groups {
		n += g.Count
	}
	return n
}

// keyOf makes something comparable of an object's key.
func keyOf(m *Model, obj any) any {
	if len(m.PrimaryKeys) == 1 {
		if v, err := m.PK.Encode(m.PK.Value(obj)); err == nil {
			if _, isBytes := v.([]byte); !isBytes {
				return v
			}
		}
	}
	parts := make([]string, len(m.PrimaryKeys))
	for i, f := range m.PrimaryKeys {
		parts[i] = fmt.Sprint(schema.Indirect(f.Value(obj)))
	}
	return strings.Join(parts, "\x00")
}

// add enters objects that are to be deleted and gives back the new ones.
func (d *Deletion) add(m *Model, objs []any) []any {
	if d.seen[m] == nil {
		d.seen[m] = map[any]bool{}
	}
	var fresh []any
	for _, obj := range objs {
		if key := keyOf(m, obj); !d.seen[m][key] {
			d.seen[m][key] = true
			fresh = append(fresh, obj)
		}
	}
	if len(fresh) > 0 {
		g := d.group(m)
		g.Objects = append(g.Objects, fresh...)
		g.Count += int64(len(fresh))
	}
	return fresh
}

func (d *Deletion) group(m *Model) *DeletionGroup {
	i, ok := d.index[m]
	if !ok {
		i = len(d.Groups)
		d.index[m] = i
		d.Groups = append(d.Groups, DeletionGroup{Model: m})
	}
	return &d.Groups[i]
}

// collect enters objects and follows every foreign key that points at them.
func (d *Deletion) collect(ctx context.Context, m *Model, objs []any) error {
	objs = d.add(m, objs)
	if len(objs) == 0 {
		return nil
	}
	for _, r := range m.Reverse {
		if r.Kind == KindManyToMany || r.OnDelete == DoNothing {
			continue
		}
		for chunk := range slices.Chunk(objs, chunkSize) {
			keys := make([]any, 0, len(chunk))
			for _, obj := range chunk {
				key, err := r.ToField.Encode(r.ToField.Value(obj))
				if err != nil {
					return err
				}
				if key != nil {
					keys = append(keys, key)
				}
			}
			if len(keys) == 0 {
				continue
			}
			if err := d.follow(ctx, r.Field, keys); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow does with the rows that point at keys what their foreign key says.
func (d *Deletion) follow(ctx context.Context, f *Field, keys []any) error {
	switch f.Relation.OnDelete {
	case SetNull, SetDefault:
		n, err := d.db.countWhere(ctx, f, keys)
		if err != nil || n == 0 {
			return err
		}
		for i := range d.Updates {
			if d.Updates[i].Field == f {
				d.Updates[i].Count += n
				d.Updates[i].keys = append(d.Updates[i].keys, keys...)
				return nil
			}
		}
		d.Updates = append(d.Updates, DeletionUpdate{Field: f, Count: n, keys: keys})
		return nil
	case Cascade:
		if fastDeletable(f.Model) {
			n, err := d.db.countWhere(ctx, f, keys)
			if err != nil || n == 0 {
				return err
			}
			d.fast = append(d.fast, fastDelete{f, keys})
			d.group(f.Model).Count += n
			return nil
		}
	}
	objs, err := d.db.loadWhere(ctx, f, keys)
	if err != nil || len(objs) == 0 {
		return err
	}
	switch f.Relation.OnDelete {
	case Cascade:
		return d.collect(ctx, f.Model, objs)
	case Restrict:
		d.soft = append(d.soft, ProtectedGroup{f, objs})
	default:
		d.Protected = append(d.Protected, ProtectedGroup{f, objs})
	}
	return nil
}

// fastDeletable reports whether rows of a model can be deleted unseen: nothing follows from it, and no hook wants them.
// Only implicit through models qualify, so that people are shown everything else.
func fastDeletable(m *Model) bool {
	if !m.Auto {
		return false
	}
	return !slices.ContainsFunc(m.Reverse, func(r *schema.Relation) bool { return r.Kind != KindManyToMany })
}

// Execute deletes what was collected, in one transaction. It is a [*ProtectedError] if something stands in the way.
func (d *Deletion) Execute(ctx context.Context) (Deleted, error) {
	if !d.Allowed() {
		return Deleted{}, &ProtectedError{d.Protected}
	}
	done := Deleted{ByModel: map[string]int64{}}
	err := d.db.Atomic(ctx, func(ctx context.Context) error {
		for _, g := range d.Groups {
			for _, obj := range g.Objects {
				if h, ok := obj.(BeforeDeleter); ok {
					if err := h.BeforeDelete(ctx); err != nil {
						return err
					}
				}
			}
		}
		if err := d.update(ctx); err != nil {
			return err
		}
		for _, fast := range d.fast {
			n, err := d.db.deleteWhere(ctx, fast.field.Model, fast.field, fast.keys)
			if err != nil {
				return err
			}
			done.count(fast.field.Model, n)
		}
		for _, g := range d.ordered() {
			if err := d.deleteGroup(ctx, g, &done); err != nil {
				return err
			}
		}
		for _, g := range d.Groups {
			for _, obj := range g.Objects {
				if h, ok := obj.(AfterDeleter); ok {
					if err := h.AfterDelete(ctx); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return Deleted{}, err
	}
	return done, nil
}

func (d *Deleted) count(m *Model, n int64) {
	if n > 0 {
		d.Total += n
		d.ByModel[m.String()] += n
	}
}

// String lists the counts, such as "3 rows: 1 blog.Post, 2 blog.Comment".
func (d Deleted) String() string {
	parts := make([]string, 0, len(d.ByModel))
	for _, name := range slices.Sorted(maps.Keys(d.ByModel)) {
		parts = append(parts, fmt.Sprintf("%d %s", d.ByModel[name], name))
	}
	return fmt.Sprintf("%d rows: %s", d.Total, strings.Join(parts, ", "))
}

func (d *Deletion) deleteGroup(ctx context.Context, g DeletionGroup, done *Deleted) error {
	var deleted int64
	for chunk := range slices.Chunk(g.Objects, chunkSize) {
		if len(g.Model.PrimaryKeys) > 1 {
			for _, obj := range chunk {
				n, err := d.db.deleteByKeys(ctx, g.Model, obj)
				if err != nil {
					return err
				}
				deleted += n
			}
			continue
		}
		keys, err := d.db.keysOf(g.Model.PK, chunk)
		if err != nil {
			return err
		}
		n, err := d.db.deleteWhere(ctx, g.Model, g.Model.PK, keys)
		if err != nil {
			return err
		}
		deleted += n
	}
	if len(d.wanted) == 1 && deleted == 0 && len(g.Objects) > 0 && g.Objects[0] == d.wanted[0] {
		return &NotFoundError{Model: g.Model, PK: schema.Indirect(g.Model.PK.Value(d.wanted[0]))}
	}
	done.count(g.Model, deleted)
	return nil
}

// ordered puts models that point at others before them, so that databases which check references at once agree.
func (d *Deletion) ordered() []DeletionGroup {
	left := slices.Clone(d.Groups)
	var order []DeletionGroup
	for len(left) > 0 {
		i := slices.IndexFunc(left, func(g DeletionGroup) bool {
			return !slices.ContainsFunc(left, func(other DeletionGroup) bool {
				return other.Model != g.Model && pointsAt(other.Model, g.Model)
			})
		})
		i = max(i, 0) // models that point at each other, in the order they were found
		order = append(order, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return order
}

func pointsAt(m, target *Model) bool {
	return slices.ContainsFunc(m.Fields, func(f *Field) bool { return f.Relation != nil && f.Relation.To == target })
}
