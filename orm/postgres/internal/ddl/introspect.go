package ddl

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

var _ dialect.Introspector = Migrations{}

// Tables implements [dialect.Introspector] for the schema in which tables are created.
func (Migrations) Tables(ctx context.Context, conn dialect.Conn) ([]string, error) {
	return texts(ctx, conn, `SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))
		AND relkind IN ('r', 'p') ORDER BY relname COLLATE "C"`)
}

// HasTable implements [dialect.Introspector].
func (Migrations) HasTable(ctx context.Context, conn dialect.Conn, name string) (bool, error) {
	found, err := texts(ctx, conn, "SELECT relname FROM pg_class WHERE "+isTable, name)
	return len(found) > 0, err
}

// isTable is a condition on pg_class: the table of a name, wherever the search path finds it.
const isTable = "oid = to_regclass(quote_ident($1)) AND relkind IN ('r', 'p')"

// Table implements [dialect.Introspector].
func (m Migrations) Table(ctx context.Context, conn dialect.Conn, name string) (*dialect.Table, error) {
	switch has, err := m.HasTable(ctx, conn, name); {
	case err != nil:
		return nil, fmt.Errorf("find table %q: %w", name, err)
	case !has:
		return nil, fmt.Errorf("table %q: %w", name, dialect.ErrNoTable)
	}
	t := &dialect.Table{Name: name}
	searched := map[string]string{}
	if err := readColumns(ctx, conn, t, searched); err != nil {
		return nil, fmt.Errorf("read the columns of table %q: %w", name, err)
	}
	if err := readReferences(ctx, conn, t); err != nil {
		return nil, fmt.Errorf("read the foreign keys of table %q: %w", name, err)
	}
	if err := readIndexes(ctx, conn, t); err != nil {
		return nil, fmt.Errorf("read the indexes of table %q: %w", name, err)
	}
	readSearched(t, searched)
	if err := readChecks(ctx, conn, t); err != nil {
		return nil, fmt.Errorf("read the checks of table %q: %w", name, err)
	}
	return t, nil
}

// readColumns reads the columns of a table. Those of indexes for full-text search are not among them; their expressions are
// added to searched by their names.
func readColumns(ctx context.Context, conn dialect.Conn, t *dialect.Table, searched map[string]string) error {
	return each(ctx, conn, func(rows *sql.Rows) error {
		var c dialect.Column
		var declared string
		var notNull, generated bool
		err := rows.Scan(&c.Name, &declared, &notNull, &c.PrimaryKey, &c.Auto, &generated, &c.Default, &c.Collation, &c.Comment)
		if err != nil {
			return err
		}
		c.Null = !notNull
		if generated && declared == "tsvector" && searchedColumns(c.Default) != nil {
			searched[c.Name] = c.Default
			return nil
		}
		if generated {
			c.Generated, c.Default = c.Default, ""
		}
		if strings.HasPrefix(c.Default, "nextval(") { // of a serial column
			c.Auto, c.Default = true, ""
		}
		parseType(&c, declared)
		t.Columns = append(t.Columns, c)
		return nil
	}, `SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
			EXISTS (SELECT 1 FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)),
			a.attidentity <> '', a.attgenerated <> '', coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
			CASE WHEN a.attcollation <> y.typcollation THEN coalesce(l.collname, '') ELSE '' END,
			coalesce(col_description(a.attrelid, a.attnum), '')
		FROM pg_attribute AS a
		JOIN pg_type AS y ON y.oid = a.atttypid
		LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
		WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY a.attnum`, t.Name)
}

var declaredTypes = map[string]dialect.Type{
	"bigint": dialect.TypeBigInt, "integer": dialect.TypeInt, "smallint": dialect.TypeSmallInt, "boolean": dialect.TypeBool,
	"double precision": dialect.TypeFloat, "real": dialect.TypeFloat, "numeric": dialect.TypeDecimal,
	"character varying": dialect.TypeChar, "character": dialect.TypeChar, "text": dialect.TypeText, "date": dialect.TypeDate,
	"time without time zone": dialect.TypeTime, "timestamp with time zone": dialect.TypeDateTime,
	"timestamp without time zone": dialect.TypeDateTime, "uuid": dialect.TypeUUID, "jsonb": dialect.TypeJSON, "json": dialect.TypeJSON,
	"bytea": dialect.TypeBinary,
}

