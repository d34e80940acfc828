package declare

import "github.com/quintetgo/quintet/orm/schema"

// Meta describes a model as a whole. Every field may be left zero.
type Meta struct {
	// Label is the user-facing name, in lower case: "post". The default is the name of the type, split into words.
	Label string
	// LabelPlural is the plural of Label, "posts". The default is the regular English plural.
	LabelPlural string
	// Table is the name of the table. The default is the names of app and model, "blog_post".
	Table string
	// Ordering is the default order of queries; "-created_at" is descending. The default is no order.
	Ordering []string
	// Indexes are indexes of several fields, of a part of the rows, or in descending order. An empty Name is generated.
	Indexes []schema.Index
	// Unique lists sets of fields that are unique together. An empty Name is generated.
	Unique []schema.Unique
	// Checks are conditions that the database enforces. An empty Name is generated.
	Checks []schema.Check
	// Permissions are those of users besides DefaultPermissions.
	Permissions []schema.Permission
	// DefaultPermissions are those of "view", "add", "change" and "delete" that the model has. The default is all four; an
	// empty list is none.
	DefaultPermissions []string
	// DefaultRelatedName is the name of the reverse relation of the model's relations that name none with Related, written
	// as a text so that generated code has it too. The default is derived from the model's name.
	DefaultRelatedName string
	// Unmanaged leaves the table to another program: migrations do not create, change or drop it.
	Unmanaged bool
	// Latest is the field that Latest and Earliest use if they are called without one; "-" before it reverses the order.
	Latest string
	// Tenant is the field or foreign key that holds the tenant of a row, such as "shop". Queries return only rows of the
	// tenant in their context, and new rows belong to it; see tenant.With. The default is none.
	Tenant string
	// Scopes are conditions that every query on the model adds; see orm.DefaultScope. The default is none.
	Scopes []schema.Scope
}

// Metaer is implemented by models that have a Meta.
type Metaer interface{ Meta() Meta }

// Fielder is implemented by models that describe their fields in more detail than GORM tags can. Fields is called once, on
// a zero value, when the model is registered.
type Fielder interface{ Fields(f *Fields) }

// Chooser is implemented by types that have a fixed list of values; fields of such a type need no Choices call.
type Chooser interface{ Choices() []schema.Choice }
