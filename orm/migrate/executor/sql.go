package executor

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// Planned is an operation with the lines of its SQL.
type Planned struct {
	Operation operations.Operation
	Lines     []string
}

// SQL returns what a step would run, without a database: the migrations before it in the graph count as applied. Go code is
// shown as a comment. The order is that in which the operations run.
func (g *Graph) SQL(d dialect.Dialect, step Step) ([]Planned, error) {
	can, err := capabilitiesOf(d)
	if err != nil {
		return nil, err
	}
	before, err := g.State(func(n *Node) bool { return n.index < step.Node.index })
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
		if !g.runs(step.Node, op) {
			p.Lines = []string{"-- for another database"}
			op = nil
		}
		switch o := op.(type) {
		case nil:
		case operations.RunSQL:
			text := o.For(d.Name()).Forward
			if step.Backward {
				text = o.For(d.Name()).Backward
			}
			p.Lines = []string{text + ";"}
		case rows.RunGo:
			p.Lines = []string{"-- Go code, not SQL"}
		default:
			planned, err := g.plan(can, step, op, states[i], states[i+1])
			if err != nil {
				return nil, err
			}
			for _, s := range planned {
				p.Lines = append(p.Lines, s.String())
			}
		}
		if step.Backward {
			i = len(ops) - 1 - i
		}
		list[i] = p
	}
	return list, nil
}