// parseType reads a type such as "numeric(10,2)".
func parseType(c *dialect.Column, declared string) {
	name, rest, _ := strings.Cut(declared, "(")
	arguments, after, _ := strings.Cut(rest, ")") // as in timestamp(3) with time zone
	first, second, _ := strings.Cut(arguments, ",")
	size, _ := strconv.Atoi(first)
	scale, _ := strconv.Atoi(second)
	switch c.Type = declaredTypes[strings.TrimSpace(name)+after]; c.Type {
	case dialect.TypeChar:
		c.Size = size
	case dialect.TypeDecimal:
		c.Precision, c.Scale = size, scale
	}
}

// referenceRules are the rules of foreign keys as pg_constraint has them. Neither "a", no action, nor "r", RESTRICT, changes
// a row.
var referenceRules = map[string]string{"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}

func readReferences(ctx context.Context, conn dialect.Conn, t *dialect.Table) error {
	return each(ctx, conn, func(rows *sql.Rows) error {
		var from, onUpdate, onDelete string
		var r dialect.Reference
		if err := rows.Scan(&from, &r.Table, &r.Column, &onUpdate, &onDelete); err != nil {
			return err
		}
		r.OnUpdate, r.OnDelete = referenceRules[onUpdate], referenceRules[onDelete]
		for i := range t.Columns {
			if t.Columns[i].Name == from {
				t.Columns[i].References = r
			}
		}
		return nil
	}, `SELECT a.attname, r.relname, b.attname, k.confupdtype::text, k.confdeltype::text
		FROM pg_constraint AS k
		JOIN pg_class AS r ON r.oid = k.confrelid
		JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
		JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
		WHERE k.conrelid = to_regclass(quote_ident($1)) AND k.contype = 'f' AND cardinality(k.conkey) = 1`, t.Name)
}

func readIndexes(ctx context.Context, conn dialect.Conn, t *dialect.Table) error {
	return each(ctx, conn, func(rows *sql.Rows) error {
		var x dialect.Index
		var c dialect.IndexColumn
		var expression string
		var isKey bool
		err := rows.Scan(&x.Name, &x.Unique, &x.Method, &x.Deferrable, &x.Where, &c.Name, &expression, &c.Descending, &isKey)
		if err != nil {
			return err
		}
		if n := len(t.Indexes); n == 0 || t.Indexes[n-1].Name != x.Name {
			t.Indexes = append(t.Indexes, x)
		}
		last := &t.Indexes[len(t.Indexes)-1]
		if !isKey {
			last.Include = append(last.Include, c.Name)
			return nil
		}
		if c.Name == "" {
			c.Expression = expression
		}
		last.Columns = append(last.Columns, c)
		return nil
	}, `SELECT c.relname, i.indisunique, CASE WHEN m.amname = 'btree' THEN '' ELSE m.amname END,
			CASE WHEN k.condeferred THEN 'deferred' WHEN k.condeferrable THEN 'immediate' ELSE '' END,
			coalesce(pg_get_expr(i.indpred, i.indrelid), ''), coalesce(a.attname, ''),
			pg_get_indexdef(i.indexrelid, n.position, false), coalesce(i.indoption[n.position - 1], 0) & 1 = 1, n.position <= i.indnkeyatts
		FROM pg_index AS i
		JOIN pg_class AS c ON c.oid = i.indexrelid
		JOIN pg_am AS m ON m.oid = c.relam
		LEFT JOIN pg_constraint AS k ON k.conindid = i.indexrelid AND k.contype = 'u'
		CROSS JOIN LATERAL generate_series(1, i.indnatts) AS n (position)
		LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n.position - 1] AND a.attnum > 0
		WHERE i.indrelid = to_regclass(quote_ident($1)) AND NOT i.indisprimary
		ORDER BY c.relname COLLATE "C", n.position`, t.Name)
}

func readChecks(ctx context.Context, conn dialect.Conn, t *dialect.Table) error {
	return each(ctx, conn, func(rows *sql.Rows) error {
		var c dialect.Check
		if err := rows.Scan(&c.Name, &c.SQL); err != nil {
			return err
		}
		t.Checks = append(t.Checks, c)
		return nil
	}, `SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint
		WHERE conrelid = to_regclass(quote_ident($1)) AND contype = 'c' ORDER BY conname COLLATE "C"`, t.Name)
}

// each calls fn for every row of a query.
func each(ctx context.Context, conn dialect.Conn, fn func(rows *sql.Rows) error, query string, args ...any) error {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
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
