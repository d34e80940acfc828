// Package ddl plans and runs changes of tables in PostgreSQL, which changes tables in transactions.
package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/tablediff"
)

// Migrations are the capabilities of PostgreSQL's dialect that migrations use.
type Migrations struct{}

var (
	_ dialect.Planner  = Migrations{}
	_ dialect.Executor = Migrations{}
)

// Plan implements [dialect.Planner].
func (Migrations) Plan(changes []dialect.TableChange) ([]dialect.Step, error) {
	var b builder
	broken := changedReferences(changes)
	for _, r := range broken {
		if r.Old.References.Table != "" {
			b.list = append(b.list, statement{constraint: &constraint{table: r.before, kind: foreignKey, column: r.Old.Name}})
		}
	}
	for _, c := range slices.Backward(changes) {
		if c.New == nil {
			b.exec("DROP TABLE %s", quoteName(c.Old.Name))
		}
	}
	later := createdTables(changes)
	for _, c := range changes {
		switch {
		case c.Old == nil:
			delete(later, c.New.Name)
			b.create(c.New, later)
		case c.New != nil:
			if err := b.alter(c); err != nil {
				return nil, fmt.Errorf("table %s, %w", c.New.Name, err)
			}
		}
	}
	for _, r := range broken {
		if r.New.References.Table != "" {
			b.reference(r.after, *r.New)
		}
	}
	b.list = append(b.list, b.last...)
	steps := make([]dialect.Step, len(b.list))
	for i, s := range b.list {
		steps[i] = s
	}
	return steps, nil
}

// Script implements [dialect.Planner].
func (Migrations) Script() (before, after []string) { return []string{"BEGIN;"}, []string{"COMMIT;"} }

// changedReference is a column whose foreign key is dropped before all other changes and added after them.
type changedReference struct {
	dialect.ColumnChange
	before, after string // names of the table
}

// changedReferences returns the columns that stay and reference something else afterwards, or whose type or that of the
// column that they reference changes: both have to change before they are compared again.
func changedReferences(changes []dialect.TableChange) (list []changedReference) {
	type place struct{ table, column string }
	moved := map[place]place{} // new places of columns by their old ones
	retyped := map[place]bool{}
	for _, c := range changes {
		for _, x := range c.Columns {
			if x.Old != nil && x.New != nil {
				old := place{c.Old.Name, x.Old.Name}
				moved[old] = place{c.New.Name, x.New.Name}
				retyped[old] = definition(*x.Old) != definition(*x.New) || x.Using != ""
			}
		}
	}
	for _, c := range changes {
		for _, x := range c.Columns {
			if x.Old == nil || x.New == nil || x.Old.References.Table == "" && x.New.References.Table == "" {
				continue
			}
			target := place{x.Old.References.Table, x.Old.References.Column}
			if to, ok := moved[target]; ok {
				target = to
			}
			moved := x.Old.References
			moved.Table, moved.Column = target.table, target.column
			same := moved == x.New.References
			if !same || retyped[place{c.Old.Name, x.Old.Name}] || retyped[place{x.Old.References.Table, x.Old.References.Column}] {
				list = append(list, changedReference{x, c.Old.Name, c.New.Name})
			}
		}
	}
	return list
}

// createdTables returns the names of the tables that the changes create.
func createdTables(changes []dialect.TableChange) map[string]bool {
	names := map[string]bool{}
	for _, c := range changes {
		if c.Old == nil {
			names[c.New.Name] = true
		}
	}
	return names
}

// builder collects statements.
type builder struct {
	list []statement
	last []statement // behind all others: foreign keys of tables that are created before the tables that they reference
}

func (b *builder) exec(format string, args ...any) {
	b.list = append(b.list, statement{sql: fmt.Sprintf(format, args...)})
}

// guard adds a query that must return no row.
func (b *builder) guard(message, format string, args ...any) {
	b.list = append(b.list, statement{sql: fmt.Sprintf(format, args...), guard: message})
}

// reference adds the foreign key of a column.
func (b *builder) reference(table string, c dialect.Column) {
	b.exec("ALTER TABLE %s ADD FOREIGN KEY (%s)%s", quoteName(table), quoteName(c.Name), referenceSQL(c.References))
}

