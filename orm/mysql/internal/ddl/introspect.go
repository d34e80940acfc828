package ddl

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Tables implements [dialect.Introspector].
func (Migrations) Tables(ctx context.Context, conn dialect.Conn) ([]string, error) {
	return texts(
		ctx,
		conn,
		"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' "+
			"ORDER BY BINARY TABLE_NAME",
	)
}

// HasTable implements [dialect.Introspector].
func (Migrations) HasTable(ctx context.Context, conn dialect.Conn, name string) (bool, error) {
	found, err := texts(ctx, conn, "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND "+
		"TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME = ?", name)
	return len(found) > 0, err
}

// Table implements [dialect.Introspector].
func (m Migrations) Table(ctx context.Context, conn dialect.Conn, name string) (*dialect.Table, error) {
	if exists, err := m.HasTable(ctx, conn, name); err != nil {
		return nil, fmt.Errorf("read table %q: %w", name, err)
	} else if !exists {
		return nil, fmt.Errorf("table %q: %w", name, dialect.ErrNoTable)
	}
	r := reader{conn: conn, table: &dialect.Table{Name: name}, markers: map[string]string{}, searched: map[string][]dialect.IndexColumn{}}
	comments, err := texts(
		ctx,
		conn,
		"SELECT TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
		name,
	)
	if err != nil {
		return nil, fmt.Errorf("read the comment of table %q: %w", name, err)
	}
	r.table.Comment = strings.Join(comments, "")
	for _, part := range []struct {
		name string
		read func(ctx context.Context) error
	}{{"columns", r.columns}, {"foreign keys", r.references}, {"indexes", r.indexes}, {"checks", r.checks}} {
		if err := part.read(ctx); err != nil {
			return nil, fmt.Errorf("read the %s of table %q: %w", part.name, name, err)
		}
	}
	return r.table, nil
}

// reader reads the description of one table.
type reader struct {
	conn     dialect.Conn
	table    *dialect.Table
	markers  map[string]string                // conditions of unique indexes, by the column that has them
	searched map[string][]dialect.IndexColumn // what indexes for full-text search search, by the column that has their words
}

// markerExpression is the expression of the column that markerSQL adds to a table, as the databases show it.
var markerExpression = regexp.MustCompile(`(?is)^\(?case when (.*) then 1 end\)?$`)

