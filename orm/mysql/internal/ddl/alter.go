package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
	"github.com/quintetgo/quintet/orm/internal/tablediff"
)

// alteration is the change of one table.
type alteration struct {
	change  dialect.TableChange
	table   string // its quoted name after the change
	diff    tablediff.Diff
	touched map[string]bool // old columns that are renamed, altered or removed
	clauses []string        // of the ALTER TABLE
}

// alter changes a table: values for existing rows first, then everything else by one ALTER TABLE.
func (b *builder) alter(c dialect.TableChange) error {
	a := &alteration{change: c, table: Quote(c.New.Name), diff: tablediff.Of(c), touched: map[string]bool{}}
	for _, x := range c.Columns {
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

// dropIndexes drops the indexes that the new table has not in the same form, and those that are created again; see
// [alteration.dependsOn]. It returns their names.
func (a *alteration) dropIndexes() map[string]bool {
	dropped := map[string]bool{}
	for _, x := range a.change.Old.Indexes {
		kept := slices.ContainsFunc(a.diff.KeptIndexes, func(k dialect.Index) bool { return k.Name == x.Name })
		if kept && !a.dependsOn(x) {
			continue
		}
		dropped[x.Name] = true
		a.clause("DROP INDEX %s", Quote(x.Name))
		if ownColumn(x) != "" {
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

// mentionsTouched reports whether an expression uses a column that changes, so that the database would refuse the change.
func (a *alteration) mentionsTouched(sql string) bool {
	for column := range a.touched {
		if sqltext.MentionsColumn(sql, column) {
			return true
		}
	}
	return false
}

func (a *alteration) addIndexes(dropped map[string]bool) {
	for _, x := range a.change.New.Indexes {
		kept := slices.ContainsFunc(a.diff.KeptIndexes, func(k dialect.Index) bool { return k.Name == x.Name })
		if kept && !dropped[x.Name] {
			continue
		}
		if own := ownColumn(x); own != "" {
			a.clause("ADD COLUMN %s", own)
		}
		a.clause("ADD %s", indexSQL(a.change.New, x))
	}
}

// dropChecks drops the checks that the new table has not, and those over columns that change, which are written again.
func (a *alteration) dropChecks() {
	for _, c := range a.change.Old.Checks {
		if slices.Contains(a.diff.DroppedChecks, c) || a.mentionsTouched(c.SQL) {
			a.clause("DROP CONSTRAINT %s", Quote(c.Name))
		}
	}
}

func (a *alteration) addChecks() {
	for _, c := range a.change.New.Checks {
		before := slices.IndexFunc(a.change.Old.Checks, func(o dialect.Check) bool { return o.Name == c.Name })
		if slices.Contains(a.diff.AddedChecks, c) || before >= 0 && a.mentionsTouched(a.change.Old.Checks[before].SQL) {
			a.clause("ADD %s", checkSQL(a.change.New, c))
		}
	}
}

// changeKey replaces the primary key if other columns have it.
func (a *alteration) changeKey() {
	before, after := tablediff.PrimaryKey(a.change.Old), tablediff.PrimaryKey(a.change.New)
	for i, name := range before {
		if to, ok := a.diff.Renamed[name]; ok {
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
