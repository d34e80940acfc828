package ddl

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// alteration is the change of one table.
type alteration struct {
	change  dialect.TableChange
	table   string            // its quoted name after the change
	renamed map[string]string // columns by their old name
	touched map[string]bool   // old columns that are renamed, altered or removed
	clauses []string          // of the ALTER TABLE
}

// alter changes a table: values for existing rows first, then everything else by one ALTER TABLE.
func (b *builder) alter(c dialect.TableChange) error {
	a := &alteration{change: c, table: Quote(c.New.Name), renamed: map[string]string{}, touched: map[string]bool{}}
	for _, x := range c.Columns {
		if x.Renamed() {
			a.renamed[x.Old.Name] = x.New.Name
		}
		if x.Old != nil && (x.New == nil || x.Renamed() || x.Altered) {
			a.touched[x.Old.Name] = true
		}
	}
	if c.Old.Name != c.New.Name {
		b.exec("RENAME TABLE %s TO %s", Quote(c.Old.Name), a.table)
	}
	dropped := a.dropIndexes()
	a.dropChecks()
	if err := b.columns(a, dropped); err != nil {
		return err
	}
	a.changeKey()
	if c.Old.Comment != c.New.Comment {
		a.clause("COMMENT = %s", quoteText(c.New.Comment))
	}
	a.addIndexes(dropped)
	a.addChecks()
	if len(a.clauses) > 0 {
		b.exec("ALTER TABLE %s\n    %s", a.table, strings.Join(a.clauses, ",\n    "))
	}
	for _, x := range c.Columns {
		if x.New != nil && x.New.References.Table != "" && (x.Old == nil || x.Altered) {
			b.later = append(b.later, foreignKey{table: c.New.Name, column: x.New.Name, to: x.New.References})
		}
	}
	return nil
}

func (a *alteration) clause(format string, args ...any) {
	a.clauses = append(a.clauses, fmt.Sprintf(format, args...))
}

// dropIndexes drops the indexes that the new table has not in the same form, and those that are created again: with a
// column whose values come from elsewhere, or a condition over a column that changes. It returns their names.
func (a *alteration) dropIndexes() map[string]bool {
	dropped := map[string]bool{}
	for _, x := range a.change.Old.Indexes {
		keep := slices.ContainsFunc(a.change.New.Indexes, func(n dialect.Index) bool { return sameIndex(a.renameIndex(x), n) })
		replaced := slices.ContainsFunc(x.Columns, func(c dialect.IndexColumn) bool { return a.isReplaced(c.Name) })
		if keep && !replaced && !mentionsAny(x, a.touched) {
			continue
		}
		dropped[x.Name] = true
		a.clause("DROP INDEX %s", Quote(x.Name))
		if markerSQL(x) != "" {
			a.clause("DROP COLUMN %s", Quote(x.Name))
		}
	}
	return dropped
}

// isReplaced reports whether an old column is replaced by a new one with computed values.
func (a *alteration) isReplaced(column string) bool {
	return slices.ContainsFunc(a.change.Columns, func(x dialect.ColumnChange) bool {
		return x.Old != nil && x.New != nil && x.Using != "" && x.Old.Name == column
	})
}

func (a *alteration) addIndexes(dropped map[string]bool) {
	t := a.change.New
	for _, x := range t.Indexes {
		kept := slices.ContainsFunc(a.change.Old.Indexes, func(o dialect.Index) bool {
			return sameIndex(a.renameIndex(o), x) && !dropped[o.Name]
		})
		if kept {
			continue
		}
		if marker := markerSQL(x); marker != "" {
			a.clause("ADD COLUMN %s", marker)
		}
		a.clause("ADD %s", indexSQL(t, x))
	}
}

func (a *alteration) renameIndex(x dialect.Index) dialect.Index {
	for from, to := range a.renamed {
		x.Where = sqltext.RenameColumn(x.Where, from, to)
	}
	x.Columns = slices.Clone(x.Columns)
	for i, c := range x.Columns {
		if to, ok := a.renamed[c.Name]; ok {
			x.Columns[i].Name = to
		}
	}
	return x
}

func sameIndex(a, b dialect.Index) bool {
	return a.Name == b.Name && a.Unique == b.Unique && a.Where == b.Where && slices.Equal(a.Columns, b.Columns)
}

// keptChecks are the checks that stay as they are: a check over a column that is renamed has to be written again.
func (a *alteration) keptChecks() map[string]bool {
	kept := map[string]bool{}
	for _, o := range a.change.Old.Checks {
		for _, n := range a.change.New.Checks {
			same := o.Name == n.Name && sqltext.Unqualify(o.SQL, a.change.Old.Name) == sqltext.Unqualify(n.SQL, a.change.New.Name)
			uses := slices.ContainsFunc(slices.Collect(maps.Keys(a.touched)), func(c string) bool { return sqltext.MentionsColumn(o.SQL, c) })
			if same && !uses {
				kept[o.Name] = true
			}
		}
	}
	return kept
}

func (a *alteration) dropChecks() {
	kept := a.keptChecks()
	for _, c := range a.change.Old.Checks {
		if !kept[c.Name] {
			a.clause("DROP CONSTRAINT %s", Quote(c.Name))
		}
	}
}

func (a *alteration) addChecks() {
	kept := a.keptChecks()
	for _, c := range a.change.New.Checks {
		if !kept[c.Name] {
			a.clause("ADD %s", checkSQL(a.change.New, c))
		}
	}
}

// changeKey replaces the primary key if other columns have it.
func (a *alteration) changeKey() {
	before, after := primaryKey(a.change.Old), primaryKey(a.change.New)
	for i, name := range before {
		if to, ok := a.renamed[name]; ok {
			before[i] = to
		}
	}
	if slices.Equal(before, after) {
		return
	}
	if len(before) > 0 {
		a.clause("DROP PRIMARY KEY")
	}
	if len(after) > 0 {
		a.clause("ADD PRIMARY KEY %s", quoteAll(after))
	}
}
