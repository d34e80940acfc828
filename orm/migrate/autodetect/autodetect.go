// Package autodetect finds the operations that lead from the models of the migrations to the models of the code.
//
// It compares two states and needs no database. What a comparison cannot tell (was a field renamed, or one dropped and
// another added?) it is told by [Options] or asks an [Asker]; it never guesses.
package autodetect

import (
	"errors"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Asker answers what a comparison cannot tell, usually by asking a person.
type Asker interface {
	RenamedModel(from, to *operations.Model) (bool, error)
	RenamedField(model *operations.Model, from, to operations.Field) (bool, error)
	// Backfill returns the value of a field that is or becomes NOT NULL for the rows that exist.
	Backfill(model *operations.Model, field operations.Field) (any, error)
	// Rejected receives the reason why a backfill cannot be used; the question comes again.
	Rejected(err error)
}

// Options controls Changes. The zero value asks nobody and refuses to drop anything.
type Options struct {
	Apps []string // only changes of these apps; nil for all
	// Renames says which fields were renamed, ModelRenames which models.
	Renames      []Rename
	ModelRenames []Rename
	// Backfills returns values for the rows that exist.
	Backfills []Backfill
	// Default returns the backfill that the model itself declares for a field, or nil. A required field without one needs
	// a backfill by somebody.
	Default func(model *operations.Model, field operations.Field) any
	// Valid reports a backfill that the model would refuse; nil takes all.
	Valid func(model *operations.Model, field operations.Field, value any) error
	// Ask is nil if there is nobody to ask; then drops are refused unless AllowDrop is set.
	Ask       Asker
	AllowDrop bool
	// Look only finds out what changed: nothing is asked, refused or filled in.
	Look bool
}

// Rename says that From is now called To. Model is empty for models, whose names are in From and To.
type Rename struct{ Model, From, To string }

// Backfill is the value of a field for the rows that exist, as text.
type Backfill struct{ Model, Field, Value string }

// Draft is a migration without a name. Operations of one app may be spread over several, as apps can need each other.
type Draft struct {
	App        string
	Operations []operations.Operation
	After      []*Draft // drafts of other apps that must come before
	Models     []string // models of other apps, or aliases, that must exist already
	Apps       []string // apps whose migrations so far must all come before, as they mention what changes here
}

// Changes returns the drafts that lead from one state to the other, in an order in which they can be applied. It leaves
// both states alone. All that is missing or refused is reported at once.
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
	refused        map[string]bool // fields of which a problem says enough already, "key.field"
}

// step is an operation with what must be there before it, and what is there, or gone, after it.
type step struct {
	app   string
	op    operations.Operation
	needs []string // "+blog.post" a model is there, "-blog.post.author" a field is gone
	gives []string
	refs  []string // existing models of other apps, or aliases
	apps  []string
}

func (d *detector) problem(err error) { d.problems = append(d.problems, err) }

// wanted reports whether changes of an app are asked for.
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
