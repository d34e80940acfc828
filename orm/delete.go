package orm

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/erase"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// Deleted counts the rows that a deletion removed.
type Deleted struct {
	Total   int64            // of all models
	ByModel map[string]int64 // by model names such as "blog.Post"; models without deleted rows are absent
}

// String returns the counts as text, such as "3 rows: 1 blog.Post, 2 blog.Comment".
func (d Deleted) String() string {
	parts := make([]string, 0, len(d.ByModel))
	for _, name := range slices.Sorted(maps.Keys(d.ByModel)) {
		parts = append(parts, fmt.Sprintf("%d %s", d.ByModel[name], name))
	}
	return fmt.Sprintf("%d rows: %s", d.Total, strings.Join(parts, ", "))
}

// Deletion is everything that deleting some objects entails, collected by [DB.CollectDelete] but not yet done.
type Deletion struct {
	Groups    []DeletionGroup  // what is deleted, the requested objects first
	Updates   []DeletionUpdate // foreign keys that are set to NULL or to their default
	Protected []ProtectedGroup // rows that forbid the deletion

	plan *erase.Plan
}

// DeletionGroup is the rows of one model that are deleted.
type DeletionGroup struct {
	Model   *Model
	Objects []any // pointers to structs; rows of implicit through models are counted, not loaded
	Count   int64 // of all rows
	Marked  bool  // the rows are marked as deleted, and stay
}

// DeletionUpdate is a foreign key that is set to NULL or to its default in some rows.
type DeletionUpdate struct {
	Field *Field
	Count int64 // of the rows
}

// Delete deletes obj, a pointer to a model's struct with its key set, and the rows that refer to it as the OnDelete
// of their foreign keys prescribes. If the model has a field that marks deleted rows (see [SoftDelete]), the row is
// marked, with the rows that cascade to it and whose model has such a field; all other rows stay as they are. The
// error is a [*ProtectedError] if a row forbids the deletion, and a [*NotFoundError] if obj has no row. Hooks run for every deleted object.
func (db *DB) Delete(ctx context.Context, obj any) (Deleted, error) {
	return db.delete(ctx, obj, erase.Collect)
}

// HardDelete removes the row of obj, whether or not it is marked as deleted, and removes the rows that cascade to it.
// Otherwise it does what Delete does.
func (db *DB) HardDelete(ctx context.Context, obj any) (Deleted, error) {
	return db.delete(ctx, obj, erase.CollectHard)
}

func (db *DB) delete(
	ctx context.Context, obj any, collect func(context.Context, *session.Session, ...any) (*erase.Plan, error),
) (Deleted, error) {
	var result erase.Result
	s := db.session.For(obj)
	err := s.Atomic(ctx, func(ctx context.Context) error {
		plan, err := collect(ctx, s, obj)
		if err != nil {
			return err
		}
		result, err = plan.Execute(ctx)
		return err
	})
	if err != nil {
		return Deleted{}, err
	}
	return Deleted(result), nil
}

// Restore takes the mark of a deletion from the row of obj, and from the rows that were marked by the same deletion
// because they cascade to it. It reads obj again and returns the number of rows, 0 if obj was not marked. It returns an
// error if the model has no field that marks deleted rows.
func (db *DB) Restore(ctx context.Context, obj any) (int64, error) {
	return erase.Restore(ctx, db.session.For(obj), obj)
}

// CollectDelete returns what deleting objects (pointers to structs of one model or several) entails. Nothing changes
// before [Deletion.Execute].
func (db *DB) CollectDelete(ctx context.Context, objs ...any) (*Deletion, error) {
	plan, err := erase.Collect(ctx, db.session.For(objs), objs...)
	if err != nil {
		return nil, err
	}
	d := &Deletion{Protected: plan.Protected, plan: plan}
	for _, g := range plan.Groups {
		d.Groups = append(d.Groups, DeletionGroup(g))
	}
	for _, u := range plan.Updates {
		d.Updates = append(d.Updates, DeletionUpdate{u.Field, u.Count})
	}
	return d, nil
}

// Allowed reports whether no row forbids the deletion.
func (d *Deletion) Allowed() bool { return len(d.Protected) == 0 }

// Total returns the number of rows that are deleted.
func (d *Deletion) Total() int64 {
	var n int64
	for _, g := range d.Groups {
		n += g.Count
	}
	return n
}

// Execute deletes what was collected, in one transaction, and runs the hooks of the loaded objects. The error is a
// [*ProtectedError] if a row forbids it.
func (d *Deletion) Execute(ctx context.Context) (Deleted, error) {
	result, err := d.plan.Execute(ctx)
	return Deleted(result), err
}
