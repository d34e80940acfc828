package plan

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/internal/sqltext"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// sqliteType returns the declared type of a column. Drivers read times from columns declared date or datetime; uuid and
// JSON have a type with text affinity, so that values which look like numbers stay text.
func sqliteType(c column) string {
	switch c.kind {
	case state.KindBigInt, state.KindDuration:
		return "bigint"
	case state.KindInt, state.KindUint:
		return "integer"
	case state.KindSmallInt:
		return "smallint"
	case state.KindBool:
		return "numeric"
	case state.KindFloat:
		return "real"
	case state.KindDecimal:
		if c.precision == 0 {
			return "decimal"
		}
		return fmt.Sprintf("decimal(%d,%d)", c.precision, c.scale)
	case state.KindChar:
		return fmt.Sprintf("varchar(%d)", c.size)
	case state.KindDate:
		return "date"
	case state.KindTime:
		return "time"
	case state.KindDateTime:
		return "datetime"
	case state.KindUUID:
		return "char(36)"
	case state.KindBinary:
		return "blob"
	}
	return "text"
}

// create makes a table of t's shape called name. Checks that name the table itself lose that name, as it is not theirs
// while the table is called otherwise.
func (b *builder) create(t *table, name string) {
	var keys []string
	for _, c := range t.columns {
		if c.primary {
			keys = append(keys, quoteName(c.name))
		}
	}
	var lines []string
	for _, c := range t.columns {
		lines = append(lines, columnSQL(c, len(keys) == 1))
	}
	if len(keys) > 1 {
		lines = append(lines, "PRIMARY KEY ("+strings.Join(keys, ", ")+")")
	}
	for _, c := range t.checks {
		lines = append(lines, fmt.Sprintf("CONSTRAINT %s CHECK (%s)", quoteName(c.Name), sqltext.Unqualify(c.SQL, t.name)))
	}
	b.exec("CREATE TABLE %s (\n    %s\n)", quoteName(name), strings.Join(lines, ",\n    "))
}

// columnSQL is the definition of a column; alone says that it is the whole primary key if it belongs to it.
func columnSQL(c column, alone bool) string {
	if c.auto && alone {
		return quoteName(c.name) + " integer NOT NULL PRIMARY KEY AUTOINCREMENT"
	}
	var b strings.Builder
	b.WriteString(quoteName(c.name) + " " + sqliteType(c))
	if c.collation != "" {
		b.WriteString(" COLLATE " + quoteName(c.collation))
	}
	if c.null {
		b.WriteString(" NULL")
	} else {
		b.WriteString(" NOT NULL")
	}
	if c.primary && alone {
		b.WriteString(" PRIMARY KEY")
	}
	if c.dbDefault != "" {
		b.WriteString(" DEFAULT (" + c.dbDefault + ")")
	}
	if c.ref.table != "" {
		fmt.Fprintf(&b, " REFERENCES %s (%s)", quoteName(c.ref.table), quoteName(c.ref.column))
		if c.onUpdate != "" {
			b.WriteString(" ON UPDATE " + c.onUpdate)
		}
		b.WriteString(" DEFERRABLE INITIALLY DEFERRED")
	}
	return b.String()
}

func indexSQL(table string, x index) string {
	columns := make([]string, len(x.columns))
	for i, c := range x.columns {
		columns[i] = quoteName(c.name)
		if c.descending {
			columns[i] += " DESC"
		}
	}
	unique := ""
	if x.unique {
		unique = "UNIQUE "
	}
	sql := fmt.Sprintf("CREATE %sINDEX %s ON %s (%s)", unique, quoteName(x.name), quoteName(table), strings.Join(columns, ", "))
	if x.where != "" {
		sql += " WHERE " + x.where
	}
	return sql
}
