package ddl

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
	"github.com/quintetgo/quintet/orm/internal/tablediff"
)

// tableOptions compares the table's texts by code point, without ignoring spaces at the end. Each database runs the
// comment that is meant for it.
const tableOptions = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 " +
	"/*M!100600 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */"

// typeName returns the type of a column.
func typeName(c dialect.Column) string {
	if own := c.TypeIn("mysql"); own != "" {
		return own
	}
	switch c.Type {
	case dialect.TypeBigInt, dialect.TypeDuration, dialect.TypeUint: // a check keeps the latter from being negative
		return "bigint"
	case dialect.TypeInt:
		return "int"
	case dialect.TypeSmallInt:
		return "smallint"
	case dialect.TypeBool:
		return "tinyint(1)"
	case dialect.TypeFloat:
		return "double"
	case dialect.TypeDecimal:
		if c.Precision == 0 {
			return "decimal(65,30)"
		}
		return fmt.Sprintf("decimal(%d,%d)", c.Precision, c.Scale)
	case dialect.TypeChar:
		return fmt.Sprintf("varchar(%d)", c.Size)
	case dialect.TypeDate:
		return "date"
	case dialect.TypeTime:
		return "time(6)"
	case dialect.TypeDateTime:
		return "datetime(6)"
	case dialect.TypeUUID:
		return "char(36)"
	case dialect.TypeJSON:
		return "json"
	case dialect.TypeBinary:
		if c.Size > 0 {
			return fmt.Sprintf("varbinary(%d)", c.Size)
		}
		return "longblob"
	}
	return "longtext"
}

// columnSQL returns the definition of a column.
func columnSQL(c dialect.Column) string {
	var b strings.Builder
	b.WriteString(Quote(c.Name) + " " + typeName(c))
	if c.Collation != "" {
		b.WriteString(" COLLATE " + Quote(c.Collation))
	}
	switch {
	case c.Generated != "": // which decides whether it is NULL
		b.WriteString(" GENERATED ALWAYS AS (" + c.Generated + ")")
		if c.Virtual {
			b.WriteString(" VIRTUAL")
		} else {
			b.WriteString(" STORED")
		}
	case c.Null:
		b.WriteString(" NULL")
	default:
		b.WriteString(" NOT NULL")
	}
	if c.Default != "" {
		b.WriteString(" DEFAULT (" + c.Default + ")")
	}
	if c.Auto {
		b.WriteString(" AUTO_INCREMENT")
	}
	if c.Comment != "" {
		b.WriteString(" COMMENT " + quoteText(c.Comment))
	}
	return b.String()
}

// create creates a table with its indexes, and with the foreign keys to tables that exist by then.
func (b *builder) create(t *dialect.Table) error {
	var lines []string
	for _, c := range t.Columns {
		lines = append(lines, columnSQL(c))
	}
	if keys := tablediff.PrimaryKey(t); len(keys) > 0 {
		lines = append(lines, "PRIMARY KEY "+quoteAll(keys))
	}
	for _, x := range t.Indexes {
		if own := ownColumn(x); own != "" {
			lines = append(lines, own)
		}
		lines = append(lines, indexSQL(t, x))
	}
	for _, c := range t.Checks {
		lines = append(lines, checkSQL(t, c))
	}
	delete(b.missing, t.Name)
	for _, c := range t.Columns {
		if c.References.Table == "" {
			continue
		}
		k := foreignKey{table: t.Name, column: c.Name, to: c.References}
		if b.missing[c.References.Table] {
			b.later = append(b.later, k)
		} else {
			lines = append(lines, k.definition())
		}
	}
	options := tableOptions
	if t.Comment != "" {
		options += " COMMENT " + quoteText(t.Comment)
	}
	b.exec("CREATE TABLE %s (\n    %s\n) %s", Quote(t.Name), strings.Join(lines, ",\n    "), options)
	return nil
}

func checkSQL(t *dialect.Table, c dialect.Check) string {
	return "CONSTRAINT " + Quote(c.Name) + " CHECK (" + sqltext.Unqualify(c.SQL, t.Name) + ")"
}
