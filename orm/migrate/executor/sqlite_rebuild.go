package executor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/internal/sqltext"
	"github.com/quintetgo/quintet/orm/migrate/plan"
)

// guarded runs statements. Where they remove columns or tables, it makes sure that no view and no trigger still uses
// them: SQLite would keep such a view, and fail whenever it is read.
func (e *executor) guarded(statements []plan.Statement) error {
	removes := slices.ContainsFunc(statements, func(s plan.Statement) bool {
		return s.Drops != "" || s.Keep != nil && len(s.Keep.Removed) > 0
	})
	var before soundness
	if removes {
		var err error
		if before, err = sound(e.ctx, e.conn); err != nil {
			return err
		}
	}
	for _, s := range statements {
		if err := e.run(s); err != nil {
			return err
		}
	}
	if !removes {
		return nil
	}
	after, err := sound(e.ctx, e.conn)
	if err != nil {
		return err
	}
	if broken := before.brokenBy(after); broken != "" {
		return fmt.Errorf("something in the database still uses what this operation removes: %s; drop or change it in a RunSQL operation before this one", broken)
	}
	return nil
}

// keep reads the indexes and triggers of a table that is about to be rebuilt.
func (e *executor) keep(r *plan.Rebuild) error {
	columns, err := columnsOf(e.ctx, e.conn, r.Table)
	if err != nil {
		return err
	}
	for _, c := range columns {
		if !slices.ContainsFunc(r.Columns, func(known string) bool { return strings.EqualFold(known, c) }) {
			return fmt.Errorf("table %q has a column %q that no migration made; rebuilding the table would lose its values. Tell the migrations of it (RunSQL with State: []m.Operation{m.AddField{…}}), or drop it first", r.Table, c)
		}
	}
	list, err := objects(e.ctx, e.conn, r.Table)
	if err != nil {
		return err
	}
	var kept []object
	for _, o := range list {
		if o.kind == "index" && slices.ContainsFunc(r.Dropped, func(name string) bool { return strings.EqualFold(name, o.name) }) {
			continue
		}
		if column := o.needs(r.Removed); column != "" {
			return o.refusal(column)
		}
		kept = append(kept, o)
	}
	for _, column := range r.Removed {
		o, err := user(e.ctx, e.conn, r.Table, column)
		if err != nil {
			return err
		}
		if o != nil {
			return o.refusal(column)
		}
	}
	e.kept[r] = kept
	e.beyond[r], err = readExtras(e.ctx, e.conn, r)
	return err
}

// restore creates what keep read, and indexes of the models that are missing.
func (e *executor) restore(r *plan.Rebuild) error {
	for _, o := range e.kept[r] {
		text := o.sql
		if o.constraint {
			if exists, err := e.hasIndex(r.Table, o.name); err != nil {
				return err
			} else if exists {
				continue
			}
		}
		if _, err := e.conn.ExecContext(e.ctx, text); err != nil {
			return fmt.Errorf("create the %s %q of table %q again: %w", o.kind, o.name, r.Table, err)
		}
	}
	for _, x := range r.Indexes {
		exists, err := e.hasIndex(r.Table, x.Name)
		if err != nil {
			return err
		}
		if exists {
			continue
		}
		if _, err := e.conn.ExecContext(e.ctx, x.SQL); err != nil {
			return fmt.Errorf("create the index %q of table %q again: %w", x.Name, r.Table, err)
		}
	}
	return nil
}

func (e *executor) hasIndex(table, name string) (bool, error) {
	list, err := objects(e.ctx, e.conn, table)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(list, func(o object) bool { return o.kind == "index" && strings.EqualFold(o.name, name) }), nil
}

// needs returns the first of columns that the index or trigger cannot do without, or "".
func (o object) needs(columns []string) string {
	for _, c := range columns {
		if o.kind == "index" && sqltext.IndexUses(o.sql, c) || o.kind == "trigger" && sqltext.TriggerWaitsFor(o.sql, c) {
			return c
		}
	}
	return ""
}

// use reports what prevents the removal of a column.
func (o object) use(column string) string {
	if o.constraint {
		return fmt.Sprintf("a UNIQUE constraint of the table, which no migration made, uses column %q, which this operation removes", column)
	}
	return fmt.Sprintf("%s %q uses column %q, which this operation removes", o.kind, o.name, column)
}

// refusal is the error for a removed column that is in use, with the way to go on.
func (o object) refusal(column string) error {
	if o.constraint {
		return fmt.Errorf("%s; remove it in a RunSQL operation before this one", o.use(column))
	}
	drop := fmt.Sprintf("DROP %s %s", strings.ToUpper(o.kind), quote(o.name))
	return fmt.Errorf("%s. To remove both, put this operation before it:\n    m.RunSQL{Forward: %s, Backward: %s}", o.use(column), goText(drop), goText(o.sql))
}

// soundness is what the database reports about its own views and triggers: the first that is broken, by two measures.
// strict also counts names in double quotes that are no column, which SQLite otherwise takes for text.
type soundness struct{ strict, loose string }

// brokenBy returns what is broken afterwards and was not before.
func (s soundness) brokenBy(after soundness) string {
	if s.strict == "" {
		return after.strict
	}
	if after.loose != s.loose {
		return after.loose
	}
	return ""
}
