// Package ddl plans and runs changes of tables in SQLite.
//
// A table that ALTER TABLE cannot change is created again, its rows are copied, and the old one is dropped, which would
// delete rows that reference it if foreign keys were on. The transaction therefore begins with foreign keys off, and ends
// by checking every reference. Indexes and triggers of a rebuilt table are kept, whoever made them, and what a rebuild
// would lose stops the migration.
package ddl

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// Migrations are the capabilities of SQLite's dialect that migrations use, for SQLite 3.35 and later.
type Migrations struct{}

var (
	_ dialect.Planner   = Migrations{}
	_ dialect.Executor  = Migrations{}
	_ dialect.Previewer = Migrations{}
)

// Plan implements [dialect.Planner].
func (Migrations) Plan(changes []dialect.TableChange) ([]dialect.Step, error) {
	var b builder
	for _, c := range slices.Backward(changes) {
		if c.New == nil {
			b.exec("DROP TABLE %s", quoteName(c.Old.Name))
			b.list[len(b.list)-1].drops = c.Old.Name
		}
	}
	for _, c := range changes {
		switch {
		case c.Old == nil:
			b.create(c.New, c.New.Name)
			b.createIndexes(c.New)
		case c.New != nil:
			if err := b.alter(c); err != nil {
				return nil, err
			}
		}
	}
	steps := make([]dialect.Step, len(b.list))
	for i, s := range b.list {
		steps[i] = s
	}
	return steps, nil
}

// Script implements [dialect.Planner].
func (Migrations) Script() (before, after []string) {
	return []string{"PRAGMA foreign_keys = OFF;", "BEGIN;"}, []string{"COMMIT;", "PRAGMA foreign_keys = ON;"}
}

// builder collects statements.
type builder struct{ list []statement }

func (b *builder) exec(format string, args ...any) {
	b.list = append(b.list, statement{sql: fmt.Sprintf(format, args...)})
}

func (b *builder) guard(message, format string, args ...any) {
	b.list = append(b.list, statement{sql: fmt.Sprintf(format, args...), guard: message})
}

func (b *builder) createIndexes(t *dialect.Table) {
	for _, x := range t.Indexes {
		b.exec("%s", indexSQL(t.Name, x))
	}
}

// alter changes a table, with ALTER TABLE where SQLite can do that. Names are changed with ALTER TABLE in any case, as that
// follows them into every index, trigger and view.
func (b *builder) alter(c dialect.TableChange) error {
	renamed := map[string]string{} // columns of the old table, by name
	rebuild := false
	for _, x := range c.Columns {
		if x.Renamed() {
			renamed[x.Old.Name] = x.New.Name
		}
		rebuild = rebuild || needsRebuild(x)
	}
	rebuild = rebuild || !slices.Equal(comparableChecks(c.Old.Checks, c.Old.Name, renamed), comparableChecks(c.New.Checks, c.New.Name, nil))

	if c.Old.Name != c.New.Name {
		b.exec("ALTER TABLE %s RENAME TO %s", quoteName(c.Old.Name), quoteName(c.New.Name))
		b.list[len(b.list)-1].renames = [2]string{c.Old.Name, c.New.Name}
	}
	dropped := droppedIndexes(c, renamed)
	if !rebuild {
		for _, name := range dropped {
			b.exec("DROP INDEX %s", quoteName(name))
		}
	}
	for _, x := range c.Columns {
		if x.Renamed() {
			b.exec("ALTER TABLE %s RENAME COLUMN %s TO %s", quoteName(c.New.Name), quoteName(x.Old.Name), quoteName(x.New.Name))
		}
	}
	if rebuild {
		return b.rebuild(c, dropped, renamed)
	}
	for _, x := range c.Columns {
		if x.Old == nil {
			b.exec("ALTER TABLE %s ADD COLUMN %s", quoteName(c.New.Name), columnSQL(*x.New, false))
		}
	}
	for _, x := range c.New.Indexes {
		if !slices.ContainsFunc(c.Old.Indexes, func(o dialect.Index) bool { return sameIndex(renameIndex(o, renamed), x) }) {
			b.exec("%s", indexSQL(c.New.Name, x))
		}
	}
	return nil
}

// needsRebuild reports whether ALTER TABLE cannot make the change of a column.
func needsRebuild(x dialect.ColumnChange) bool {
	switch {
	case x.New == nil:
		return true
	case x.Old != nil:
		return x.Altered && !onlyComment(*x.Old, *x.New)
	case x.New.Generated != "" && !x.New.Virtual:
		return true
	}
	return !x.New.Null || x.New.PrimaryKey || x.New.Default != "" && x.New.Default != "NULL" || x.Fill != nil && !x.Implied
}

// onlyComment reports whether two columns differ in nothing but their comments, which SQLite does not keep.
func onlyComment(a, b dialect.Column) bool {
	a.Name, a.Comment = b.Name, b.Comment
	return a == b
}

// droppedIndexes lists the indexes of the old table that the new one does not have in the same form.
func droppedIndexes(c dialect.TableChange, renamed map[string]string) []string {
	var list []string
	for _, x := range c.Old.Indexes {
		if !slices.ContainsFunc(c.New.Indexes, func(n dialect.Index) bool { return sameIndex(renameIndex(x, renamed), n) }) {
			list = append(list, x.Name)
		}
	}
	return list
}

// comparableChecks returns checks in a form in which those with the same meaning are equal.
func comparableChecks(checks []dialect.Check, table string, renamed map[string]string) []dialect.Check {
	checks = slices.Clone(checks)
	for i := range checks {
		checks[i].SQL = renameColumns(sqltext.Unqualify(checks[i].SQL, table), renamed)
	}
	return checks
}

func renameIndex(x dialect.Index, renamed map[string]string) dialect.Index {
	x.Where = renameColumns(x.Where, renamed)
	x.Columns = slices.Clone(x.Columns)
	for i, c := range x.Columns {
		if to, ok := renamed[c.Name]; ok {
			x.Columns[i].Name = to
		}
		x.Columns[i].Expression = renameColumns(c.Expression, renamed)
	}
	return x
}

// renameColumns returns an expression with columns under their new names.
func renameColumns(sql string, renamed map[string]string) string {
	for from, to := range renamed { // an operation renames one column, a renamed model one in each table
		sql = sqltext.RenameColumn(sql, from, to)
	}
	return sql
}

func sameIndex(a, b dialect.Index) bool {
	return a.Name == b.Name && a.Unique == b.Unique && a.Where == b.Where && slices.Equal(a.Columns, b.Columns)
}
