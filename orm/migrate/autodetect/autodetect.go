// Package autodetect finds the operations that lead from the models of the migrations to the models of the code.
//
// It compares two states and needs no database. Where a comparison is ambiguous (was a field renamed, or one dropped and
// another added?), [Options] or an [Asker] decides; it does not guess.
package autodetect

import (
	"errors"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Asker resolves ambiguous changes, usually by asking the user.
type Asker interface {
	RenamedModel(from, to *operations.Model) (bool, error)
	RenamedField(model *operations.Model, from, to operations.Field) (bool, error)
	// Backfill returns the value for existing rows of a field that is or becomes NOT NULL.
	Backfill(model *operations.Model, field operations.Field) (any, error)
	// Rejected is called with the reason if a backfill cannot be used; then Backfill is called again.
	Rejected(err error)
}

// Options controls [Changes]. The zero value asks no questions and refuses to drop anything.
type Options struct {
	Apps []string // only changes of these apps; nil for all
	// Renames are the fields that were renamed, ModelRenames the models.
	Renames      []Rename
	ModelRenames []Rename
	// Backfills are values for existing rows.
	Backfills []Backfill
	// Default returns the backfill that the model declares for a field, or nil. A required field without one needs an entry
	// in Backfills or an answer of Ask.
	Default func(model *operations.Model, field operations.Field) any
	// Valid returns an error for a backfill that validation of the model would refuse; nil accepts every value.
	Valid func(model *operations.Model, field operations.Field, value any) error
	// Ask resolves ambiguous changes. If it is nil, drops are refused unless AllowDrop is set.
	Ask       Asker
	AllowDrop bool
	// Look returns the changes without asking, refusing or filling in anything.
	Look bool
}

// Rename is a field of a model, or a model if Model is empty, whose name changed from From to To.
type Rename struct{ Model, From, To string }

// Backfill is the value of a field for existing rows, as text.
type Backfill struct{ Model, Field, Value string }

// Draft is a migration without a name. The operations of one app may need several drafts if apps depend on each other.
type Draft struct {
	App        string
	Operations []operations.Operation
	After      []*Draft // drafts of other apps that must come before
	Models     []string // models of other apps, or aliases, that must exist before
	Apps       []string // apps whose existing migrations must come before, because they mention models that change here
}

// Changes returns the drafts that lead from one state to the other, in an order in which they can be applied. It does not
// change the states. The error joins every missing value and refused change.
func Changes(from, to *operations.State, o Options) ([]*Draft, error) {
	d := &detector{from: from, to: to, work: from.Clone(), o: o, used: map[int]bool{}, refused: map[string]bool{}}
	if err := errors.Join(d.renameModels(), d.renameFields()); err != nil {
		return nil, err
	}
	d.compare()
	d.unused()
	if err := errors.Join(d.problems...); err != nil {
		return nil, err
	}
	return d.schedule()
}

// detector collects steps. work is from with all renames done.
type detector struct {
	from, to, work *operations.State
	o              Options
	steps          []*step
	problems       []error
	postponed      map[string]bool // references that are added after their model, "key.field"
	used           map[int]bool    // which of o.Backfills have been taken
	refused        map[string]bool // fields for which a problem has been reported, "key.field"
}

// step is an operation with its preconditions and effects.
type step struct {
	app     string
	op      operations.Operation
	needs   []string // "+blog.post": the model exists, "-blog.post.author": the field is removed
	effects []string
	refs    []string // existing models of other apps, or aliases
	apps    []string
}

func (d *detector) problem(err error) { d.problems = append(d.problems, err) }

// wanted reports whether changes of an app are requested.
func (d *detector) wanted(app string) bool {
	if d.o.Apps == nil {
		return true
	}
	for _, a := range d.o.Apps {
		if a == app {
			return true
		}
	}
	return false
}
