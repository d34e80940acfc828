// Package tablediff compares the forms of a table before and after an operation, for the planners of drivers.
package tablediff

import (
	"slices"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// Diff is what an operation changes about the indexes and checks of a table that exists before and after it. The renaming
// of columns alone changes none.
type Diff struct {
	// Renamed are the new names of renamed columns by their old ones.
	Renamed map[string]string
	// DroppedIndexes and CreatedIndexes are the indexes that only the old, or only the new table has in that form.
	DroppedIndexes, CreatedIndexes []dialect.Index
	// KeptIndexes are the indexes that both tables have, with the names of the new columns.
	KeptIndexes []dialect.Index
	// DroppedChecks and AddedChecks are the checks that only the old, or only the new table has in that form.
	DroppedChecks, AddedChecks []dialect.Check
}

// Of compares the tables of a change, neither of which is nil.
func Of(c dialect.TableChange) Diff {
	d := Diff{Renamed: RenamedColumns(c)}
	for _, x := range c.Old.Indexes {
		renamed := d.renameIndex(x)
		if slices.ContainsFunc(c.New.Indexes, func(n dialect.Index) bool { return Same(renamed, n) }) {
			d.KeptIndexes = append(d.KeptIndexes, renamed)
		} else {
			d.DroppedIndexes = append(d.DroppedIndexes, x)
		}
	}
	for _, x := range c.New.Indexes {
		if !slices.ContainsFunc(d.KeptIndexes, func(k dialect.Index) bool { return Same(k, x) }) {
			d.CreatedIndexes = append(d.CreatedIndexes, x)
		}
	}
	before, after := Checks(c.Old, d.Renamed), Checks(c.New, nil)
	for i, check := range before {
		if !slices.Contains(after, check) {
			d.DroppedChecks = append(d.DroppedChecks, c.Old.Checks[i])
		}
	}
	for i, check := range after {
		if !slices.Contains(before, check) {
			d.AddedChecks = append(d.AddedChecks, c.New.Checks[i])
		}
	}
	return d
}

// RenamedColumns returns the new names of the renamed columns of a change by their old ones.
func RenamedColumns(c dialect.TableChange) map[string]string {
	renamed := map[string]string{}
	for _, x := range c.Columns {
		if x.Renamed() {
			renamed[x.Old.Name] = x.New.Name
		}
	}
	return renamed
}

// Checks returns the checks of a table in a form in which those with the same meaning are equal, with columns under their
// new names.
func Checks(t *dialect.Table, renamed map[string]string) []dialect.Check {
	checks := slices.Clone(t.Checks)
	for i := range checks {
		checks[i].SQL = RenameColumns(sqltext.Unqualify(checks[i].SQL, t.Name), renamed)
	}
	return checks
}

// RenameColumns returns an expression with columns under their new names.
func RenameColumns(sql string, renamed map[string]string) string {
	for from, to := range renamed { // an operation renames one column, a renamed model one in each table
		sql = sqltext.RenameColumn(sql, from, to)
	}
	return sql
}

// Same reports whether two indexes are the same.
func Same(a, b dialect.Index) bool {
	return a.Name == b.Name && a.Unique == b.Unique && a.Where == b.Where && slices.Equal(a.Columns, b.Columns) &&
		slices.Equal(a.Include, b.Include) && a.Method == b.Method && a.NullsNotDistinct == b.NullsNotDistinct &&
		a.Deferrable == b.Deferrable && a.Search == b.Search && a.Language == b.Language
}

// renameIndex returns an index with columns under their new names.
func (d Diff) renameIndex(x dialect.Index) dialect.Index {
	x.Where = RenameColumns(x.Where, d.Renamed)
	x.Columns = slices.Clone(x.Columns)
	for i, c := range x.Columns {
		if to, ok := d.Renamed[c.Name]; ok {
			x.Columns[i].Name = to
		}
		x.Columns[i].Expression = RenameColumns(c.Expression, d.Renamed)
	}
	x.Include = slices.Clone(x.Include)
	for i, name := range x.Include {
		if to, ok := d.Renamed[name]; ok {
			x.Include[i] = to
		}
	}
	return x
}

// RenamedIndexes takes the pairs of indexes out of DroppedIndexes and CreatedIndexes that differ in their names only, for
// databases that can rename an index. The first of each pair is the old one.
func (d *Diff) RenamedIndexes() (pairs [][2]dialect.Index) {
	d.DroppedIndexes = slices.DeleteFunc(d.DroppedIndexes, func(x dialect.Index) bool {
		wanted := d.renameIndex(x)
		i := slices.IndexFunc(d.CreatedIndexes, func(n dialect.Index) bool {
			wanted.Name = n.Name
			return Same(wanted, n)
		})
		if i < 0 {
			return false
		}
		pairs = append(pairs, [2]dialect.Index{x, d.CreatedIndexes[i]})
		d.CreatedIndexes = slices.Delete(d.CreatedIndexes, i, i+1)
		return true
	})
	return pairs
}

// PrimaryKey returns the names of the columns of a table's primary key.
func PrimaryKey(t *dialect.Table) []string {
	var list []string
	for _, c := range t.Columns {
		if c.PrimaryKey {
			list = append(list, c.Name)
		}
	}
	return list
}
