package ddl

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// typeName returns the declared type of a column. Drivers read times from columns declared date or datetime; UUIDs and
// JSON have a type with text affinity, so that values that look like numbers stay text.
func typeName(c dialect.Column) string {
	if own := c.TypeIn("sqlite"); own != "" {
		return own
	}
	switch c.Type {
	case dialect.TypeBigInt, dialect.TypeDuration:
		return "bigint"
	case dialect.TypeInt, dialect.TypeUint:
		return "integer"
	case dialect.TypeSmallInt:
		return "smallint"
	case dialect.TypeBool:
		return "numeric"
	case dialect.TypeFloat:
		return "real"
	case dialect.TypeDecimal:
		if c.Precision == 0 {
			return "decimal"
		}
		return fmt.Sprintf("decimal(%d,%d)", c.Precision, c.Scale)
	case dialect.TypeChar:
		return fmt.Sprintf("varchar(%d)", c.Size)
	case dialect.TypeDate:
		return "date"
	case dialect.TypeTime:
		return "time"
	case dialect.TypeDateTime:
		return "datetime"
	case dialect.TypeUUID:
		return "char(36)"
	case dialect.TypeBinary:
		return "blob"
	}
	return "text"
}

// create appends a CREATE TABLE with t's columns and checks under a name. Checks that qualify a column with the table's name
// lose the qualifier, as the table has another name meanwhile.
func (b *builder) create(t *dialect.Table, name string) {
	var keys []string
	for _, c := range t.Columns {
		if c.PrimaryKey {
			keys = append(keys, quoteName(c.Name))
		}
	}
	var lines []string
	for _, c := range t.Columns {
		lines = append(lines, columnSQL(c, len(keys) == 1))
	}
	if len(keys) > 1 {
		lines = append(lines, "PRIMARY KEY ("+strings.Join(keys, ", ")+")")
	}
	for _, c := range t.Checks {
		lines = append(lines, fmt.Sprintf("CONSTRAINT %s CHECK (%s)", quoteName(c.Name), sqltext.Unqualify(c.SQL, t.Name)))
	}
	b.exec("CREATE TABLE %s (\n    %s\n)", quoteName(name), strings.Join(lines, ",\n    "))
}

// columnSQL returns the definition of a column; alone reports that a column of the primary key is the only one.
func columnSQL(c dialect.Column, alone bool) string {
	if c.Auto && alone {
		return quoteName(c.Name) + " integer NOT NULL PRIMARY KEY AUTOINCREMENT"
	}
	var b strings.Builder
	b.WriteString(quoteName(c.Name) + " " + typeName(c))
	if c.Collation != "" {
		b.WriteString(" COLLATE " + quoteName(c.Collation))
	}
	if c.Null {
		b.WriteString(" NULL")
	} else {
		b.WriteString(" NOT NULL")
	}
	if c.PrimaryKey && alone {
		b.WriteString(" PRIMARY KEY")
	}
	switch {
	case c.Generated != "" && c.Virtual:
		b.WriteString(" GENERATED ALWAYS AS (" + c.Generated + ") VIRTUAL")
	case c.Generated != "":
		b.WriteString(" GENERATED ALWAYS AS (" + c.Generated + ") STORED")
	case c.Default != "":
		b.WriteString(" DEFAULT (" + c.Default + ")")
	}
	if c.References.Table != "" {
		fmt.Fprintf(&b, " REFERENCES %s (%s)", quoteName(c.References.Table), quoteName(c.References.Column))
		if c.References.OnUpdate != "" {
			b.WriteString(" ON UPDATE " + c.References.OnUpdate)
		}
		if c.References.OnDelete != "" {
			b.WriteString(" ON DELETE " + c.References.OnDelete)
		}
		b.WriteString(" DEFERRABLE INITIALLY DEFERRED")
	}
	return b.String()
}

func indexSQL(table string, x dialect.Index) string {
	columns := make([]string, len(x.Columns))
	for i, c := range x.Columns {
		columns[i] = quoteName(c.Name)
		if c.Expression != "" {
			columns[i] = "(" + c.Expression + ")"
		}
		if c.Descending {
			columns[i] += " DESC"
		}
	}
	unique := ""
	if x.Unique {
		unique = "UNIQUE "
	}
	sql := fmt.Sprintf("CREATE %sINDEX %s ON %s (%s)", unique, quoteName(x.Name), quoteName(table), strings.Join(columns, ", "))
	if x.Where != "" {
		sql += " WHERE " + x.Where
	}
	return sql
}
