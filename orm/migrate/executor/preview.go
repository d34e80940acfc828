package executor

import (
	"context"

	"github.com/quintetgo/quintet/orm/dialect"

	"github.com/quintetgo/quintet/orm/migrate/ddl"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// Preview returns what steps would do to the objects of the database that no migration describes, such as indexes created
// with RunSQL: for each step and each of its operations the lines to show. It changes nothing, and does not know the effects
// of RunSQL and RunGo in the same steps.
func (r *Runner) Preview(ctx context.Context, steps []Step, applied Applied) ([][][]string, error) {
	list := make([][][]string, len(steps))
	for i, step := range steps {
		list[i] = make([][]string, len(step.Node.Migration.Operations))
	}
	can, err := capabilitiesOf(r.Dialect)
	if err != nil {
		return nil, err
	}
	previewer, ok := r.Dialect.(dialect.Previewer)
	if !ok {
		return list, nil
	}
	done := map[*Node]bool{}
	for _, n := range r.Graph.Nodes {
		done[n] = n.In(applied)
	}
	now, err := r.Graph.State(r.Graph.earlier(nil, func(n *Node) bool { return done[n] }))
	if err != nil {
		return nil, err
	}
	known, err := ddl.IndexNames(now)
	if err != nil {
		return nil, err
	}
	preview := previewer.NewPreview(r.DB, known)
	for i, step := range steps {
		before, err := r.Graph.State(r.Graph.earlier(step.Node, func(n *Node) bool { return done[n] }))
		if err != nil {
			return nil, err
		}
		states, err := states(step.Node, before)
		if err != nil {
			return nil, err
		}
		done[step.Node] = !step.Backward
		ops := step.Node.Migration.Operations
		for k := range ops {
			if step.Backward {
				k = len(ops) - 1 - k
			}
			if _, isGo := ops[k].(rows.RunGo); isGo {
				continue
			}
			planned, err := r.Graph.plan(can, step, ops[k], states[k], states[k+1])
			if err != nil {
				return nil, err
			}
			for _, s := range planned {
				lines, err := preview.Step(ctx, s)
				if err != nil {
					return nil, err
				}
				list[i][k] = append(list[i][k], lines...)
			}
		}
	}
	return list, nil
}
