package migrate

import (
	"github.com/quintetgo/quintet/orm/migrate/rows"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// What migration files are made of. The types are declared in the packages state and history, which the rest of this
// package builds on; their fields and methods are repeated here, where migrations are written.
type (
	// Migration is one file of changes of an app.
	//
	//	type Migration struct {
	//		// Name is the file's name without ".go", "0002_post_lang". The order of migrations comes from Depends, not from names.
	//		Name string
	//		// Depends lists what must have been applied before, the app's own previous migration included.
	//		Depends []Dependency
	//		// Operations are applied in order, and undone in the opposite order.
	//		Operations []Operation
	//		// Replaces lists migrations of the same app, by name, that this one does the work of. A database that has them all
	//		// counts as having this one.
	//		Replaces []string
	//	}
	Migration = state.Migration
	// Dependency names a migration that must have been applied before.
	//
	//	type Dependency struct {
	//		App   string
	//		Name  string // a migration, or "" for the app's first one
	//		Model string // an alias such as "auth.User": the migration that made the model it stands for
	//	}
	Dependency = state.Dependency
	// Operation is one step of a migration.
	//
	//	type Operation interface {
	//		// Apply changes s as the operation of a migration of app does. It reports what makes the step impossible, such as a
	//		// model that does not exist, and leaves s as it was then.
	//		Apply(app string, s *State) error
	//		// Describe says in a few words what the operation does: "Add field lang to Post".
	//		Describe() string
	//	}
	Operation = state.Operation

	// Field is a column of a model, or a many-to-many relation.
	//
	//	type Field struct {
	//		Name    string
	//		Kind    Kind
	//		Options Options
	//	}
	//
	// Its methods:
	//
	//	Null() Field
	//	Unique() Field
	//	Index() Field
	//	PrimaryKey() Field
	//	Column(name string) Field
	//	Collation(name string) Field
	//	DBDefault(expression string) Field
	//	ToField(name string) Field
	//	NoConstraint() Field
	//	OnUpdate(action string) Field
	//	Comment(text string) Field
	//	Through(model string) Field
	//	Table(name string) Field
	//	Columns(from, to string) Field
	//	Backfill(value any) Field
	//	Using(expression string) Field
	Field = state.Field
	// Index is a plain index over fields.
	//
	//	type Index struct {
	//		Name   string
	//		Fields []string
	//		Where  string // SQL condition of a partial index
	//	}
	Index = state.Index
	// Constraint is a Unique or a Check.
	//
	//	type Constraint interface{ ConstraintName() string }
	Constraint = state.Constraint
	// Unique says that fields together occur only once.
	//
	//	type Unique struct {
	//		Name   string
	//		Fields []string
	//		Where  string // SQL condition of the rows that it covers
	//	}
	Unique = state.Unique
	// Check is an SQL condition that each row keeps.
	//
	//	type Check struct{ Name, SQL string }
	Check = state.Check
	// SQL, used as a backfill, is an expression over the other columns of the row.
	//
	//	type SQL string
	SQL = state.SQL

	// CreateModel makes a table.
	//
	//	type CreateModel struct {
	//		Name    string
	//		Table   string // "" for the default, "blog_post"
	//		Fields  []Field
	//		Indexes []Index
	//		Unique  []Unique
	//		Checks  []Check
	//	}
	//
	// Its methods:
	//
	//	Model(app string) *Model
	CreateModel = state.CreateModel
	// DeleteModel drops a table.
	//
	//	type DeleteModel struct{ Name string }
	DeleteModel = state.DeleteModel
	// RenameModel renames a model, and its table if that has the default name.
	//
	//	type RenameModel struct{ From, To string }
	RenameModel = state.RenameModel
	// AlterModelTable moves a model to a table of another name.
	//
	//	type AlterModelTable struct {
	//		Name  string
	//		Table string // "" for the default name
	//	}
	AlterModelTable = state.AlterModelTable
	// AddField adds a column or a many-to-many relation.
	//
	//	type AddField struct {
	//		Model string
	//		Field Field
	//	}
	AddField = state.AddField
	// RemoveField drops a column or a many-to-many relation.
	//
	//	type RemoveField struct {
	//		Model string
	//		Name  string
	//		// Backfill is what rows get when the operation is undone and the column is NOT NULL; without one it is the zero value.
	//		Backfill any
	//	}
	RemoveField = state.RemoveField
	// AlterField changes how a field is stored.
	//
	//	type AlterField struct {
	//		Model string
	//		Field Field
	//	}
	AlterField = state.AlterField
	// RenameField renames a field and its column.
	//
	//	type RenameField struct{ Model, From, To string }
	RenameField = state.RenameField
	// AddIndex makes an index.
	//
	//	type AddIndex struct {
	//		Model string
	//		Index Index
	//	}
	AddIndex = state.AddIndex
	// RemoveIndex drops an index.
	//
	//	type RemoveIndex struct{ Model, Name string }
	RemoveIndex = state.RemoveIndex
	// AddConstraint makes the database keep a Unique or a Check.
	//
	//	type AddConstraint struct {
	//		Model      string
	//		Constraint Constraint
	//	}
	AddConstraint = state.AddConstraint
	// RemoveConstraint drops a constraint.
	//
	//	type RemoveConstraint struct{ Model, Name string }
	RemoveConstraint = state.RemoveConstraint
	// RunSQL runs SQL of your own.
	//
	//	type RunSQL struct {
	//		Forward  string
	//		Backward string // "" makes the migration irreversible; NoSQL undoes it by doing nothing
	//		// State tells migrations what the SQL did to the models, if anything.
	//		State []Operation
	//		// Dialects holds other SQL for some databases, by name ("sqlite", "postgres", "mysql").
	//		Dialects map[string]SQLPair
	//	}
	RunSQL = state.RunSQL
	// SQLPair is the SQL of RunSQL for one database.
	//
	//	type SQLPair struct{ Forward, Backward string }
	SQLPair = state.SQLPair
	// RunGo runs Go code over the rows.
	//
	//	type RunGo struct {
	//		Forward  func(ctx context.Context, h *History) error
	//		Backward func(ctx context.Context, h *History) error
	//	}
	RunGo = rows.RunGo
	// History gives RunGo the rows as they are at that point. Models are named "blog.Post"; filter holds pairs of a field
	// and the value that it must have ("slug", "", nil for NULL); row is a Row or a pointer to a struct.
	//
	// Its methods:
	//
	//	Dialect() string
	//	Exec(ctx context.Context, query string, args ...any) (sql.Result, error)
	//	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	//	Table(model string) (string, error) // name of the model's table
	//	Rows(ctx context.Context, model string, filter ...any) iter.Seq2[Row, error]
	//	Count(ctx context.Context, model string, filter ...any) (int64, error)
	//	Save(ctx context.Context, model string, row any, fields ...string) error
	//	Create(ctx context.Context, model string, row any) error
	//	Delete(ctx context.Context, model string, filter ...any) (int64, error)
	History = rows.History
	// Row is one row by field name.
	//
	//	type Row map[string]any
	Row = rows.Row
)

const (
	// Now, used as a backfill, is the time at which the migration runs.
	Now = state.Now
	// NoSQL, as one half of RunSQL, does nothing.
	NoSQL = state.NoSQL
)
