package orm

import (
	"context"

	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/links"
)

// Related is the set of objects that a many-to-many field or a reverse relation of one object holds. Its methods take
// objects as pointers to structs, as keys, or as slices of either, and run in a transaction.
type Related struct {
	db  *DB
	set *links.Set
	err error
}

// Related returns the objects that obj, a pointer to a model's struct, is linked with by a many-to-many field or a
// reverse relation: db.Related(post, "tags"), db.Related(tag, "posts"), db.Related(user, "comments"). The methods of
// the result report a wrong name and an object without a key.
func (db *DB) Related(obj any, name string) *Related {
	set, err := links.Of(db.session, obj, name)
	return &Related{db, set, err}
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

// With returns the set whose new links get the values of through, a pointer to a struct of the relation's through model:
//
//	err := db.Related(concert, "players").With(&Engagement{Instrument: "guitar"}).Add(ctx, django)
//
// The two keys of the links are set by the methods; links that exist keep their values.
func (r *Related) With(through any) *Related {
	if r.err != nil {
		return r
	}
	set, err := r.set.With(through)
	return &Related{r.db, set, err}
}

// Create inserts obj, a pointer to a struct of the related model, as [DB.Create] does, and links it: by its foreign key, or by a
// row of the many-to-many relation.
func (r *Related) Create(ctx context.Context, obj any) error {
	if r.err != nil {
		return r.err
	}
	return r.set.Create(ctx, obj)
}

// Query returns a query for the related objects.
func (r *Related) Query() dynamic.Query {
	if r.err != nil {
		return dynamic.Query{}.WithError(r.err)
	}
	own, other, key := r.set.Links()
	if other == nil {
		return dynamic.From(r.db, own.Model).Where(own.Name, key)
	}
	links := r.Through().Where(other.Name, dynamic.OuterRef("pk"))
	return dynamic.From(r.db, r.set.Model()).Filter(dynamic.Exists(links))
}

// Through returns a query for the links themselves: the rows of a many-to-many relation's through model, or for a reverse
// relation the related objects.
func (r *Related) Through() dynamic.Query {
	if r.err != nil {
		return dynamic.Query{}.WithError(r.err)
	}
	own, _, key := r.set.Links()
	return dynamic.From(r.db, own.Model).Where(own.Name, key)
}

// Link is a pair for [DB.CreateLinks]: an object of the model that has the many-to-many field and one of the field's, or their
// keys.
type Link = links.Link

// CreateLinks links many pairs of a many-to-many field at once, in one transaction. The model is a pointer to its struct or its
// name. Pairs that are linked already stay as they are; a key without a row is an [*IntegrityError].
//
//	err := db.CreateLinks(ctx, &Post{}, "tags", []orm.Link{{post, tag}, {3, 5}})
func (db *DB) CreateLinks(ctx context.Context, model any, field string, pairs []Link) error {
	q := dynamic.From(db, model)
	if m := q.Model(); m != nil {
		return links.CreateAll(ctx, db.session, m, field, pairs)
	}
	_, err := q.Count(ctx)
	return err
}
