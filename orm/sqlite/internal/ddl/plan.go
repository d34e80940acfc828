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
	"github.com/quintetgo/quintet/orm/internal/tablediff"
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
			for _, x := range c.Old.Indexes {
				if x.Search {
					b.dropIndex(x)
				}
			}
			b.exec("DROP TABLE %s", quoteName(c.Old.Name))
			b.list[len(b.list)-1].drops = c.Old.Name
		}
	}
	for _, c := range changes {
		if c.New != nil {
			if err := checkSearch(c.New); err != nil {
				return nil, err
			}
		}
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
		b.createIndex(t, x)
	}
}

// alter changes a table, with ALTER TABLE where SQLite can do that. Names are changed with ALTER TABLE in any case, as that
// follows them into every index, trigger and view.
func (b *builder) alter(c dialect.TableChange) error {
	d := tablediff.Of(c)
	rebuild := len(d.DroppedChecks) > 0 || len(d.AddedChecks) > 0 || slices.ContainsFunc(c.Columns, needsRebuild)
	if c.Old.Name != c.New.Name {
		b.exec("ALTER TABLE %s RENAME TO %s", quoteName(c.Old.Name), quoteName(c.New.Name))
		b.list[len(b.list)-1].renames = [2]string{c.Old.Name, c.New.Name}
	}
	for _, x := range d.DroppedIndexes {
		if !rebuild || x.Search {
			b.dropIndex(x)
		}
	}
	for _, x := range c.Columns {
		if x.Renamed() {
			b.exec("ALTER TABLE %s RENAME COLUMN %s TO %s", quoteName(c.New.Name), quoteName(x.Old.Name), quoteName(x.New.Name))
		}
	}
	if rebuild {
		return b.rebuild(c, d)
	}
	for _, x := range c.Columns {
		if x.Old == nil {
			b.exec("ALTER TABLE %s ADD COLUMN %s", quoteName(c.New.Name), columnSQL(*x.New, false))
		}
	}
	for _, x := range d.CreatedIndexes {
		b.createIndex(c.New, x)
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
