package plan

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/migrate/internal/sqltext"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// SQLite plans for SQLite 3.35 and later.
//
// Its statements expect foreign keys to be switched off before the transaction begins: a table that ALTER TABLE cannot
// change is created again, its rows are copied, and the old one is dropped, which would otherwise delete what points at it.
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
			b.list[len(b.list)-1].Drops = x.old.name
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

// alter leads from one form of a table to another, with ALTER TABLE where SQLite can do that. Names are changed with
// ALTER TABLE in any case, as that follows them into every index, trigger and view.
func (b *builder) alter(old, new *table) error {
	renamed := map[string]string{} // columns of the old table, by name
	var added, removed []column
	rebuild := false
	for _, o := range old.columns {
		n, ok := b.columnAfter(old, o, new)
		switch {
		case !ok:
			removed = append(removed, o)
		case o.name != n.name:
			renamed[o.name] = n.name
		}
		rebuild = rebuild || !ok || !b.c.sameColumn(o, n)
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
	rebuild = rebuild || !slices.Equal(comparableChecks(old.checks, old.name, renamed), comparableChecks(new.checks, new.name, nil))

	if old.name != new.name {
		b.rename(old.name, new.name)
	}
	dropped := b.droppedIndexes(old, new, renamed)
	if !rebuild {
		for _, name := range dropped {
			b.exec("DROP INDEX %s", quoteName(name))
		}
	}
	for _, o := range old.columns {
		if to, ok := renamed[o.name]; ok {
			b.exec("ALTER TABLE %s RENAME COLUMN %s TO %s", quoteName(new.name), quoteName(o.name), quoteName(to))
		}
	}
	if rebuild {
		return b.rebuild(withNames(old, renamed), new, names(removed), dropped, renamed)
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

func (b *builder) rename(from, to string) {
	b.exec("ALTER TABLE %s RENAME TO %s", quoteName(from), quoteName(to))
	b.list[len(b.list)-1].Renames = [2]string{from, to}
}

// droppedIndexes lists the indexes of the old table that the new one does not have in the same form.
func (b *builder) droppedIndexes(old, new *table, renamed map[string]string) []string {
	var list []string
	for _, x := range old.indexes {
		if !slices.ContainsFunc(new.indexes, func(n index) bool { return sameIndex(renameIndex(x, renamed), n) }) {
			list = append(list, x.name)
		}
	}
	return list
}

// withNames returns a table whose columns have been renamed.
func withNames(t *table, renamed map[string]string) *table {
	c := *t
	c.columns = slices.Clone(t.columns)
	for i := range c.columns {
		if to, ok := renamed[c.columns[i].name]; ok {
			c.columns[i].name = to
		}
	}
	return &c
}

func names(columns []column) []string {
	var list []string
	for _, c := range columns {
		list = append(list, c.name)
	}
	return list
}

// columnAfter returns what becomes of a column of the old table.
func (b *builder) columnAfter(old *table, o column, new *table) (column, bool) {
	id := o.id
	if old.id.field == "" {
		id = b.c.fieldAfter(old.id.model, id)
	}
	return find(new.columns, id)
}

// columnBefore returns what a column of the new table was.
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

// comparableChecks returns checks in a form in which those that say the same are equal.
func comparableChecks(checks []state.Check, table string, renamed map[string]string) []state.Check {
	checks = slices.Clone(checks)
	for i := range checks {
		checks[i].SQL = renameAll(sqltext.Unqualify(checks[i].SQL, table), renamed)
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
		sql = sqltext.RenameColumn(sql, from, to)
	}
	return sql
}

func sameIndex(a, b index) bool {
	return a.name == b.name && a.unique == b.unique && a.where == b.where && slices.Equal(a.columns, b.columns)
}
