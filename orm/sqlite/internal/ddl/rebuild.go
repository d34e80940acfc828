package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/tablediff"
)

// rebuild creates the table again under another name, copies the rows, drops the old table and takes its name. Columns
// that are renamed have their new names already. The indexes and triggers that the database has are created again,
// except those that the change drops, then those of the models that are missing. Views, and triggers of other tables,
// stay as they are, since legacy_alter_table leaves them alone. Numbers given to rows so far are not used again.
func (b *builder) rebuild(c dialect.TableChange, d tablediff.Diff) error {
	table, temporary := c.New.Name, "quintet_new_"+c.New.Name
	r := &rebuild{table: table, columns: columnsBefore(c), removed: removedColumns(c)}
	for _, x := range d.DroppedIndexes {
		r.dropped = append(r.dropped, x.Name)
	}
	var into, from []string
	for _, x := range c.Columns {
		if x.New == nil {
			continue
		}
		expression, err := b.source(table, x)
		if err != nil {
			return fmt.Errorf("table %s, column %s: %w", table, x.New.Name, err)
		}
		if expression != "" {
			into, from = append(into, quoteName(x.New.Name)), append(from, tablediff.RenameColumns(expression, d.Renamed))
		}
		if x.Implied && !x.New.Null && (x.Old == nil || x.Old.Null) {
			if value, err := literal(x.New.Type, x.Fill); err == nil {
				r.filled = append(r.filled, x.New.Name+" with "+value)
			}
		}
	}
	for _, x := range d.KeptIndexes {
		if !x.Search {
			r.indexes = append(r.indexes, indexStatement{x.Name, indexSQL(table, x)})
		}
	}
	r.describe(c, d.Renamed)
	b.list = append(b.list, statement{keep: r})
	b.exec("PRAGMA legacy_alter_table = ON")
	b.create(c.New, temporary)
	b.list[len(b.list)-1].extends = r
	if len(into) > 0 {
		b.exec("INSERT INTO %s (%s) SELECT %s FROM %s", quoteName(temporary), strings.Join(into, ", "), strings.Join(from, ", "),
			quoteName(table))
	}
	b.checkTypes(c, temporary)
	if isNumbered(c.Old) && isNumbered(c.New) {
		b.exec("DELETE FROM sqlite_sequence WHERE name = %s", quoteString(temporary))
		b.exec("INSERT INTO sqlite_sequence (name, seq) SELECT %s, seq FROM sqlite_sequence WHERE name = %s", quoteString(temporary),
			quoteString(table))
	}
	b.exec("DROP TABLE %s", quoteName(table))
	b.exec("ALTER TABLE %s RENAME TO %s", quoteName(temporary), quoteName(table))
	b.exec("PRAGMA legacy_alter_table = OFF")
	b.list = append(b.list, statement{restore: r})
	for _, x := range d.KeptIndexes {
		if x.Search {
			b.refillSearch(c.New, x)
		}
	}
	for _, x := range d.CreatedIndexes {
		b.createIndex(c.New, x)
	}
	return nil
}

// nameBefore returns the name that an old column has once columns have been renamed.
func nameBefore(x dialect.ColumnChange) string {
	if x.New != nil {
		return x.New.Name
	}
	return x.Old.Name
}

// columnsBefore returns the columns of the table before the rebuild, in their order, once columns have been renamed.
func columnsBefore(c dialect.TableChange) []string {
	list := make([]string, len(c.Old.Columns))
	for i, o := range c.Old.Columns {
		list[i] = o.Name
		for _, x := range c.Columns {
			if x.Old != nil && x.Old.Name == o.Name {
				list[i] = nameBefore(x)
			}
		}
	}
	return list
}

func removedColumns(c dialect.TableChange) []string {
	var list []string
	for _, x := range c.Columns {
		if x.New == nil {
			list = append(list, x.Old.Name)
		}
	}
	return list
}

// describe records which parts of the table's definition are the migrations' own.
func (r *rebuild) describe(c dialect.TableChange, renamed map[string]string) {
	r.checks = append(tablediff.Checks(c.Old, renamed), tablediff.Checks(c.New, nil)...)
	keys := 0
	for _, n := range c.New.Columns {
		if n.PrimaryKey {
			keys++
		}
	}
	for _, x := range c.Columns {
		if x.Old == nil || x.New == nil || x.New.Auto {
			continue
		}
		r.definitions = append(r.definitions, definition{
			name: x.New.Name, sql: columnSQL(*x.New, keys == 1),
			hasDefault:   x.Old.Default != "" || x.New.Default != "",
			hasCollation: x.Old.Collation != "" || x.New.Collation != "",
			hasReference: x.Old.References.Table != "" || x.New.References.Table != "",
			isGenerated:  x.Old.Generated != "",
		})
	}
}

// source returns the expression that fills a column of the new table; "" leaves it to the column's default or NULL.
func (b *builder) source(table string, x dialect.ColumnChange) (string, error) {
	if x.New.Generated != "" {
		return "", nil
	}
	fill := ""
	if x.Fill != nil {
		var err error
		if fill, err = literal(x.New.Type, x.Fill); err != nil {
			return "", err
		}
	}
	if x.Old == nil {
		if fill == "" && !x.New.Null && x.New.Default == "" && !x.New.Auto {
			b.guard(fmt.Sprintf("table %s has rows, and column %s, which is NOT NULL, has no value for them; give the field a Backfill",
				table,
				x.New.Name),
				"SELECT 1 FROM %s LIMIT 1", quoteName(table))
		}
		return fill, nil
	}
	if x.Using != "" {
		return "(" + x.Using + ")", nil
	}
	expression := quoteName(x.New.Name) // an old column that is renamed has this name already
	switch {
	case x.New.Null || !x.Old.Null:
	case fill != "":
		expression = "COALESCE(" + expression + ", " + fill + ")"
	default:
		b.guard(fmt.Sprintf("table %s has rows without a value in column %s, which becomes NOT NULL; give the field a Backfill", table,
			x.New.Name),
			"SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1", quoteName(table), expression)
	}
	return expression, nil
}

// checkTypes stops the migration where a value could not become one of the column's new type: SQLite would store it as
// it is, and reading it would fail later.
func (b *builder) checkTypes(c dialect.TableChange, temporary string) {
	for _, x := range c.Columns {
		if x.Old == nil || x.New == nil || x.Old.Type == x.New.Type {
			continue
		}
		var types string
		switch t := x.New.Type; {
		case t.IsInteger(), t == dialect.TypeBool:
			types = "'integer', 'null'"
		case t == dialect.TypeFloat, t == dialect.TypeDecimal:
			types = "'integer', 'real', 'null'"
		default:
			continue
		}
		b.guard(fmt.Sprintf("table %s has values in column %s that are no %s; change them first, or give the field Using(…)", c.New.Name,
			x.New.Name, x.New.Type),
			"SELECT 1 FROM %s WHERE typeof(%s) NOT IN (%s) LIMIT 1", quoteName(temporary), quoteName(x.New.Name), types)
	}
}

// isNumbered reports whether the database numbers the rows of the table.
func isNumbered(t *dialect.Table) bool {
	return slices.ContainsFunc(t.Columns, func(c dialect.Column) bool { return c.Auto })
}
