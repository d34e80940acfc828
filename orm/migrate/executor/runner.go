package executor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/plan"
	"github.com/quintetgo/quintet/orm/migrate/rows"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// Outcome says how a step ended.
type Outcome int

// The outcomes of a step.
const (
	Done    Outcome = iota // applied or undone
	Faked                  // only recorded
	Already                // another process was faster
	Waiting                // not an end: another process holds the database
)

// Runner applies and undoes migrations. DB, Dialect and Graph are required. It may be used once at a time.
type Runner struct {
	DB      *sql.DB // the pool that writes
	Dialect string  // "sqlite"
	Graph   *Graph
	// Start and Finish are told about every step; nil is fine.
	Start  func(Step)
	Finish func(Step, Outcome, time.Duration)
}

// Options changes how steps are run. The zero value runs them.
type Options struct {
	// Fake records steps without running them.
	Fake bool
	// FakeInitial only records an app's first migration if all of its tables exist already.
	FakeInitial bool
}

// Run takes the steps in order, each in a transaction of its own together with its record: it happens wholly or not at
// all. It stops at the first that fails.
func (r *Runner) Run(ctx context.Context, steps []Step, options Options) error {
	planner, err := plan.For(r.Dialect)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.Backward && !options.Fake {
			if err := reversible(step.Node, r.Dialect); err != nil {
				return err
			}
		}
	}
	if err := r.adopt(ctx); err != nil {
		return err
	}
	for _, step := range steps {
		if err := r.step(ctx, planner, step, options); err != nil {
			return fmt.Errorf("%s: %w\n    nothing of this migration was kept; the ones before it stay applied", step.Node, err)
		}
	}
	return nil
}

// adopt records migrations all of whose predecessors, which they replace, are applied.
func (r *Runner) adopt(ctx context.Context) error {
	applied, err := ReadApplied(ctx, r.DB)
	if err != nil {
		return err
	}
	for _, n := range r.Graph.Nodes {
		if _, itself := applied[n.Key()]; itself || !n.In(applied) {
			continue
		}
		err := transact(ctx, r.DB, nil, func(conn *sql.Conn) error { return record(ctx, conn, n, time.Now()) })
		if err != nil {
			return fmt.Errorf("record %s: %w", n, err)
		}
	}
	return nil
}

func (r *Runner) step(ctx context.Context, planner plan.Planner, step Step, options Options) error {
	if r.Start != nil {
		r.Start(step)
	}
	began, outcome := time.Now(), Done
	waiting := func() {
		if r.Finish != nil {
			r.Finish(step, Waiting, 0)
		}
	}
	err := transact(ctx, r.DB, waiting, func(conn *sql.Conn) error {
		applied, err := ReadApplied(ctx, conn)
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
		} else if err := r.operations(ctx, conn, planner, step, applied); err != nil {
			return err
		}
		if step.Backward {
			return unrecord(ctx, conn, step.Node)
		}
		return record(ctx, conn, step.Node, time.Now())
	})
	if err == nil && r.Finish != nil {
		r.Finish(step, outcome, time.Since(began))
	}
	return err
}

// operations runs what a migration does, or undoes it. Everything else that is applied counts as having come before.
func (r *Runner) operations(ctx context.Context, conn *sql.Conn, planner plan.Planner, step Step, applied Applied) error {
	before, err := r.Graph.State(func(n *Node) bool { return n != step.Node && n.In(applied) })
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
		e := executor{ctx: ctx, conn: conn, planner: planner, dialect: r.Dialect, kept: map[*plan.Rebuild][]object{}, beyond: map[*plan.Rebuild]extras{}}
		if err := e.operation(step, ops[i], states[i], states[i+1]); err != nil {
			return fmt.Errorf("operation %d (%s): %w", i+1, ops[i].Describe(), err)
		}
	}
	return nil
}

// states returns the state before each operation of a migration, and after the last.
func states(n *Node, before *state.State) ([]*state.State, error) {
	list := []*state.State{before}
	for i, op := range n.Migration.Operations {
		after := list[i].Clone()
		if err := op.Apply(n.App, after); err != nil {
			return nil, fmt.Errorf("operation %d (%s): %w", i+1, op.Describe(), err)
		}
		list = append(list, after)
	}
	return list, nil
}

// reversible reports an operation that cannot be undone.
func reversible(n *Node, dialect string) error {
	for i, op := range n.Migration.Operations {
		switch op := op.(type) {
		case state.RunSQL:
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

// exists reports whether a migration is its app's first and all tables that it would make exist.
func (r *Runner) exists(ctx context.Context, conn *sql.Conn, n *Node) (bool, error) {
	for _, p := range n.Parents {
		if p.App == n.App {
			return false, nil
		}
	}
	found := false
	for _, op := range n.Migration.Operations {
		create, ok := op.(state.CreateModel)
		if !ok {
			continue
		}
		if ok, err := hasTable(ctx, conn, create.Model(n.App).Table); err != nil || !ok {
			return false, err
		}
		found = true
	}
	return found, nil
}

// executor runs one operation.
type executor struct {
	ctx     context.Context
	conn    *sql.Conn
	planner plan.Planner
	dialect string
	kept    map[*plan.Rebuild][]object
	beyond  map[*plan.Rebuild]extras
}

func (e *executor) operation(step Step, op state.Operation, before, after *state.State) error {
	switch op := op.(type) {
	case state.RunSQL:
		text := op.For(e.dialect).Forward
		if step.Backward {
			text = op.For(e.dialect).Backward
		}
		if strings.TrimSpace(text) == "" || strings.TrimSpace(text) == state.NoSQL {
			return nil
		}
		_, err := e.conn.ExecContext(e.ctx, text)
		return err
	case rows.RunGo:
		fn := op.Forward
		if step.Backward {
			fn = op.Backward
		}
		if fn == nil {
			return errors.New("there is no function to call")
		}
		return fn(e.ctx, rows.New(after, e.conn, e.dialect))
	}
	statements, err := Statements(e.planner, step, op, before, after)
	if err != nil {
		return err
	}
	return e.guarded(statements)
}

// Statements plans one operation of a step.
func Statements(planner plan.Planner, step Step, op state.Operation, before, after *state.State) ([]plan.Statement, error) {
	change := plan.NewChange(step.Node.App, op, before, after)
	if step.Backward {
		change = change.Reverse(step.Node.App, op)
	}
	return planner.Plan(change)
}

func (e *executor) run(s plan.Statement) error {
	switch {
	case s.Keep != nil:
		return e.keep(s.Keep)
	case s.Restore != nil:
		return e.restore(s.Restore)
	case s.Guard != "":
		var found int
		err := queryRow(e.ctx, e.conn, &found, s.SQL)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil {
			err = errors.New(s.Guard)
		}
		return err
	}
	text := s.SQL
	if s.Extends != nil {
		text = e.beyond[s.Extends].extend(text)
	}
	_, err := e.conn.ExecContext(e.ctx, text)
	return err
}