func (r *reader) columns(ctx context.Context) error {
	return each(ctx, r.conn, `SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_KEY, EXTRA, COALESCE(COLUMN_DEFAULT, ''),
		COALESCE(COLLATION_NAME, ''), COALESCE(GENERATION_EXPRESSION, ''),
		COALESCE((SELECT TABLE_COLLATION FROM information_schema.TABLES AS t
		WHERE t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME), ''), COLUMN_COMMENT, VERSION()
		FROM information_schema.COLUMNS AS c WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
		[]any{r.table.Name}, func(scan func(...any) error) error {
			var c dialect.Column
			var declared, null, key, extra, collation, generated, tableCollation, version string
			err := scan(&c.Name, &declared, &null, &key, &extra, &c.Default, &collation, &generated, &tableCollation, &c.Comment, &version)
			if err != nil {
				return err
			}
			if found := markerExpression.FindStringSubmatch(generated); found != nil && strings.Contains(extra, "INVISIBLE") {
				r.markers[c.Name] = found[1]
				return nil
			}
			if columns := searchedColumns(generated); columns != nil && strings.Contains(extra, "INVISIBLE") {
				r.searched[c.Name] = columns
				return nil
			}
			c.Null, c.PrimaryKey, c.Auto = null == "YES", key == "PRI", strings.Contains(extra, "auto_increment")
			parseType(&c, declared)
			if collation != tableCollation && c.Type.IsText() {
				c.Collation = collation
			}
			c.Generated, c.Virtual = generated, generated != "" && strings.Contains(extra, "VIRTUAL")
			c.Default = defaultOf(c, extra, strings.Contains(version, "MariaDB"))
			r.table.Columns = append(r.table.Columns, c)
			return nil
		})
}

// defaultOf returns a default as an SQL expression, as MariaDB does. MySQL returns the value of a literal instead.
func defaultOf(c dialect.Column, extra string, mariaDB bool) string {
	switch {
	case c.Default == "" || mariaDB && c.Default == "NULL":
		return ""
	case mariaDB, strings.Contains(extra, "DEFAULT_GENERATED"):
		return c.Default
	case c.Type.IsText(), c.Type.IsTime() && !strings.HasPrefix(strings.ToUpper(c.Default), "CURRENT"):
		return quoteText(c.Default)
	}
	return c.Default
}

var declaredTypes = map[string]dialect.Type{
	"bigint": dialect.TypeBigInt, "int": dialect.TypeInt, "mediumint": dialect.TypeInt, "smallint": dialect.TypeSmallInt,
	"tinyint": dialect.TypeSmallInt, "double": dialect.TypeFloat, "float": dialect.TypeFloat, "decimal": dialect.TypeDecimal,
	"varchar": dialect.TypeChar, "char": dialect.TypeChar, "enum": dialect.TypeChar, "text": dialect.TypeText, "tinytext": dialect.TypeText,
	"mediumtext": dialect.TypeText, "longtext": dialect.TypeText, "date": dialect.TypeDate, "time": dialect.TypeTime,
	"datetime": dialect.TypeDateTime, "timestamp": dialect.TypeDateTime, "year": dialect.TypeSmallInt, "json": dialect.TypeJSON,
	"uuid": dialect.TypeUUID, "blob": dialect.TypeBinary, "tinyblob": dialect.TypeBinary, "mediumblob": dialect.TypeBinary,
	"longblob": dialect.TypeBinary, "binary": dialect.TypeBinary, "varbinary": dialect.TypeBinary, "inet6": dialect.TypeChar,
	"inet4": dialect.TypeChar,
}

// parseType reads a declared type such as "decimal(10,2)" and "bigint(20) unsigned".
func parseType(c *dialect.Column, declared string) {
	declared = strings.ToLower(declared)
	name, rest, _ := strings.Cut(declared, "(")
	name, _, _ = strings.Cut(name, " ")
	arguments, _, _ := strings.Cut(rest, ")")
	first, second, _ := strings.Cut(arguments, ",")
	size, _ := strconv.Atoi(first)
	scale, _ := strconv.Atoi(second)
	c.Type = declaredTypes[name]
	switch {
	case declared == "tinyint(1)":
		c.Type = dialect.TypeBool
	case c.Type.IsInteger() && strings.Contains(declared, "unsigned"):
		c.Type = dialect.TypeUint
	case declared == "char(36)":
		c.Type = dialect.TypeUUID
	case c.Type == dialect.TypeChar:
		c.Size = size
	case c.Type == dialect.TypeDecimal:
		c.Precision, c.Scale = size, scale
	}
}

func (r *reader) column(name string) *dialect.Column {
	for i := range r.table.Columns {
		if strings.EqualFold(r.table.Columns[i].Name, name) {
			return &r.table.Columns[i]
		}
	}
	return nil
}

func (r *reader) references(ctx context.Context) error {
	return each(
		ctx,
		r.conn,
		`SELECT MAX(k.COLUMN_NAME), MAX(k.REFERENCED_TABLE_NAME), MAX(k.REFERENCED_COLUMN_NAME), MAX(f.UPDATE_RULE), MAX(f.DELETE_RULE)
		FROM information_schema.KEY_COLUMN_USAGE AS k JOIN information_schema.REFERENTIAL_CONSTRAINTS AS f
		ON f.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND f.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND f.TABLE_NAME = k.TABLE_NAME
		WHERE k.TABLE_SCHEMA = DATABASE() AND k.TABLE_NAME = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL
		GROUP BY k.CONSTRAINT_NAME HAVING COUNT(*) = 1`,
		[]any{r.table.Name},
		func(scan func(...any) error) error {
			var from, onUpdate, onDelete string
			var to dialect.Reference
			if err := scan(&from, &to.Table, &to.Column, &onUpdate, &onDelete); err != nil {
				return err
			}
			to.OnUpdate, to.OnDelete = action(onUpdate), action(onDelete)
			if c := r.column(from); c != nil {
				c.References = to
			}
			return nil
		},
	)
}

// action returns what a foreign key does, "" for nothing.
func action(rule string) string {
	if rule == "NO ACTION" || rule == "RESTRICT" {
		return ""
	}
	return rule
}

func (r *reader) indexes(ctx context.Context) error {
	return each(ctx, r.conn, `SELECT INDEX_NAME, NON_UNIQUE = 0, COALESCE(COLUMN_NAME, ''), COALESCE(COLLATION, 'A') = 'D'
		FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND INDEX_NAME <> 'PRIMARY'
		ORDER BY BINARY INDEX_NAME, SEQ_IN_INDEX`,
		[]any{r.table.Name}, func(scan func(...any) error) error {
			var x dialect.Index
			var c dialect.IndexColumn
			if err := scan(&x.Name, &x.Unique, &c.Name, &c.Descending); err != nil {
				return err
			}
			t := r.table
			if n := len(t.Indexes); n == 0 || t.Indexes[n-1].Name != x.Name {
				t.Indexes = append(t.Indexes, x)
			}
			last := &t.Indexes[len(t.Indexes)-1]
			if where, ok := r.markers[c.Name]; ok && c.Name == x.Name {
				last.Where = where
				return nil
			}
			if columns, ok := r.searched[c.Name]; ok && c.Name == x.Name {
				last.Columns, last.Search = columns, true
				return nil
			}
			last.Columns = append(last.Columns, c)
			return nil
		})
}

// jsonCheck is the check that MariaDB adds to columns declared as JSON.
var jsonCheck = regexp.MustCompile("(?i)^json_valid\\(`((?:[^`]|``)+)`\\)$")

func (r *reader) checks(ctx context.Context) error {
	return each(ctx, r.conn, `SELECT c.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM information_schema.TABLE_CONSTRAINTS AS t
		JOIN information_schema.CHECK_CONSTRAINTS AS c ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA
		AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME
		/*M!100600 AND c.TABLE_NAME = t.TABLE_NAME */
		WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = ? AND t.CONSTRAINT_TYPE = 'CHECK' ORDER BY BINARY c.CONSTRAINT_NAME`,
		[]any{r.table.Name}, func(scan func(...any) error) error {
			var c dialect.Check
			if err := scan(&c.Name, &c.SQL); err != nil {
				return err
			}
			if found := jsonCheck.FindStringSubmatch(c.SQL); found != nil && found[1] == c.Name {
				if column := r.column(c.Name); column != nil && column.Type == dialect.TypeText {
					column.Type, column.Collation = dialect.TypeJSON, ""
					return nil
				}
			}
			r.table.Checks = append(r.table.Checks, c)
			return nil
		})
}
