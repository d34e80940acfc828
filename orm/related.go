package orm

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/links"
)

// Related is the set of objects that a many-to-many field or a reverse relation of one object holds. Its methods take
// objects as pointers to structs, as keys, or as slices of either, and run in a transaction.
type Related struct {
	set *links.Set
	err error
}

// Related returns the objects that obj, a pointer to a model's struct, is linked with by a many-to-many field or a
// reverse relation: db.Related(post, "tags"), db.Related(tag, "posts"), db.Related(user, "comments"). The methods of
// the result report a wrong name and an object without a key.
func (db *DB) Related(obj any, name string) *Related {
	set, err := links.Of(db.session, obj, name)
	return &Related{set, err}
}

// Model returns the model of the related objects, or nil after an error.
func (r *Related) Model() *Model {
	if r.err != nil {
		return nil
	}
	return r.set.Model()
}

// IDs returns the keys of the related objects, in the order in which they were linked or created.
func (r *Related) IDs(ctx context.Context) ([]any, error) {
	if r.err != nil {
		return nil, r.err
	}
	return r.set.IDs(ctx)
}

// Add links objects. Those already linked stay as they are. It returns a [*NotFoundError] if an object that a foreign
// key would be set in has no row.
func (r *Related) Add(ctx context.Context, objsOrIDs ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.set.Add(ctx, objsOrIDs...)
}

// Remove unlinks objects. For a reverse relation it sets the foreign key to NULL, and returns an error if the key
// does not accept NULL.
func (r *Related) Remove(ctx context.Context, objsOrIDs ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.set.Remove(ctx, objsOrIDs...)
}

// Set links exactly these objects, and unlinks all others.
func (r *Related) Set(ctx context.Context, objsOrIDs ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.set.Set(ctx, objsOrIDs...)
}

// Clear unlinks all objects.
func (r *Related) Clear(ctx context.Context) error { return r.Set(ctx) }
