package executor

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/plan"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// Preview returns what steps would do to the objects of the database that no migration describes, such as indexes made
// with RunSQL: for each step and each of its operations the lines to show. It changes nothing, and does not know what
// RunSQL and RunGo of the same steps would make.
func (r *Runner) Preview(ctx context.Context, steps []Step, applied Applied) ([][][]string, error) {
	planner, err := plan.For(r.Dialect)
	if err != nil {
		return nil, err
	}
	there := map[*Node]bool{}
	for _, n := range r.Graph.Nodes {
		there[n] = n.In(applied)
	}
	now, err := r.Graph.State(func(n *Node) bool { return there[n] })
	if err != nil {
		return nil, err
	}
	p := preview{ctx: ctx, db: r.DB, names: map[string]string{}}
	if p.known, err = plan.IndexNames(now); err != nil {
		return nil, err
	}
	list := make([][][]string, len(steps))
	for i, step := range steps {
		before, err := r.Graph.State(func(n *Node) bool { return n != step.Node && there[n] })
		if err != nil {
			return nil, err
		}
		states, err := states(step.Node, before)
		if err != nil {
			return nil, err
		}
		there[step.Node] = !step.Backward
		ops := step.Node.Migration.Operations
		list[i] = make([][]string, len(ops))
		for k := range ops {
			if step.Backward {
				k = len(ops) - 1 - k
			}
			if _, isGo := ops[k].(rows.RunGo); isGo {
				continue
			}
			statements, err := Statements(planner, step, ops[k], states[k], states[k+1])
			if err != nil {
				return nil, err
			}
			for _, s := range statements {
				lines, err := p.statement(s)
				if err != nil {
					return nil, err
				}
				list[i][k] = append(list[i][k], lines...)
			}
		}
	}
	return list, nil
}

// preview follows the tables through the statements.
type preview struct {
	ctx   context.Context
	db    *sql.DB
	names map[string]string // what the database calls a table now that is renamed by then
	known []string          // indexes of the models
}

func (p *preview) statement(s plan.Statement) ([]string, error) {
	switch {
	case s.Renames[0] != "":
		p.names[s.Renames[1]] = cmp.Or(p.names[s.Renames[0]], s.Renames[0])
	case s.Drops != "":
		return p.dropped(cmp.Or(p.names[s.Drops], s.Drops))
	case s.Keep != nil:
		return p.rebuilt(cmp.Or(p.names[s.Keep.Table], s.Keep.Table), s.Keep)
	}
	return nil, nil
}

func (p *preview) dropped(table string) ([]string, error) {
	list, err := objects(p.ctx, p.db, table)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, o := range list {
		if !slices.Contains(p.known, o.name) {
			lines = append(lines, fmt.Sprintf("drops the %s %s with table %s", o.kind, o.name, table))
		}
	}
	return lines, nil
}

func (p *preview) rebuilt(table string, r *plan.Rebuild) ([]string, error) {
	list, err := objects(p.ctx, p.db, table)
	if err != nil {
		return nil, err
	}
	columns, err := columnsOf(p.ctx, p.db, table)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		return nil, nil // an earlier step creates the table
	}
	lines := []string{fmt.Sprintf("rebuilds table %s, which keeps its rows, indexes and triggers", table)}
	for _, filled := range r.Filled {
		lines = append(lines, "fills column "+filled+" where rows have no value")
	}
	var kept []string
	for _, o := range list {
		switch column := o.needs(r.Removed); {
		case o.kind == "index" && slices.Contains(p.known, o.name):
		case column != "":
			lines = append(lines, "will be refused: "+o.use(column))
		default:
			kept = append(kept, o.kind+" "+o.name)
		}
	}
	for _, column := range r.Removed {
		o, err := user(p.ctx, p.db, table, column)
		if err != nil {
			return nil, err
		}
		if o != nil {
			lines = append(lines, "will be refused: "+o.use(column))
		}
	}
	readers, err := viewsOf(p.ctx, p.db, table)
	if err != nil {
		return nil, err
	}
	if kept = append(kept, readers...); len(kept) > 0 {
		lines = append(lines, "keeps "+strings.Join(kept, ", "))
	}
	return lines, nil
}
