package ddl

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// columns adds the clauses for the columns. The statements that give existing rows their values come before the ALTER TABLE:
// new columns are added without NOT NULL, filled, and get their final form by it.
func (b *builder) columns(a *alteration, dropped map[string]bool) error {
	for _, x := range a.change.Columns {
		var err error
		switch {
		case x.New == nil:
			b.guardRemoval(a, x.Old.Name, dropped)
			a.clause("DROP COLUMN %s", Quote(x.Old.Name))
		case x.Old == nil:
			err = b.addColumn(a, x)
		case x.Altered && (x.Old.Generated != x.New.Generated || x.Old.Virtual != x.New.Virtual):
			a.clause("DROP COLUMN %s", Quote(x.Old.Name))
			a.clause("ADD COLUMN %s", columnSQL(*x.New))
		case x.Using != "":
			err = b.replaceColumn(a, x)
		case x.Altered:
			err = b.alterColumn(a, x)
		case x.Renamed():
			a.clause("RENAME COLUMN %s TO %s", Quote(x.Old.Name), Quote(x.New.Name))
		}
		if err != nil {
			return fmt.Errorf("table %s, column %s: %w", a.change.New.Name, x.New.Name, err)
		}
	}
	return nil
}

// guardRemoval stops the migration if an index that no migration created uses a column that is removed: the database would
// take the column out of the index.
func (b *builder) guardRemoval(a *alteration, column string, dropped map[string]bool) {
	known := []string{"''"}
	for name := range dropped {
		known = append(known, quoteText(name))
	}
	for _, x := range a.change.Old.Indexes {
		if !dropped[x.Name] {
			known = append(known, quoteText(x.Name))
		}
	}
	b.guard(
		fmt.Sprintf("an index that no migration created uses column %s of table %s, which this operation removes; drop the index in a "+
			"RunSQL operation before this one", column, a.change.New.Name),
		"SELECT INDEX_NAME FROM information_schema.STATISTICS AS s WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = %s"+
			" AND COLUMN_NAME = %s AND INDEX_NAME NOT IN (%s)"+
			" AND NOT EXISTS (SELECT 1 FROM information_schema.TABLE_CONSTRAINTS AS c WHERE c.CONSTRAINT_SCHEMA = DATABASE()"+
			" AND c.TABLE_NAME = s.TABLE_NAME AND c.CONSTRAINT_NAME = s.INDEX_NAME"+
			" AND c.CONSTRAINT_TYPE IN ('FOREIGN KEY', 'PRIMARY KEY'))",
		quoteText(a.change.New.Name),
		quoteText(column),
		strings.Join(known, ", "),
	)
}

func (b *builder) addColumn(a *alteration, x dialect.ColumnChange) error {
	name := Quote(x.New.Name)
	switch {
	case x.Fill != nil && (!x.New.Null || !x.Implied):
		fill, err := literal(x.New.Type, x.Fill)
		if err != nil {
			return err
		}
		b.exec("ALTER TABLE %s ADD COLUMN %s", a.table, columnSQL(nullable(*x.New)))
		b.exec("UPDATE %s SET %s = %s", a.table, name, fill)
		if !x.New.Null {
			a.clause("MODIFY COLUMN %s", columnSQL(*x.New))
		}
		return nil
	case !x.New.Null && x.New.Default == "" && !x.New.Auto && x.New.Generated == "":
		b.guard(fmt.Sprintf("table %s has rows, and column %s, which is NOT NULL, has no value for them; give the field a Backfill",
			a.change.New.Name, x.New.Name), "SELECT 1 FROM %s LIMIT 1", a.table)
	}
	a.clause("ADD COLUMN %s", columnSQL(*x.New))
	return nil
}

// nullable is a column while rows have no value in it yet.
func nullable(c dialect.Column) dialect.Column {
	c.Null, c.Default, c.Auto = true, "", false
	return c
}

// alterColumn changes how a column is stored. The database refuses values that the new form cannot hold.
func (b *builder) alterColumn(a *alteration, x dialect.ColumnChange) error {
	if x.Old.Null && !x.New.Null {
		if err := b.fillColumn(a, x); err != nil {
			return err
		}
	}
	a.clause("CHANGE COLUMN %s %s", Quote(x.Old.Name), columnSQL(*x.New))
	return nil
}

// fillColumn fills rows without a value before the column becomes NOT NULL.
func (b *builder) fillColumn(a *alteration, x dialect.ColumnChange) error {
	name := Quote(x.Old.Name)
	if x.Fill == nil {
		b.guard(fmt.Sprintf("table %s has rows without a value in column %s, which becomes NOT NULL; give the field a Backfill",
			a.change.New.Name, x.New.Name), "SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1", a.table, name)
		return nil
	}
	fill, err := literal(x.New.Type, x.Fill)
	if err != nil {
		return err
	}
	b.exec("UPDATE %s SET %s = %s WHERE %s IS NULL", a.table, name, fill, name)
	return nil
}

// replaced is the name of a column with computed values until it takes the place of the old one.
const replaced = "quintet_new"

// replaceColumn computes the new values of a column in a column of its own.
func (b *builder) replaceColumn(a *alteration, x dialect.ColumnChange) error {
	temporary := nullable(*x.New)
	temporary.Name = replaced
	b.exec("ALTER TABLE %s ADD COLUMN %s AFTER %s", a.table, columnSQL(temporary), Quote(x.Old.Name))
	b.exec("UPDATE %s SET %s = (%s)", a.table, Quote(replaced), x.Using)
	if !x.New.Null && x.Fill != nil {
		fill, err := literal(x.New.Type, x.Fill)
		if err != nil {
			return err
		}
		b.exec("UPDATE %s SET %s = %s WHERE %s IS NULL", a.table, Quote(replaced), fill, Quote(replaced))
	}
	a.clause("DROP COLUMN %s", Quote(x.Old.Name))
	a.clause("CHANGE COLUMN %s %s", Quote(replaced), columnSQL(*x.New))
	return nil
}
