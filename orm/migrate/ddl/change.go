// Package ddl turns the difference between two states of the models into changes of tables, which the driver of a
// database plans and runs; see [dialect.Planner].
package ddl

import "github.com/quintetgo/quintet/orm/migrate/operations"

// Change is what one operation does to the models, with facts that two states alone do not show.
type Change struct {
	Before, After *operations.State
	// HasTable reports whether the database has the table of a model, "blog.Post"; nil if it has all of them.
	HasTable func(model string) bool

	renamedModel [2]string         // keys before and after
	renamedField map[string]string // the field's new name by its old name: at most one
	fieldModel   string            // key of the model with the renamed field
	fills        map[string]any    // by field name of fillModel
	using        map[string]string
	fillModel    string // key after
	backward     bool
	none         bool // the operation changes no table
}

// NewChange describes what op of an app does between two states.
func NewChange(app string, op operations.Operation, before, after *operations.State) Change {
	c := Change{Before: before, After: after}
	switch op := op.(type) {
	case operations.RenameModel:
		c.renamedModel = [2]string{operations.Key(app, op.From), operations.Key(app, op.To)}
	case operations.RenameField:
		key := operations.Key(app, op.Model)
		c.fieldModel = key
		c.renamedField = map[string]string{op.From: op.To}
	case operations.AddField:
		c.fill(operations.Key(app, op.Model), op.Field)
	case operations.AlterField:
		c.fill(operations.Key(app, op.Model), op.Field)
	case operations.AlterModelOptions:
		c.none = true
	}
	return c
}

func (c *Change) fill(key string, f operations.Field) {
	c.fillModel = key
	c.fills = map[string]any{}
	if f.Options.Fill != nil {
		c.fills[f.Name] = f.Options.Fill
	}
	c.using = map[string]string{f.Name: f.Options.Using}
}

// Reverse describes undoing op, from c.After to c.Before. Columns that become NOT NULL again get the backfill that the
// operation declares for that, or their zero value.
func (c Change) Reverse(app string, op operations.Operation) Change {
	r := Change{Before: c.After, After: c.Before, HasTable: c.HasTable, backward: true, none: c.none}
	r.renamedModel = [2]string{c.renamedModel[1], c.renamedModel[0]}
	r.fieldModel = c.fieldModel
	for from, to := range c.renamedField {
		r.renamedField = map[string]string{to: from}
	}
	if op, ok := op.(operations.RemoveField); ok && op.Backfill != nil {
		r.fillModel, r.fills = operations.Key(app, op.Model), map[string]any{op.Name: op.Backfill}
	}
	return r
}

// elsewhere reports whether the table of a model is in another database.
func (c Change) elsewhere(m *operations.Model) bool {
	return c.HasTable != nil && !c.HasTable(m.String())
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
	if key == c.fieldModel {
		if to, ok := c.renamedField[name]; ok {
			return to
		}
	}
	return name
}
