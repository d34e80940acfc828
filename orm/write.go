package orm

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/store"
)

// Create inserts obj, a pointer to a model's struct, and stores the key that the database assigned in it. Empty
// foreign keys are taken from loaded related objects, the fields with the time of writing are set, hooks run, and the
// object is validated. The error may be a [*ValidationError] or, from the database, an [*IntegrityError]. Defaults
// are not applied: [New] and forms do that.
func (db *DB) Create(ctx context.Context, obj any) error {
	return store.Create(ctx, db.session.For(obj), obj)
}

// Save updates every column of obj's row; otherwise it does what Create does. It returns a [*NotFoundError] if there
// is no row with obj's key. If the model has a version field and the row another version than obj, the row has been
// written since obj was read, and the error is a [*StaleError]; on success the version of obj is counted up.
func (db *DB) Save(ctx context.Context, obj any) error {
	return store.Save(ctx, db.session.For(obj), obj)
}

// SaveFields updates the named columns of obj's row, those that a BeforeSave hook changes, and those with the time of
// the last write. Only the named fields are validated, and Clean does not run. Without names it does nothing. It
// returns a [*NotFoundError] if there is no row with obj's key, a [*StaleError] as Save does, and a [*LookupError] for
// an unknown name.
func (db *DB) SaveFields(ctx context.Context, obj any, names ...string) error {
	return store.SaveFields(ctx, db.session.For(obj), obj, names...)
}

// CreateAll inserts all objects of a slice (of pointers to one model's struct, or of structs) in as few statements as
// possible, in one transaction. It does for each object what Create does. If an object is refused, nothing is
// inserted and the error is a [*BulkError], which names its index and wraps the error of Create. An empty slice is no
// error.
func (db *DB) CreateAll(ctx context.Context, objs any) error {
	return store.CreateAll(ctx, db.session.For(objs), objs)
}

// CreateMissing inserts those objects of a slice that break no unique constraint, and leaves out the others. It
// validates the objects and runs BeforeSave; AfterSave does not run. Databases do not report which rows they have left
// out, so the objects receive no keys: read them back by a unique field.
func (db *DB) CreateMissing(ctx context.Context, objs any) error {
	return store.CreateMissing(ctx, db.session.For(objs), objs)
}

// Conflict describes which rows [DB.Upsert] updates, and how.
type Conflict struct {
	On     []string // the fields of a unique constraint or of the primary key
	Update []string // the fields that a row which exists gets; none means all but On, keys, versions and times of creation
}

// Upsert inserts the objects of a slice, or one object; where a row with the same values in the fields of c.On exists,
// it updates that row instead. Afterwards each object holds what its row holds, also in fields that were not updated. It
// does for each object what Create does, hooks included, in one transaction and in as few statements as possible. A row
// that breaks another constraint is an error, and nothing is written; the error is a [*BulkError], as are two objects
// for one row, and NULL in a field of c.On.
func (db *DB) Upsert(ctx context.Context, objs any, c Conflict) error {
	return store.Upsert(ctx, db.session.For(objs), objs, c.On, c.Update)
}

// SaveAll updates the rows of all objects of a slice by one statement for every few hundred, in one transaction: the
// named columns, as SaveFields does, or without names every column but the time of creation, as Save does. If an object
// has no row, is refused, or is stale, nothing is written and the error is a [*BulkError], which names its index and
// wraps the error of Save. Changes of other columns by BeforeSave are not written.
func (db *DB) SaveAll(ctx context.Context, objs any, names ...string) error {
	return store.SaveAll(ctx, db.session.For(objs), objs, names...)
}

// Refresh reads the named columns of obj's row again, or without names every column. Loaded related objects whose key
// has changed are dropped. It returns a [*NotFoundError] if the row does not exist any more.
func (db *DB) Refresh(ctx context.Context, obj any, names ...string) error {
	return store.Refresh(ctx, db.session.For(obj), obj, names...)
}

// Validate checks the fields of obj, a pointer to a model's struct, runs its Clean method and the model's Cleaners, and
// evaluates the model's constraints if nothing else is wrong. It also checks LimitChoicesTo of foreign keys, with a query for
// each. The error is a [*ValidationError] with every problem found.
func (db *DB) Validate(ctx context.Context, obj any) error {
	return db.validateChoices(ctx, obj, store.Validate(ctx, db.session.For(obj), obj))
}

// ValidateFields checks only the named fields of obj, without its Clean method and its constraints. The error is a
// [*ValidationError] with every problem found, or a [*LookupError] for an unknown name.
func (db *DB) ValidateFields(ctx context.Context, obj any, names ...string) error {
	return store.ValidateFields(ctx, db.session.For(obj), obj, names...)
}

// ValidateConstraints evaluates the unique constraints, the checks and the UniqueForDate of obj's model, by one query, and
// with names only those that concern these fields. An object without a key has no row yet. The error is a
// [*ValidationError] with every message, or a [*LookupError] for an unknown name.
//
// Create, Save and SaveFields need not be preceded by it: if the database reports a broken constraint, their
// [*IntegrityError] has the same messages, in FieldErrors. What the database cannot enforce, such as UniqueForDate, they
// evaluate before they write.
func (db *DB) ValidateConstraints(ctx context.Context, obj any, names ...string) error {
	return store.ValidateConstraints(ctx, db.session.For(obj), obj, names...)
}

// The hooks that models may implement. They run when objects are written or deleted (Create, Save, SaveFields,
// CreateAll, SaveAll, Upsert, Delete), not for updates of whole queries. An error stops the write and rolls it back.
type (
	// BeforeSaver runs before validation, so it may set fields.
	BeforeSaver interface {
		BeforeSave(ctx context.Context) error
	}
	// AfterSaver runs after the row is written, in the same transaction.
	AfterSaver interface {
		AfterSave(ctx context.Context) error
	}
	// BeforeDeleter runs before the row is deleted, also when it is deleted because of another row.
	BeforeDeleter interface {
		BeforeDelete(ctx context.Context) error
	}
	// AfterDeleter runs after the row is deleted, in the same transaction.
	AfterDeleter interface {
		AfterDelete(ctx context.Context) error
	}
	// Normalizer changes values to the form in which they are stored, such as lower case. Validate and ValidateFields
	// call it before they check the fields, so it runs for forms and for writes.
	Normalizer interface{ Normalize() }
	// Cleaner checks an object as a whole. Its error may be a [*ValidationError] that names fields. A Clean method
	// without a context is called too.
	Cleaner interface {
		Clean(ctx context.Context) error
	}
)
