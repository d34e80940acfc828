// Package signals calls functions when objects of a model are written, deleted or linked, also from other apps than the
// model's:
//
//	signals.AfterSave(db, func(ctx context.Context, e signals.SaveEvent[blog.Post]) error { … })
//
// The functions run in the transaction of the write, with its context, in the order in which they were connected, after
// the methods of the model (see orm.BeforeSaver). An error of one of them is that of the write, which is rolled back; what
// must happen only once the data is stored belongs in orm.OnCommit. The context is that of the request, so auth.UserFrom
// returns its user. Updates and deletions of tables by orm.Query.Update, orm.DB.Exec and the database itself call none. A
// type that is not registered as a model is a problem of orm.DB.Check, orm.E074.
package signals

import (
	"context"
	"reflect"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// SaveEvent is a write of one object by Create, Save, SaveFields or CreateAll.
type SaveEvent[T any] struct {
	Object  *T
	Created bool     // the row is new
	Fields  []string // the names of the columns that are written; nil for all
}

// DeleteEvent is the deletion of one object, by Delete or because it cascades.
type DeleteEvent[T any] struct {
	Object *T
	Marked bool // the row is marked as deleted, and stays; see orm.SoftDelete
}

// LinkEvent is a change of the objects that a many-to-many relation links with one object.
type LinkEvent[T any] struct {
	Object   *T     // the object whose set of objects changes
	Relation string // the name of the relation, as passed to orm.DB.Related
	Added    bool   // objects are linked; otherwise they are unlinked
	Keys     []any  // the keys of the objects that are linked or unlinked
}

// BeforeSave calls fn before an object of type T is written, until disconnect is called. fn may change the object, which
// is validated afterwards.
func BeforeSave[T any](db *orm.DB, fn func(ctx context.Context, e SaveEvent[T]) error) (disconnect func()) {
	return onSave(db, session.BeforeSave, fn)
}

// AfterSave calls fn after an object of type T is written, in the same transaction.
func AfterSave[T any](db *orm.DB, fn func(ctx context.Context, e SaveEvent[T]) error) (disconnect func()) {
	return onSave(db, session.AfterSave, fn)
}

// BeforeDelete calls fn before an object of type T is deleted, also when it is deleted because of another one.
func BeforeDelete[T any](db *orm.DB, fn func(ctx context.Context, e DeleteEvent[T]) error) (disconnect func()) {
	return onDelete(db, session.BeforeDelete, fn)
}

// AfterDelete calls fn after an object of type T is deleted, in the same transaction.
func AfterDelete[T any](db *orm.DB, fn func(ctx context.Context, e DeleteEvent[T]) error) (disconnect func()) {
	return onDelete(db, session.AfterDelete, fn)
}

// BeforeLink calls fn before orm.Related links objects with one of type T, or unlinks them, by a many-to-many relation. A
// relation can be changed from both sides: connect to both models to receive all changes.
func BeforeLink[T any](db *orm.DB, fn func(ctx context.Context, e LinkEvent[T]) error) (disconnect func()) {
	return onLink(db, session.BeforeLink, fn)
}

// AfterLink calls fn after orm.Related has linked or unlinked objects, in the same transaction; see [BeforeLink].
func AfterLink[T any](db *orm.DB, fn func(ctx context.Context, e LinkEvent[T]) error) (disconnect func()) {
	return onLink(db, session.AfterLink, fn)
}

func onSave[T any](db *orm.DB, event session.Event, fn func(context.Context, SaveEvent[T]) error) func() {
	return db.Session().Connect(event, reflect.TypeFor[T](), func(ctx context.Context, s session.Signal) error {
		return fn(ctx, SaveEvent[T]{s.Object.(*T), s.Created, s.Fields})
	})
}

func onDelete[T any](db *orm.DB, event session.Event, fn func(context.Context, DeleteEvent[T]) error) func() {
	return db.Session().Connect(event, reflect.TypeFor[T](), func(ctx context.Context, s session.Signal) error {
		return fn(ctx, DeleteEvent[T]{s.Object.(*T), s.Marked})
	})
}

func onLink[T any](db *orm.DB, event session.Event, fn func(context.Context, LinkEvent[T]) error) func() {
	return db.Session().Connect(event, reflect.TypeFor[T](), func(ctx context.Context, s session.Signal) error {
		return fn(ctx, LinkEvent[T]{s.Object.(*T), s.Relation, s.Added, s.Keys})
	})
}

// Change is a write of one object of any model, for [OnChange].
type Change struct {
	Model   *schema.Model
	Object  any      // a pointer to a struct
	Created bool     // the row is new
	Deleted bool     // the row is deleted, or marked as deleted
	Fields  []string // see SaveEvent
}

// OnChange calls fn after an object of any model is written or deleted, in the same transaction, for logs of changes and
// indexes of a search. Otherwise it does what [AfterSave] and [AfterDelete] do.
func OnChange(db *orm.DB, fn func(ctx context.Context, c Change) error) (disconnect func()) {
	saves := db.Session().Connect(session.AfterSave, nil, func(ctx context.Context, s session.Signal) error {
		return fn(ctx, Change{Model: s.Model, Object: s.Object, Created: s.Created, Fields: s.Fields})
	})
	deletes := db.Session().Connect(session.AfterDelete, nil, func(ctx context.Context, s session.Signal) error {
		return fn(ctx, Change{Model: s.Model, Object: s.Object, Deleted: true})
	})
	return func() { saves(); deletes() }
}