// create creates a table with its indexes. later are the tables that are created after it.
func (b *builder) create(t *dialect.Table, later map[string]bool) {
	keys := tablediff.PrimaryKey(t)
	var lines []string
	for _, c := range t.Columns {
		if later[c.References.Table] {
			var last builder
			last.reference(t.Name, c)
			b.last = append(b.last, last.list...)
			c.References = dialect.Reference{}
		}
		lines = append(lines, columnSQL(c, len(keys) == 1))
	}
	if len(keys) > 1 {
		lines = append(lines, "PRIMARY KEY ("+quoteAll(keys)+")")
	}
	for _, c := range t.Checks {
		lines = append(lines, checkSQL(t.Name, c))
	}
	b.exec("CREATE TABLE %s (\n    %s\n)", quoteName(t.Name), strings.Join(lines, ",\n    "))
	for _, x := range t.Indexes {
		b.createIndex(t.Name, x)
	}
	b.comments(t)
}

// alter changes a table. Names are changed first, and PostgreSQL follows them into every index, check and view.
func (b *builder) alter(c dialect.TableChange) error {
	table := quoteName(c.New.Name)
	d := tablediff.Of(c)
	if c.Old.Name != c.New.Name {
		b.exec("ALTER TABLE %s RENAME TO %s", quoteName(c.Old.Name), table)
	}
	for _, pair := range d.RenamedIndexes() {
		b.renameIndex(c.New.Name, pair[0], pair[1])
	}
	for _, x := range d.DroppedIndexes {
		b.dropIndex(c.New.Name, x)
	}
	again := recreated(c, d.KeptIndexes)
	for _, x := range again {
		b.dropIndex(c.New.Name, x)
	}
	for _, check := range d.DroppedChecks {
		b.exec("ALTER TABLE %s DROP CONSTRAINT %s", table, quoteName(check.Name))
	}
	for _, x := range c.Columns {
		if x.Renamed() {
			b.exec("ALTER TABLE %s RENAME COLUMN %s TO %s", table, quoteName(x.Old.Name), quoteName(x.New.Name))
		}
	}
	if c.Old.Comment != c.New.Comment {
		b.exec("COMMENT ON TABLE %s IS %s", table, commentText(c.New.Comment))
	}
	newKey := b.dropKey(c, d.Renamed)
	if err := b.columns(c); err != nil {
		return err
	}
	if newKey != nil {
		b.exec("ALTER TABLE %s ADD PRIMARY KEY (%s)", table, quoteAll(newKey))
	}
	for _, x := range slices.Concat(again, d.CreatedIndexes) {
		b.createIndex(c.New.Name, x)
	}
	for _, check := range d.AddedChecks {
		b.exec("ALTER TABLE %s ADD %s", table, checkSQL(c.New.Name, check))
	}
	return nil
}

// dropKey drops the primary key if the new table has another one, and returns the columns of that.
func (b *builder) dropKey(c dialect.TableChange, renamed map[string]string) []string {
	before, after := tablediff.PrimaryKey(c.Old), tablediff.PrimaryKey(c.New)
	for i, name := range before {
		if to, ok := renamed[name]; ok {
			before[i] = to
		}
	}
	if slices.Equal(before, after) {
		return nil
	}
	if len(before) > 0 {
		b.list = append(b.list, statement{constraint: &constraint{table: c.New.Name, kind: primaryKey}})
	}
	return after
}

// columns removes, adds and alters columns. What is removed goes last, as a fill may use it.
func (b *builder) columns(c dialect.TableChange) error {
	for _, x := range c.Columns {
		var err error
		switch {
		case x.New == nil:
		case x.Old == nil:
			if err = b.addColumn(c.New.Name, x); x.New.Comment != "" {
				b.commentColumn(c.New.Name, *x.New)
			}
		case x.Altered || x.Using != "":
			err = b.alterColumn(c.New.Name, x)
		}
		if err != nil {
			return fmt.Errorf("column %s: %w", x.New.Name, err)
		}
	}
	for _, x := range c.Columns {
		if x.New == nil {
			b.exec("ALTER TABLE %s DROP COLUMN %s", quoteName(c.New.Name), quoteName(x.Old.Name))
		}
	}
	return nil
}
