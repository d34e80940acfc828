package orm

import (
	"context"

	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// The words of models, from packages schema and declare.
type (
	// Model describes a table and the Go type of its rows.
	Model = schema.Model
	// Field describes a column, or a many-to-many relation.
	Field = schema.Field
	// Fields is what a model's Fields method describes its fields with.
	Fields = declare.Fields
	// Meta is what a model's Meta method returns.
	Meta = declare.Meta
	// Choice is a permitted value of a field.
	Choice = schema.Choice
	// Index is an index of several fields, or of a part of the rows.
	Index = schema.Index
	// Unique is a set of fields that are unique together.
	Unique = schema.Unique
	// Check is a condition that the database enforces.
	Check = schema.Check
	// Deferrable is when a unique constraint is checked.
	Deferrable = dialect.Deferrable
	// Permission is something that a user may be allowed to do with a model.
	Permission = schema.Permission
	// OnDelete is what happens to a row when the row that it points at is deleted.
	OnDelete = schema.OnDelete
	// DeleteRule is an OnDelete, or the result of SetWith.
	DeleteRule = schema.DeleteRule
)

// What happens to a row when the row that it points at is deleted.
const (
	Cascade    = schema.Cascade    // delete it too
	Protect    = schema.Protect    // refuse the deletion
	Restrict   = schema.Restrict   // refuse, unless the row is deleted along another path
	SetNull    = schema.SetNull    // store NULL
	SetDefault = schema.SetDefault // store the field's default
	DoNothing  = schema.DoNothing  // leave it to the database

	// The database does it, without hooks and without the rows being loaded. Migrations add the action to the constraint.
	DBCascade    = schema.DBCascade    // delete the row too
	DBSetNull    = schema.DBSetNull    // store NULL
	DBSetDefault = schema.DBSetDefault // store the column's default
)

// SetWith returns the rule that the row points at another object instead, which fn returns as an object or as its key. It
// runs in the transaction of the deletion, once for each foreign key, and may create the object:
//
//	orm.FK(f, &p.Author).OnDelete(orm.SetWith(deletedUser))
func SetWith(fn func(ctx context.Context, db *DB) (any, error)) DeleteRule {
	return schema.SetKey(func(ctx context.Context, handle any) (any, error) {
		return fn(ctx, &DB{handle.(*session.Session)})
	})
}

// When a deferrable unique constraint is checked.
const (
	InitiallyDeferred  = dialect.Deferred  // at the end of the transaction
	InitiallyImmediate = dialect.Immediate // after each statement, unless the transaction defers it
)

// ChoiceLabel returns the label of a value whose type has a Choices method, or "" if it is not one of them. A method that
// returns it shows the label in templates: {{ .concert.Status.Label }}.
func ChoiceLabel(v declare.Chooser) string {
	for _, c := range v.Choices() {
		if c.Value == any(v) {
			return c.Label
		}
	}
	return ""
}

// ModelsApp is implemented by apps that have models: pointers to structs, &Post{}.
type ModelsApp interface {
	Name() string
	Models() []any
}

// Describe returns the description of the field that p points at, for use in a Fields method: orm.Describe(f, &p.Title).
func Describe[T any](f *Fields, p *T) *declare.FieldBuilder[T] { return declare.Describe(f, p) }

// FK returns the description of the foreign key whose object p points at: orm.FK(f, &p.Author).
func FK[T any](f *Fields, p *T) *declare.RelationBuilder { return declare.FK(f, p) }

// FKTo makes the field that p points at a foreign key to the model with that registry name, "auth.User", for apps that
// cannot name the other Go type: orm.FKTo(f, &e.UserID, "auth.User").
func FKTo[T any](f *Fields, p *T, model string) *declare.RelationBuilder {
	return declare.FKTo(f, p, model)
}

// M2M returns the description of the many-to-many field that p points at: orm.M2M(f, &p.Tags).
func M2M[T any](f *Fields, p *T) *declare.RelationBuilder { return declare.M2M(f, p) }
