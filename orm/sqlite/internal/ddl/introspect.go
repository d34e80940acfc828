package ddl

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

var _ dialect.Introspector = Migrations{}

// Tables implements [dialect.Introspector].
func (Migrations) Tables(ctx context.Context, conn dialect.Conn) ([]string, error) {
	return texts(ctx, conn, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' "+
		"ESCAPE '\\' ORDER BY name")
}

// HasTable implements [dialect.Introspector].
func (Migrations) HasTable(ctx context.Context, conn dialect.Conn, name string) (bool, error) {
	found, err := texts(ctx, conn, "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?", name)
	return len(found) > 0, err
}

// Table implements [dialect.Introspector].
func (m Migrations) Table(ctx context.Context, conn dialect.Conn, name string) (*dialect.Table, error) {
	text, err := texts(ctx, conn, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", name)
	if err != nil {
		return nil, fmt.Errorf("read the definition of table %q: %w", name, err)
	}
	if len(text) == 0 {
		return nil, fmt.Errorf("table %q: %w", name, dialect.ErrNoTable)
	}
	t := &dialect.Table{Name: name}
	if err := readColumns(ctx, conn, t, text[0]); err != nil {
		return nil, fmt.Errorf("read the columns of table %q: %w", name, err)
	}
	if err := readIndexes(ctx, conn, t); err != nil {
		return nil, fmt.Errorf("read the indexes of table %q: %w", name, err)
	}
	if err := readSearchIndexes(ctx, conn, t); err != nil {
		return nil, fmt.Errorf("read the indexes of table %q: %w", name, err)
	}
	slices.SortFunc(t.Indexes, func(a, b dialect.Index) int { return strings.Compare(a.Name, b.Name) })
	for _, c := range sqltext.ParseTable(text[0]).Checks {
		t.Checks = append(t.Checks, dialect.Check(c))
	}
	return t, nil
}

func readColumns(ctx context.Context, conn dialect.Conn, t *dialect.Table, definition string) error {
	numbered := strings.Contains(strings.ToUpper(definition), "AUTOINCREMENT")
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var c dialect.Column
		var declared string
		var notNull bool
		var key int
		if err := rows.Scan(&c.Name, &declared, &notNull, &c.Default, &key); err != nil {
			return err
		}
		c.Null, c.PrimaryKey = !notNull && key == 0, key > 0
		if c.Auto = c.PrimaryKey && numbered; c.Auto {
			c.Type = dialect.TypeBigInt
		} else {
			parseType(&c, declared)
		}
		t.Columns = append(t.Columns, c)
		return nil
	}, "SELECT name, type, \"notnull\", coalesce(dflt_value, ''), pk FROM pragma_table_xinfo(?) ORDER BY cid", t.Name)
	if err != nil {
		return err
	}
	for _, parsed := range sqltext.ParseTable(definition).Columns {
		if c := columnOf(t, parsed.Name); c != nil {
			c.Collation = parsed.Collation
			c.Generated, c.Virtual = parsed.Generated, parsed.Generated != "" && !parsed.Stored
		}
	}
	return each(ctx, conn, func(rows *sql.Rows) error {
		var from string
		var r dialect.Reference
		if err := rows.Scan(&from, &r.Table, &r.Column, &r.OnUpdate, &r.OnDelete); err != nil {
			return err
		}
		if c := columnOf(t, from); c != nil {
			c.References = r
		}
		return nil
	}, `SELECT max("from"), "table", coalesce(max("to"), ''), replace(on_update, 'NO ACTION', ''),
			replace(on_delete, 'NO ACTION', '')
		FROM pragma_foreign_key_list(?) GROUP BY id HAVING count(*) = 1`, t.Name)
}

func columnOf(t *dialect.Table, name string) *dialect.Column {
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Name, name) {
			return &t.Columns[i]
		}
	}
	return nil
}

var declaredTypes = map[string]dialect.Type{
	"bigint": dialect.TypeBigInt, "integer": dialect.TypeInt, "int": dialect.TypeInt, "smallint": dialect.TypeSmallInt,
	"numeric": dialect.TypeBool, "boolean": dialect.TypeBool, "real": dialect.TypeFloat, "double": dialect.TypeFloat,
	"decimal": dialect.TypeDecimal,
	"varchar": dialect.TypeChar, "text": dialect.TypeText, "date": dialect.TypeDate, "time": dialect.TypeTime,
	"datetime": dialect.TypeDateTime, "char": dialect.TypeUUID, "blob": dialect.TypeBinary,
}

// parseType reads a declared type such as "decimal(10,2)".
func parseType(c *dialect.Column, declared string) {
	name, arguments, _ := strings.Cut(strings.ToLower(declared), "(")
	first, second, _ := strings.Cut(strings.TrimSuffix(arguments, ")"), ",")
	size, _ := strconv.Atoi(strings.TrimSpace(first))
	scale, _ := strconv.Atoi(strings.TrimSpace(second))
	switch c.Type = declaredTypes[strings.TrimSpace(name)]; c.Type {
	case dialect.TypeChar:
		c.Size = size
	case dialect.TypeDecimal:
		c.Precision, c.Scale = size, scale
	}
}

func readIndexes(ctx context.Context, conn dialect.Conn, t *dialect.Table) error {
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var x dialect.Index
		var text string
		if err := rows.Scan(&x.Name, &x.Unique, &text); err != nil {
			return err
		}
		x.Where = sqltext.IndexCondition(text)
		t.Indexes = append(t.Indexes, x)
		return nil
	}, `SELECT l.name, l."unique", coalesce(m.sql, '') FROM pragma_index_list(?) AS l
		LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = l.name
		WHERE l.origin <> 'pk'`, t.Name)
	if err != nil {
		return err
	}
	slices.SortFunc(t.Indexes, func(a, b dialect.Index) int { return strings.Compare(a.Name, b.Name) })
	for i := range t.Indexes {
		x := &t.Indexes[i]
		err := each(ctx, conn, func(rows *sql.Rows) error {
			var c dialect.IndexColumn
			if err := rows.Scan(&c.Name, &c.Descending); err != nil {
				return err
			}
			x.Columns = append(x.Columns, c)
			return nil
		}, `SELECT coalesce(name, ''), "desc" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno`, x.Name)
		if err != nil {
			return err
		}
	}
	return nil
}

// texts reads the first column of a query.
func texts(ctx context.Context, conn dialect.Conn, query string, args ...any) ([]string, error) {
	var list []string
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		list = append(list, text)
		return nil
	}, query, args...)
	return list, err
}
