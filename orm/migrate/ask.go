package migrate

import (
	"fmt"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// prompter asks the user at the terminal.
type prompter struct{ call *command.Call }

var _ autodetect.Asker = prompter{}

func (a prompter) RenamedModel(from, to *operations.Model) (bool, error) {
	return a.call.Confirm(fmt.Sprintf("Was the model %s renamed to %s?", from, to))
}

func (a prompter) RenamedField(m *operations.Model, from, to operations.Field) (bool, error) {
	return a.call.Confirm(fmt.Sprintf("Was %s.%s renamed to %s.%s?", m.Name, from.Name, m.Name, to.Name))
}

func (a prompter) Rejected(err error) { a.call.Printf("%v\n", err) }

func (a prompter) Backfill(m *operations.Model, f operations.Field) (any, error) {
	a.call.Printf("%s.%s is required. Which value do existing rows get? (SQL(…) is an expression over the row.)\n", m, f.Name)
	for {
		text, err := a.call.Prompt(fmt.Sprintf("%s.%s (%s) = ", m.Name, f.Name, f.Kind))
		if err != nil {
			return nil, err
		}
		kind := f.Kind
		switch {
		case kind.IsReference():
			kind = schema.KindText // a key of any kind; the planner converts it to the type of the column
		case text == `""` && (kind.IsText() || kind == schema.KindBinary):
			text = ""
		case text == "":
			a.call.Printf("A value is needed; \"\" is the empty text.\n")
			continue
		}
		value, err := autodetect.ParseBackfill(kind, text)
		if err == nil {
			return value, nil
		}
		a.call.Printf("%v\n", err)
	}
}
