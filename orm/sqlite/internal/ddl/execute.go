package ddl

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// Execute implements [dialect.Executor]. Where steps remove columns or tables, it makes sure that no view and no trigger
// still uses them: SQLite would keep such a view, and fail whenever it is read.
func (Migrations) Execute(ctx context.Context, conn dialect.Conn, steps []dialect.Step) error {
	statements, err := statementsOf(steps)
	if err != nil {
		return err
	}
	removes := slices.ContainsFunc(statements, func(s statement) bool {
		return s.drops != "" || s.keep != nil && len(s.keep.removed) > 0
	})
	var before soundness
	if removes {
		if before, err = checkSoundness(ctx, conn); err != nil {
			return err
		}
	}
	e := executor{conn: conn, kept: map[*rebuild][]object{}, extras: map[*rebuild]extras{}}
	for _, s := range statements {
		if err := e.run(ctx, s); err != nil {
			return err
		}
	}
	if !removes {
		return nil
	}
	after, err := checkSoundness(ctx, conn)
	if err != nil {
		return err
	}
	if broken := before.brokenBy(after); broken != "" {
		return fmt.Errorf("something in the database still uses what this operation removes: %s; drop or change it in a RunSQL operation "+
			"before this one", broken)
	}
	return nil
}

func statementsOf(steps []dialect.Step) ([]statement, error) {
	list := make([]statement, len(steps))
	for i, step := range steps {
		s, ok := step.(statement)
		if !ok {
			return nil, fmt.Errorf("a step of another driver (%T) cannot be run on SQLite", step)
		}
		list[i] = s
	}
	return list, nil
}

// executor runs the statements of one operation.
type executor struct {
	conn   dialect.Conn
	kept   map[*rebuild][]object
	extras map[*rebuild]extras
}

func (e *executor) run(ctx context.Context, s statement) error {
	switch {
	case s.keep != nil:
		return e.keep(ctx, s.keep)
	case s.restore != nil:
		return e.restore(ctx, s.restore)
	case s.guard != "":
		found := false
		if err := each(ctx, e.conn, func(*sql.Rows) error { found = true; return nil }, s.sql); err != nil || !found {
			return err
		}
		return errors.New(s.guard)
	}
	text := s.sql
	if s.extends != nil {
		text = e.extras[s.extends].extend(text)
	}
	_, err := e.conn.ExecContext(ctx, text)
	return err
}

// keep reads the indexes and triggers of a table that is about to be rebuilt.
func (e *executor) keep(ctx context.Context, r *rebuild) error {
	columns, err := columnsOf(ctx, e.conn, r.table)
	if err != nil {
		return err
	}
	for _, c := range columns {
		if !slices.ContainsFunc(r.columns, func(name string) bool { return strings.EqualFold(name, c) }) {
			return fmt.Errorf("table %q has a column %q that no migration created; rebuilding the table would lose its values. Describe "+
				"it in a migration (RunSQL with State: []m.Operation{m.AddField{…}}), or drop it first", r.table, c)
		}
	}
	list, err := objects(ctx, e.conn, r.table)
	if err != nil {
		return err
	}
	var kept []object
	for _, o := range list {
		if o.kind == "index" && slices.ContainsFunc(r.dropped, func(name string) bool { return strings.EqualFold(name, o.name) }) {
			continue
		}
		if column := o.needs(r.removed); column != "" {
			return o.refusal(column)
		}
		kept = append(kept, o)
	}
	for _, column := range r.removed {
		o, err := columnUser(ctx, e.conn, r.table, column)
		if err != nil {
			return err
		}
		if o != nil {
			return o.refusal(column)
		}
	}
	e.kept[r] = kept
	e.extras[r], err = readExtras(ctx, e.conn, r)
	return err
}

// restore creates the objects that keep read, and indexes of the models that are missing.
func (e *executor) restore(ctx context.Context, r *rebuild) error {
	for _, o := range e.kept[r] {
		text := o.sql
		if o.constraint {
			if exists, err := e.hasIndex(ctx, r.table, o.name); err != nil {
				return err
			} else if exists {
				continue
			}
		}
		if _, err := e.conn.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("create the %s %q of table %q again: %w", o.kind, o.name, r.table, err)
		}
	}
	for _, x := range r.indexes {
		exists, err := e.hasIndex(ctx, r.table, x.name)
		if err != nil {
			return err
		}
		if exists {
			continue
		}
		if _, err := e.conn.ExecContext(ctx, x.sql); err != nil {
			return fmt.Errorf("create the index %q of table %q again: %w", x.name, r.table, err)
		}
	}
	return nil
}

func (e *executor) hasIndex(ctx context.Context, table, name string) (bool, error) {
	list, err := objects(ctx, e.conn, table)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(list, func(o object) bool { return o.kind == "index" && strings.EqualFold(o.name, name) }), nil
}

// needs returns the first of columns that the index or trigger uses, or "".
func (o object) needs(columns []string) string {
	for _, c := range columns {
		if o.kind == "index" && sqltext.IndexUses(o.sql, c) || o.kind == "trigger" && sqltext.TriggerWaitsFor(o.sql, c) {
			return c
		}
	}
	return ""
}

// use describes what prevents the removal of a column.
func (o object) use(column string) string {
	if o.constraint {
		return fmt.Sprintf("a UNIQUE constraint of the table, which no migration created, uses column %q, which this operation removes",
			column)
	}
	return fmt.Sprintf("%s %q uses column %q, which this operation removes", o.kind, o.name, column)
}

// refusal is the error for a removed column that is in use, with a hint.
func (o object) refusal(column string) error {
	if o.constraint {
		return fmt.Errorf("%s; remove it in a RunSQL operation before this one", o.use(column))
	}
	drop := fmt.Sprintf("DROP %s %s", strings.ToUpper(o.kind), quoteName(o.name))
	return fmt.Errorf("%s. To remove both, put this operation before it:\n    m.RunSQL{Forward: %#q, Backward: %#q}", o.use(column), drop,
		o.sql)
}

// soundness is the first broken view or trigger of the database, by two measures. strict also counts names in double quotes
// that are no column, which SQLite otherwise reads as text.
type soundness struct{ strict, loose string }

// brokenBy returns the view or trigger that is broken afterwards and was not before, or "".
func (s soundness) brokenBy(after soundness) string {
	if s.strict == "" {
		return after.strict
	}
	if after.loose != s.loose {
		return after.loose
	}
	return ""
}
