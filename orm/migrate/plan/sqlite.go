package plan

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/migrate/state"
)

// SQLite plans for SQLite 3.35 and later.
//
// Its statements expect foreign keys to be switched off before the transaction begins: a table that ALTER TABLE cannot
// change is made anew, its rows are copied, and the old one is dropped, which would otherwise delete what points at it.
// The caller checks all references before it commits.
type SQLite struct{}

// Plan implements [Planner].
func (p SQLite) Plan(c Change) ([]Statement, error) {
	pairs, err := c.pairs()
	if err != nil {
		return nil, err
	}
	var b builder
	b.c = c
	for _, x := range slices.Backward(pairs) { // the tables of many-to-many fields stand after their model's
		if x.new == nil {
			b.exec("DROP TABLE %s", quoteName(x.old.name))
		}
	}
	for _, x := range pairs {
		switch {
		case x.old == nil:
			b.create(x.new, x.new.name)
			b.createIndexes(x.new)
		case x.new != nil:
			if err := b.alter(x.old, x.new); err != nil {
				return nil, err
			}
		}
	}
	return b.list, nil
}

// builder collects statements.
type builder struct {
	c    Change
	list []Statement
}

func (b *builder) exec(format string, args ...any) {
	b.list = append(b.list, Statement{SQL: fmt.Sprintf(format, args...)})
}

func (b *builder) guard(message, format string, args ...any) {
	b.list = append(b.list, Statement{SQL: fmt.Sprintf(format, args...), Guard: message})
}

func (b *builder) createIndexes(t *table) {
	for _, x := range t.indexes {
		b.exec("%s", indexSQL(t.name, x))
	}
}

// alter leads from one form of a table to another, with ALTER TABLE where SQLite can do that.
func (b *builder) alter(old, new *table) error {
	renamed := map[string]string{} // columns of the old table, by name
	added := []column{}
	rebuild := false
	for _, o := range old.columns {
		n, ok := b.columnAfter(old, o, new)
		if !ok || !b.c.sameColumn(o, n) {
			rebuild = true
		} else if o.name != n.name {
			renamed[o.name] = n.name
		}
	}
	for _, n := range new.columns {
		if _, ok := b.columnBefore(old, n, new); ok {
			continue
		}
		added = append(added, n)
		rebuild = rebuild || !n.null || n.primary || n.dbDefault != "" && n.dbDefault != "NULL"
		if _, fill := b.c.fills[n.id]; fill && b.fills(new) {
			rebuild = true
		}
	}
	rebuild = rebuild || !slices.Equal(renameChecks(old.checks, renamed), new.checks)

	if old.name != new.name {
		b.exec("ALTER TABLE %s RENAME TO %s", quoteName(old.name), quoteName(new.name))
	}
	if rebuild {
		return b.rebuild(old, new)
	}
	keep := func(x index) bool {
		return slices.ContainsFunc(new.indexes, func(n index) bool { return sameIndex(renameIndex(x, renamed), n) })
	}
	for _, x := range old.indexes {
		if !keep(x) {
			b.exec("DROP INDEX %s", quoteName(x.name))
		}
	}
	for _, o := range old.columns {
		if to, ok := renamed[o.name]; ok {
			b.exec("ALTER TABLE %s RENAME COLUMN %s TO %s", quoteName(new.name), quoteName(o.name), quoteName(to))
		}
	}
	for _, n := range added {
		b.exec("ALTER TABLE %s ADD COLUMN %s", quoteName(new.name), columnSQL(n, false))
	}
	for _, n := range new.indexes {
		if !slices.ContainsFunc(old.indexes, func(x index) bool { return sameIndex(renameIndex(x, renamed), n) }) {
			b.exec("%s", indexSQL(new.name, n))
		}
	}
	return nil
}

// columnAfter gives what becomes of a column of the old table.
func (b *builder) columnAfter(old *table, o column, new *table) (column, bool) {
	id := o.id
	if old.id.field == "" {
		id = b.c.fieldAfter(old.id.model, id)
	}
	return find(new.columns, id)
}

// columnBefore gives what a column of the new table was.
func (b *builder) columnBefore(old *table, n column, new *table) (column, bool) {
	for _, o := range old.columns {
		if x, ok := b.columnAfter(old, o, new); ok && x.id == n.id {
			return o, true
		}
	}
	return column{}, false
}

// fills reports whether the change's backfills are meant for this table.
func (b *builder) fills(t *table) bool { return t.id == identity{model: b.c.fillModel} }

func find(list []column, id string) (column, bool) {
	i := slices.IndexFunc(list, func(c column) bool { return c.id == id })
	if i < 0 {
		return column{}, false
	}
	return list[i], true
}

func renameChecks(checks []state.Check, renamed map[string]string) []state.Check {
	checks = slices.Clone(checks)
	for i := range checks {
		checks[i].SQL = renameAll(checks[i].SQL, renamed)
	}
	return checks
}

func renameIndex(x index, renamed map[string]string) index {
	x.where = renameAll(x.where, renamed)
	x.columns = slices.Clone(x.columns)
	for i, c := range x.columns {
		if to, ok := renamed[c.name]; ok {
			x.columns[i].name = to
		}
	}
	return x
}

func renameAll(sql string, renamed map[string]string) string {
	for from, to := range renamed { // an operation renames one column, a renamed model one in each table
		sql = state.RenameIdentifier(sql, from, to)
	}
	return sql
}

func sameIndex(a, b index) bool {
	return a.name == b.name && a.unique == b.unique && a.where == b.where && slices.Equal(a.columns, b.columns)
}
