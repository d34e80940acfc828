package executor

import (
	"github.com/quintetgo/quintet/orm/migrate/plan"
	"github.com/quintetgo/quintet/orm/migrate/rows"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// Planned is an operation with its SQL.
type Planned struct {
	Operation  state.Operation
	Statements []plan.Statement
}

// SQL returns what a step would run, without a database: the migrations that stand before it in the graph count as applied.
// Go code is shown as a comment.
func (g *Graph) SQL(planner plan.Planner, step Step, dialect string) ([]Planned, error) {
	before, err := g.State(func(n *Node) bool { return n.place < step.Node.place })
	if err != nil {
		return nil, err
	}
	states, err := states(step.Node, before)
	if err != nil {
		return nil, err
	}
	ops := step.Node.Migration.Operations
	list := make([]Planned, len(ops))
	for i, op := range ops {
		p := Planned{Operation: op}
		switch o := op.(type) {
		case state.RunSQL:
			text := o.For(dialect).Forward
			if step.Backward {
				text = o.For(dialect).Backward
			}
			p.Statements = []plan.Statement{{SQL: text}}
		case rows.RunGo:
			p.Statements = []plan.Statement{{SQL: "-- Go code, not SQL"}}
		default:
			if p.Statements, err = Statements(planner, step, op, states[i], states[i+1]); err != nil {
				return nil, err
			}
		}
		if step.Backward {
			i = len(ops) - 1 - i
		}
		list[i] = p
	}
	return list, nil
}
