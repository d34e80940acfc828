package migrate

import (
	"github.com/quintetgo/quintet/orm/migrate/history"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// What migration files are made of; see the types themselves.
type (
	// Migration is one file of changes of an app.
	Migration = state.Migration
	// Dependency names a migration that must have been applied before.
	Dependency = state.Dependency
	// Operation is one step of a migration.
	Operation = state.Operation

	// Field is a column of a model, or a many-to-many relation.
	Field = state.Field
	// Index is a plain index over fields.
	Index = state.Index
	// Constraint is a Unique or a Check.
	Constraint = state.Constraint
	// Unique says that fields together occur only once.
	Unique = state.Unique
	// Check is an SQL condition that each row keeps.
	Check = state.Check
	// SQL, used as a backfill, is an expression over the other columns of the row.
	SQL = state.SQL

	// CreateModel makes a table.
	CreateModel = state.CreateModel
	// DeleteModel drops a table.
	DeleteModel = state.DeleteModel
	// RenameModel renames a model, and its table if that has the default name.
	RenameModel = state.RenameModel
	// AlterModelTable moves a model to a table of another name.
	AlterModelTable = state.AlterModelTable
	// AddField adds a column or a many-to-many relation.
	AddField = state.AddField
	// RemoveField drops a column or a many-to-many relation.
	RemoveField = state.RemoveField
	// AlterField changes how a field is stored.
	AlterField = state.AlterField
	// RenameField renames a field and its column.
	RenameField = state.RenameField
	// AddIndex makes an index.
	AddIndex = state.AddIndex
	// RemoveIndex drops an index.
	RemoveIndex = state.RemoveIndex
	// AddConstraint makes the database keep a Unique or a Check.
	AddConstraint = state.AddConstraint
	// RemoveConstraint lets go of a constraint.
	RemoveConstraint = state.RemoveConstraint
	// RunSQL runs SQL of your own.
	RunSQL = state.RunSQL
	// SQLPair is the SQL of RunSQL for one database.
	SQLPair = state.SQLPair
	// RunGo runs Go code over the rows.
	RunGo = history.RunGo
	// History gives RunGo the rows as they are at that point.
	History = history.History
	// Row is one row by field name.
	Row = history.Row
)

const (
	// Now, used as a backfill, is the moment at which the migration runs.
	Now = state.Now
	// NoSQL, as one half of RunSQL, does nothing.
	NoSQL = state.NoSQL
)
