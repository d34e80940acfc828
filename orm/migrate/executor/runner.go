package executor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/ddl"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// Outcome is how a step ended.
type Outcome int

// The outcomes of a step.
const (
	Done    Outcome = iota // applied or undone
	Faked                  // only recorded
	Already                // another process was faster
	Waiting                // not an end: another process holds the database
)

// Runner applies and undoes migrations. DB, Dialect and Graph are required. It is not safe for concurrent use.
type Runner struct {
	DB      *sql.DB         // the pool that takes writes
	Dialect dialect.Dialect // a [dialect.Planner] and [dialect.Executor]
	Graph   *Graph
	// Start and Finish are called before and after every step; nil does nothing. Finish gets the time that the step took.
	Start  func(Step)
	Finish func(Step, Outcome, time.Duration)
}

// Options changes how steps are run. The zero value runs them.
type Options struct {
	// Fake records steps without running them.
	Fake bool
	// FakeInitial records an app's first migration without running it if all of its tables exist.
	FakeInitial bool
}

// capabilities are what a dialect needs to run migrations.
type capabilities struct {
	dialect.Planner
	dialect.Executor
}

func capabilitiesOf(d dialect.Dialect) (capabilities, error) {
	planner, ok := d.(dialect.Planner)
	executor, runs := d.(dialect.Executor)
	if !ok || !runs {
		return capabilities{}, dialect.Unsupported(d, "migrations")
	}
	return capabilities{planner, executor}, nil
}

// Run runs the steps in order, each in one transaction together with its record, so that all of it is kept or nothing. It
// stops at the first step that fails.
func (r *Runner) Run(ctx context.Context, steps []Step, options Options) error {
	can, err := capabilitiesOf(r.Dialect)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.Backward && !options.Fake {
			if err := reversible(step.Node, r.Dialect.Name()); err != nil {
				return err
			}
		}
	}
	if err := r.adopt(ctx, can); err != nil {
		return err
	}
	for _, step := range steps {
		if err := r.step(ctx, can, step, options); err != nil {
			return stopped(step, err)
		}
	}
	return nil
}

// stopped returns the error of a step, with what the database has of it.
func stopped(step Step, err error) error {
	if _, partial := errors.AsType[*dialect.PartialError](err); !partial {
		return fmt.Errorf("%s: %w\n    nothing of this migration was kept; the ones before it remain applied", step.Node, err)
	}
	return fmt.Errorf(
		"%s: %w\n    this migration is not recorded as %s: undo these changes by hand and run migrate again, or make the remaining "+
			"ones by hand and run migrate --fake %s %s",
		step.Node,
		err,
		map[bool]string{false: "applied", true: "undone"}[step.Backward],
		step.Node.App,
		step.Node.Migration.Name,
	)
}

// adopt records migrations that replace others if all of those are applied.
func (r *Runner) adopt(ctx context.Context, can capabilities) error {
	applied, err := ReadApplied(ctx, r.DB, r.Dialect)
	if err != nil {
		return err
	}
	for _, n := range r.Graph.Nodes {
		if _, itself := applied[n.Key()]; itself || !n.In(applied) {
			continue
		}
		err := can.Transact(ctx, r.DB, nil, func(conn dialect.Conn) error { return record(ctx, conn, r.Dialect, n, time.Now()) })
		if err != nil {
			return fmt.Errorf("record %s: %w", n, err)
		}
	}
	return nil
}

func (r *Runner) step(ctx context.Context, can capabilities, step Step, options Options) error {
	if r.Start != nil {
		r.Start(step)
	}
	began, outcome := time.Now(), Done
	waiting := func() {
		if r.Finish != nil {
			r.Finish(step, Waiting, 0)
		}
	}
	err := can.Transact(ctx, r.DB, waiting, func(conn dialect.Conn) error {
		applied, err := ReadApplied(ctx, conn, r.Dialect)
		if err != nil {
			return err
		}
		if step.Node.In(applied) != step.Backward {
			outcome = Already
			return nil
		}
		fake := options.Fake
		if options.FakeInitial && !step.Backward && !fake {
			if fake, err = r.exists(ctx, conn, step.Node); err != nil {
				return err
			}
		}
		if fake {
			outcome = Faked
		} else if err := r.operations(ctx, conn, can, step, applied); err != nil {
			return err
		}
		if step.Backward {
			return unrecord(ctx, conn, r.Dialect, step.Node)
		}
		return record(ctx, conn, r.Dialect, step.Node, time.Now())
	})
	if err == nil && r.Finish != nil {
		r.Finish(step, outcome, time.Since(began))
	}
	return err
}

