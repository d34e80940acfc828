package ddl

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// indexSQL creates an index. A unique constraint that is deferrable is a constraint instead, which PostgreSQL allows for
// plain columns only.
func indexSQL(table string, x dialect.Index) string {
	if x.Deferrable != "" {
		return fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s UNIQUE%s (%s)%s DEFERRABLE INITIALLY %s", quoteName(table), quoteName(x.Name),
			nulls(x), indexColumns(x), include(x), strings.ToUpper(string(x.Deferrable)))
	}
	unique, method := "", ""
	if x.Unique {
		unique = "UNIQUE "
	}
	if x.Method != "" {
		method = " USING " + quoteName(x.Method)
	}
	sql := fmt.Sprintf(
		"CREATE %sINDEX %s ON %s%s (%s)%s%s",
		unique,
		quoteName(x.Name),
		quoteName(table),
		method,
		indexColumns(x),
		include(x),
		nulls(x),
	)
	if x.Where != "" {
		sql += " WHERE " + x.Where
	}
	return sql
}

func indexColumns(x dialect.Index) string {
	columns := make([]string, len(x.Columns))
	for i, c := range x.Columns {
		if columns[i] = quoteName(c.Name); c.Expression != "" {
			columns[i] = "(" + c.Expression + ")"
		}
		if c.OperatorClass != "" {
			columns[i] += " " + quoteName(c.OperatorClass)
		}
		if c.Descending {
			columns[i] += " DESC"
		}
	}
	return strings.Join(columns, ", ")
}

func include(x dialect.Index) string {
	if len(x.Include) == 0 {
		return ""
	}
	return " INCLUDE (" + quoteAll(x.Include) + ")"
}

func nulls(x dialect.Index) string {
	if x.NullsNotDistinct {
		return " NULLS NOT DISTINCT"
	}
	return ""
}

// dropIndex removes an index, or the constraint that it is.
func (b *builder) dropIndex(table string, x dialect.Index) {
	if x.Search { // its column, and the index with it
		b.exec("ALTER TABLE %s DROP COLUMN %s", quoteName(table), quoteName(x.Name))
		return
	}
	if x.Deferrable != "" {
		b.exec("ALTER TABLE %s DROP CONSTRAINT %s", quoteName(table), quoteName(x.Name))
		return
	}
	b.exec("DROP INDEX %s", quoteName(x.Name))
}

// comments describes a new table and its columns in the database.
func (b *builder) comments(t *dialect.Table) {
	if t.Comment != "" {
		b.exec("COMMENT ON TABLE %s IS %s", quoteName(t.Name), commentText(t.Comment))
	}
	for _, c := range t.Columns {
		if c.Comment != "" {
			b.commentColumn(t.Name, c)
		}
	}
}

func (b *builder) commentColumn(table string, c dialect.Column) {
	b.exec("COMMENT ON COLUMN %s.%s IS %s", quoteName(table), quoteName(c.Name), commentText(c.Comment))
}

// commentText is a comment in SQL; NULL removes it.
func commentText(comment string) string {
	if comment == "" {
		return "NULL"
	}
	return quoteString(comment)
}
