package operations

// Operation is one step of a migration. Those of this package change the State; RunGo (package history) changes rows.
type Operation interface {
	// Apply changes s as the operation of a migration of app does. It reports what makes the step impossible, such as a
	// model that does not exist, and leaves s as it was then.
	Apply(app string, s *State) error
	// Describe says in a few words what the operation does: "Add field lang to Post".
	Describe() string
}

// Migration is one file of changes of an app. They happen together or not at all where the database can do that.
type Migration struct {
	// Name is the file's name without ".go", "0002_post_lang". The order of migrations comes from Depends, not from names.
	Name string
	// Depends lists what must have been applied before, the app's own previous migration included.
	Depends []Dependency
	// Operations are applied in order, and undone in the opposite order.
	Operations []Operation
	// Replaces lists migrations of the same app, by name, that this one does the work of. A database that has them all
	// counts as having this one.
	Replaces []string
}

// Dependency names a migration that must have been applied before. Make one with [On] or [OnModel].
type Dependency struct {
	App   string
	Name  string // a migration, or "" for the app's first one
	Model string // an alias such as "auth.User": the migration that made the model it stands for
}

// On depends on a migration of an app.
func On(app, name string) Dependency { return Dependency{App: app, Name: name} }

// OnModel depends on whichever migration made the model that an alias such as "auth.User" stands for.
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