// operations runs the operations of a migration, or undoes them. All other applied migrations count as earlier.
func (r *Runner) operations(ctx context.Context, conn dialect.Conn, can capabilities, step Step, applied Applied) error {
	before, err := r.Graph.State(r.Graph.earlier(step.Node, func(n *Node) bool { return n.In(applied) }))
	if err != nil {
		return err
	}
	ops := step.Node.Migration.Operations
	states, err := states(step.Node, before)
	if err != nil {
		return err
	}
	for i := range ops {
		if step.Backward {
			i = len(ops) - 1 - i
		}
		if err := r.operation(ctx, conn, can, step, ops[i], states[i], states[i+1]); err != nil {
			return fmt.Errorf("operation %d (%s): %w", i+1, ops[i].Describe(), err)
		}
	}
	return nil
}

// states returns the state before each operation of a migration, and after the last.
func states(n *Node, before *operations.State) ([]*operations.State, error) {
	list := []*operations.State{before}
	for i, op := range n.Migration.Operations {
		after := list[i].Clone()
		if err := op.Apply(n.App, after); err != nil {
			return nil, fmt.Errorf("operation %d (%s): %w", i+1, op.Describe(), err)
		}
		list = append(list, after)
	}
	return list, nil
}

// reversible returns an error for an operation that cannot be undone.
func reversible(n *Node, dialect string) error {
	for i, op := range n.Migration.Operations {
		switch op := op.(type) {
		case operations.RunSQL:
			if op.For(dialect).Backward != "" {
				continue
			}
		case rows.RunGo:
			if op.Backward != nil {
				continue
			}
		default:
			continue
		}
		return fmt.Errorf("%s cannot be undone: operation %d (%s) has no Backward; nothing was changed", n, i+1, op.Describe())
	}
	return nil
}

// exists reports whether a migration is its app's first and all tables that it would create exist.
func (r *Runner) exists(ctx context.Context, conn dialect.Conn, n *Node) (bool, error) {
	for _, p := range n.Parents {
		if p.App == n.App {
			return false, nil
		}
	}
	found := false
	for _, op := range n.Migration.Operations {
		create, ok := op.(operations.CreateModel)
		if !ok {
			continue
		}
		if placed := r.Graph.hasTable(n); placed != nil && !placed(n.App+"."+create.Name) {
			continue
		}
		if ok, err := hasTable(ctx, conn, r.Dialect, create.Model(n.App).Table); err != nil || !ok {
			return false, err
		}
		found = true
	}
	return found, nil
}

// operation runs one operation of a step, or undoes it.
func (r *Runner) operation(
	ctx context.Context, conn dialect.Conn, can capabilities, step Step, op operations.Operation, before, after *operations.State,
) error {
	if !r.Graph.runs(step.Node, op) {
		return nil
	}
	switch op := op.(type) {
	case operations.RunSQL:
		text := op.For(r.Dialect.Name()).Forward
		if step.Backward {
			text = op.For(r.Dialect.Name()).Backward
		}
		if strings.TrimSpace(text) == "" || strings.TrimSpace(text) == operations.NoSQL {
			return nil
		}
		_, err := conn.ExecContext(ctx, text)
		return err
	case rows.RunGo:
		fn := op.Forward
		if step.Backward {
			fn = op.Backward
		}
		if fn == nil {
			return errors.New("there is no function to call")
		}
		return fn(ctx, rows.New(after, conn, r.Dialect))
	}
	steps, err := r.Graph.plan(can, step, op, before, after)
	if err != nil {
		return err
	}
	return explained(r.Dialect, can.Execute(ctx, conn, steps))
}

// plan returns the steps of one operation.
func (g *Graph) plan(planner dialect.Planner, step Step, op operations.Operation, before, after *operations.State) ([]dialect.Step, error) {
	change := ddl.NewChange(step.Node.App, op, before, after)
	change.HasTable = g.hasTable(step.Node)
	if step.Backward {
		change = change.Reverse(step.Node.App, op)
	}
	tables, err := change.Tables()
	if err != nil {
		return nil, err
	}
	return planner.Plan(tables)
}
