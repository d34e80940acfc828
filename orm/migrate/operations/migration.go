package operations

// Operation is one step of a migration. Those of this package change the State; RunGo of package rows changes rows.
type Operation interface {
	// Apply applies the operation, in a migration of an app, to s. It returns an error and leaves s unchanged if that is
	// impossible, for example because a model does not exist.
	Apply(app string, s *State) error
	// Describe returns a short description of the operation: "Add field lang to Post".
	Describe() string
}

// Migration is a list of changes of an app, in a file of its own. Where the database can roll back changes of tables, they
// are applied together or not at all.
type Migration struct {
	// Name identifies the migration within its app, "0002_post_lang". The order of migrations follows from Depends, not from
	// names.
	Name string
	// Depends lists the migrations that must be applied before, including the app's own previous one.
	Depends []Dependency
	// Operations are applied in order, and undone in reverse order.
	Operations []Operation
	// Replaces lists migrations of the same app, by name, that this one replaces. A database that has all of them counts as
	// having this one.
	Replaces []string
}

// Dependency is a migration that must be applied before. Create it with [On] or [OnModel].
type Dependency struct {
	App   string
	Name  string // a migration, or "" for the app's first one
	Model string // an alias such as "auth.User": the migration that created its model
}

// On returns a dependency on a migration of an app.
func On(app, name string) Dependency { return Dependency{App: app, Name: name} }

// OnModel returns a dependency on the migration that created the model of an alias such as "auth.User".
func OnModel(alias string) Dependency { return Dependency{Model: alias} }

// String returns "blog.0001_initial".
func (d Dependency) String() string {
	switch {
	case d.Model != "":
		return "model " + d.Model
	case d.Name == "":
		return d.App + " (its first migration)"
	}
	return d.App + "." + d.Name
}
