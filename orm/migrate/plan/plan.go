// Package plan turns the difference between two states of the models into the SQL of one database.
//
// Planning needs no connection. Undoing an operation is planning from the state after it to the state before it.
package plan

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// Planner makes the SQL of one database. Implementations hold no state and are safe for concurrent use.
type Planner interface {
	// Plan returns the statements that lead from c.Before to c.After, in order.
	Plan(c Change) ([]Statement, error)
}

// Statement is one step of a plan. SQL, Keep or Restore says what to do; the other fields go with SQL.
type Statement struct {
	// SQL is executed; with a Guard it is a query instead.
	SQL string
	// Guard is the message with which the migration stops if the query SQL yields a row.
	Guard string
	// Keep describes a table that the next statements drop and create again. The runner reads the table's indexes and
	// triggers from the database, whoever made them, and stops the migration if something would be lost.
	Keep *Rebuild
	// Restore is the Rebuild of an earlier Keep: the indexes and triggers read then are created again.
	Restore *Rebuild
	// Extends is the Rebuild whose new table SQL creates. The runner adds what the database has beyond the models: checks,
	// defaults, collations and references that another program made.
	Extends *Rebuild
	// Drops names the table that SQL drops for good.
	Drops string
	// Renames holds the old and the new name of the table that SQL renames.
	Renames [2]string
}

// Rebuild describes the rebuild of one table.
type Rebuild struct {
	Table string
	// Columns are the columns that the migrations know before the rebuild. A column beyond them would be lost.
	Columns []string
	// Removed are those of Columns that the new table lacks. Nothing else in the database may still use them.
	Removed []string
	// Dropped are the indexes that the change removes.
	Dropped []string
	// Filled says which columns rows get a value in that nobody named, as NOT NULL columns come back when an operation is
	// undone: "lang with ''".
	Filled []string
	// Checks are those that the migrations know of, before the rebuild or after it.
	Checks []state.Check
	// Definitions are the columns that stay.
	Definitions []Definition
	// Indexes are those of the models that stay. One that the database lacks is created.
	Indexes []Index
}

// Definition is a column of a rebuilt table: its line in the CREATE TABLE statement, and what the migrations know of it, so
// that it is not taken over from the database.
type Definition struct {
	Name, SQL                     string
	Default, Collation, Reference bool
}

// Index is an index by name with the statement that creates it.
type Index struct{ Name, SQL string }

// String returns the statement as sqlmigrate shows it.
func (s Statement) String() string {
	switch {
	case s.Guard != "":
		return "-- must yield no row: " + s.SQL + ";"
	case s.Keep != nil && len(s.Keep.Removed) > 0:
		return fmt.Sprintf("-- every index and trigger of %q is remembered; it must not use %s", s.Keep.Table, strings.Join(s.Keep.Removed, ", "))
	case s.Keep != nil:
		return fmt.Sprintf("-- every index and trigger of %q is remembered", s.Keep.Table)
	case s.Restore != nil && len(s.Restore.Dropped) > 0:
		return fmt.Sprintf("-- every index and trigger of %q is created again, except %s", s.Restore.Table, strings.Join(s.Restore.Dropped, ", "))
	case s.Restore != nil:
		return fmt.Sprintf("-- every index and trigger of %q is created again", s.Restore.Table)
	}
	return s.SQL + ";"
}

// For returns the planner of a database: "sqlite".
func For(dialect string) (Planner, error) {
	switch dialect {
	case "sqlite":
		return SQLite{}, nil
	}
	return nil, fmt.Errorf("migrations know no database %q (they know sqlite)%s", dialect, check.DidYouMean(dialect, []string{"sqlite"}))
}

// Change is what one operation does to the models, with what comparing two states cannot tell.
type Change struct {
	Before, After *state.State

	renamedModel [2]string         // keys before and after
	renamedField map[string]string // by key of the model before: not more than one
	fieldModel   [2]string         // keys of the model with the renamed field
	fills        map[string]any    // by field name of fillModel
	using        map[string]string
	fillModel    string // key after
	backward     bool
}

// NewChange describes what op of an app does between two states.
func NewChange(app string, op state.Operation, before, after *state.State) Change {
	c := Change{Before: before, After: after}
	switch op := op.(type) {
	case state.RenameModel:
		c.renamedModel = [2]string{state.Key(app, op.From), state.Key(app, op.To)}
	case state.RenameField:
		key := state.Key(app, op.Model)
		c.fieldModel = [2]string{key, key}
		c.renamedField = map[string]string{op.From: op.To}
	case state.AddField:
		c.fill(state.Key(app, op.Model), op.Field)
	case state.AlterField:
		c.fill(state.Key(app, op.Model), op.Field)
	}
	return c
}

func (c *Change) fill(key string, f state.Field) {
	c.fillModel = key
	c.fills = map[string]any{}
	if f.Options.Fill != nil {
		c.fills[f.Name] = f.Options.Fill
	}
	c.using = map[string]string{f.Name: f.Options.Using}
}

// Reverse describes undoing op: the same step from c.After to c.Before. Columns that come back NOT NULL get the backfill
// that the operation names for that, or their zero value.
func (c Change) Reverse(app string, op state.Operation) Change {
	r := Change{Before: c.After, After: c.Before, backward: true}
	r.renamedModel = [2]string{c.renamedModel[1], c.renamedModel[0]}
	r.fieldModel = c.fieldModel
	for from, to := range c.renamedField {
		r.renamedField = map[string]string{to: from}
	}
	if op, ok := op.(state.RemoveField); ok && op.Backfill != nil {
		r.fillModel, r.fills = state.Key(app, op.Model), map[string]any{op.Name: op.Backfill}
	}
	return r
}

// modelAfter returns the key after the change of the model that had that key before.
func (c Change) modelAfter(key string) string {
	if key != "" && key == c.renamedModel[0] {
		return c.renamedModel[1]
	}
	return key
}

// fieldAfter returns the name after the change of a field of the model with that key before.
func (c Change) fieldAfter(key, name string) string {
	if key == c.fieldModel[0] {
		if to, ok := c.renamedField[name]; ok {
			return to
		}
	}
	return name
}
