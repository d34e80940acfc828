package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/state"
)

// rebuild creates the table again under another name, copies the rows, drops the old table and takes its name. Columns
// that are renamed have their new names already. The indexes and triggers that the database has are created again,
// except those that the change drops, then the ones of the models that are missing. Views, and triggers of other
// tables, stay as they are, since legacy_alter_table leaves them alone. Numbers given to rows so far are not reused.
func (b *builder) rebuild(old, new *table, removed, dropped []string, renamed map[string]string) error {
	table, temporary := new.name, "quintet_new_"+new.name
	var into, from []string
	for _, n := range new.columns {
		o, existed := b.columnBefore(old, n, new)
		expression, err := b.source(table, o, n, existed, new)
		if err != nil {
			return fmt.Errorf("table %s, column %s: %w", table, n.name, err)
		}
		if expression != "" {
			into, from = append(into, quoteName(n.name)), append(from, renameAll(expression, renamed))
		}
	}
	kept := &Rebuild{Table: table, Columns: names(old.columns), Removed: removed, Dropped: dropped}
	for _, n := range new.columns {
		o, existed := b.columnBefore(old, n, new)
		if _, said := b.c.fills[n.id]; said && b.fills(new) || n.null || existed && !o.null {
			continue
		}
		if fill, err := b.fill(n, new); err == nil && fill != "" {
			kept.Filled = append(kept.Filled, n.name+" with "+fill)
		}
	}
	var fresh []string
	for _, x := range new.indexes {
		if slices.ContainsFunc(old.indexes, func(o index) bool { return sameIndex(renameIndex(o, renamed), x) }) {
			kept.Indexes = append(kept.Indexes, Index{x.name, indexSQL(table, x)})
		} else {
			fresh = append(fresh, indexSQL(table, x))
		}
	}
	b.known(kept, old, new, renamed)
	b.list = append(b.list, Statement{Keep: kept})
	b.exec("PRAGMA legacy_alter_table = ON")
	b.create(new, temporary)
	b.list[len(b.list)-1].Extends = kept
	if len(into) > 0 {
		b.exec("INSERT INTO %s (%s) SELECT %s FROM %s", quoteName(temporary), strings.Join(into, ", "), strings.Join(from, ", "), quoteName(table))
	}
	b.checkTypes(old, new, temporary)
	if numbered(old) && numbered(new) {
		b.exec("DELETE FROM sqlite_sequence WHERE name = %s", quoteString(temporary))
		b.exec("INSERT INTO sqlite_sequence (name, seq) SELECT %s, seq FROM sqlite_sequence WHERE name = %s", quoteString(temporary), quoteString(table))
	}
	b.exec("DROP TABLE %s", quoteName(table))
	b.exec("ALTER TABLE %s RENAME TO %s", quoteName(temporary), quoteName(table))
	b.exec("PRAGMA legacy_alter_table = OFF")
	b.list = append(b.list, Statement{Restore: kept})
	for _, text := range fresh {
		b.exec("%s", text)
	}
	return nil
}

// known says which parts of the table's definition are the migrations' own.
func (b *builder) known(kept *Rebuild, old, new *table, renamed map[string]string) {
	kept.Checks = append(comparableChecks(old.checks, old.name, renamed), comparableChecks(new.checks, new.name, nil)...)
	keys := 0
	for _, n := range new.columns {
		if n.primary {
			keys++
		}
	}
	for _, n := range new.columns {
		o, existed := b.columnBefore(old, n, new)
		if !existed || n.auto {
			continue
		}
		kept.Definitions = append(kept.Definitions, Definition{
			Name: n.name, SQL: columnSQL(n, keys == 1), Default: o.dbDefault != "" || n.dbDefault != "",
			Collation: o.collation != "" || n.collation != "", Reference: o.ref.table != "" || n.ref.table != "",
		})
	}
}

// source returns the expression that fills column n from the old table; "" leaves it to the column's default or NULL.
func (b *builder) source(table string, o, n column, existed bool, new *table) (string, error) {
	fill, err := b.fill(n, new)
	if err != nil {
		return "", err
	}
	if !existed {
		if fill == "" && !n.null && n.dbDefault == "" && !n.auto {
			b.guard(fmt.Sprintf("table %s has rows, and column %s, which is NOT NULL, has no value for them; give the field a Backfill", table, n.name),
				"SELECT 1 FROM %s LIMIT 1", quoteName(table))
		}
		return fill, nil
	}
	expression := quoteName(o.name)
	if using := b.c.using[n.id]; using != "" && b.fills(new) {
		return "(" + using + ")", nil
	}
	switch {
	case n.null || !o.null:
	case fill != "":
		expression = "COALESCE(" + expression + ", " + fill + ")"
	default:
		b.guard(fmt.Sprintf("table %s has rows without a value in column %s, which becomes NOT NULL; give the field a Backfill", table, n.name),
			"SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1", quoteName(table), quoteName(o.name))
	}
	return expression, nil
}

// fill returns the backfill of a column as SQL, "" if there is none.
func (b *builder) fill(n column, new *table) (string, error) {
	value, ok := b.c.fills[n.id]
	if !ok || !b.fills(new) {
		value = nil
		if b.c.backward && !n.null && n.dbDefault == "" {
			value = zero(n)
		}
	}
	if value == nil {
		return "", nil
	}
	return sqliteLiteral(n.kind, value)
}

// checkTypes stops the migration where a value could not become one of the column's new kind: SQLite would store it as
// it is, and reading it would fail later.
func (b *builder) checkTypes(old, new *table, temporary string) {
	for _, n := range new.columns {
		o, existed := b.columnBefore(old, n, new)
		if !existed || o.kind == n.kind {
			continue
		}
		var types string
		switch {
		case n.kind.IsInteger(), n.kind == state.KindBool:
			types = "'integer', 'null'"
		case n.kind == state.KindFloat, n.kind == state.KindDecimal:
			types = "'integer', 'real', 'null'"
		default:
			continue
		}
		b.guard(fmt.Sprintf("table %s has values in column %s that are no %s; change them first, or give the field Using(…)", new.name, cmp.Or(o.name, n.name), n.kind),
			"SELECT 1 FROM %s WHERE typeof(%s) NOT IN (%s) LIMIT 1", quoteName(temporary), quoteName(n.name), types)
	}
}

// numbered reports whether the database gives out the table's keys.
func numbered(t *table) bool {
	for _, c := range t.columns {
		if c.auto {
			return true
		}
	}
	return false
}
