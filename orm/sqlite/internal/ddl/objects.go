package ddl

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
	"github.com/quintetgo/quintet/orm/schema"
)

// object is an index or trigger of a table as the database has it.
type object struct {
	kind, name, sql string
	constraint      bool // a UNIQUE constraint inside the table's definition, described as the equivalent index
}

// objects lists the indexes and triggers of a table, whoever created them, without primary keys.
func objects(ctx context.Context, conn dialect.Conn, table string) ([]object, error) {
	var list []object
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var o object
		if err := rows.Scan(&o.kind, &o.name, &o.sql); err != nil {
			return err
		}
		list = append(list, o)
		return nil
	}, "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = ? COLLATE NOCASE "+
		"ORDER BY type, name", table)
	if err != nil {
		return nil, fmt.Errorf("read the indexes and triggers of table %q: %w", table, err)
	}
	var constraints []string
	err = each(ctx, conn, func(rows *sql.Rows) error {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		constraints = append(constraints, name)
		return nil
	}, "SELECT name FROM pragma_index_list(?) WHERE origin = 'u'", table)
	if err != nil {
		return nil, fmt.Errorf("read the constraints of table %q: %w", table, err)
	}
	for _, name := range constraints {
		o, err := constraint(ctx, conn, table, name)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// constraint returns a UNIQUE constraint as an index, with the name that an index of the models over the same columns has.
func constraint(ctx context.Context, conn dialect.Conn, table, name string) (object, error) {
	var columns, terms []string
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var column, collation string
		if err := rows.Scan(&column, &collation); err != nil {
			return err
		}
		term := quoteName(column)
		if !strings.EqualFold(collation, "binary") {
			term += " COLLATE " + quoteName(collation)
		}
		columns, terms = append(columns, column), append(terms, term)
		return nil
	}, "SELECT name, coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno", name)
	if err != nil {
		return object{}, fmt.Errorf("read the UNIQUE constraint %s of table %q: %w", name, table, err)
	}
	o := object{kind: "index", name: schema.ConstraintName(table, "uniq", columns...), constraint: true}
	o.sql = fmt.Sprintf("CREATE UNIQUE INDEX %s ON %s (%s)", quoteName(o.name), quoteName(table), strings.Join(terms, ", "))
	return o, nil
}

// columnUser returns the first view or trigger that uses a column of a table in a way that SQLite itself does not check, or
// nil. If another table that it reads has a column of that name, the name is assumed to mean that column.
func columnUser(ctx context.Context, conn dialect.Conn, table, column string) (*object, error) {
	type reader struct {
		object
		table string
	}
	var readers []reader
	var relations []string
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var r reader
		if err := rows.Scan(&r.kind, &r.name, &r.table, &r.sql); err != nil {
			return err
		}
		if r.kind != "trigger" {
			relations = append(relations, r.name)
		}
		if r.kind != "table" {
			readers = append(readers, r)
		}
		return nil
	}, "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'view', 'trigger') AND sql IS NOT NULL ORDER BY name")
	if err != nil {
		return nil, fmt.Errorf("read the views and triggers of the database: %w", err)
	}
	sources := []string{table} // the table, and views that select its columns
	mentions := func(r reader, name string) bool {
		return strings.EqualFold(r.table, name) && r.kind == "trigger" || !strings.EqualFold(r.name, name) &&
			sqltext.MentionsTable(r.sql, name)
	}
	for i := 0; i < len(sources); i++ {
		for _, r := range readers {
			if r.kind == "view" && !slices.Contains(sources, r.name) && mentions(r, sources[i]) {
				sources = append(sources, r.name)
			}
		}
	}
	for _, r := range readers {
		if !sqltext.MayMean(r.sql, column, r.kind == "trigger") ||
			!slices.ContainsFunc(sources, func(name string) bool { return mentions(r, name) }) {
			continue
		}
		elsewhere := false
		for _, name := range relations {
			if slices.ContainsFunc(sources, func(s string) bool { return strings.EqualFold(s, name) }) || !mentions(r, name) {
				continue
			}
			columns, err := columnsOf(ctx, conn, name)
			if err != nil {
				return nil, err
			}
			elsewhere = elsewhere || slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, column) })
		}
		if !elsewhere {
			return &r.object, nil
		}
	}
	return nil, nil
}

// viewsOf lists the views that name a table, and the triggers of other tables that do.
func viewsOf(ctx context.Context, conn dialect.Conn, table string) ([]string, error) {
	var list []string
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var o object
		if err := rows.Scan(&o.kind, &o.name, &o.sql); err != nil {
			return err
		}
		if sqltext.MentionsTable(o.sql, table) {
			list = append(list, o.kind+" "+o.name)
		}
		return nil
	}, "SELECT type, name, sql FROM sqlite_master WHERE type = 'view' OR type = 'trigger' AND tbl_name <> ? COLLATE NOCASE ORDER BY "+
		"name", table)
	if err != nil {
		return nil, fmt.Errorf("read the views and triggers of the database: %w", err)
	}
	return list, nil
}

// columnsOf lists the columns of a table, generated ones included.
func columnsOf(ctx context.Context, conn dialect.Conn, table string) ([]string, error) {
	var list []string
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		list = append(list, name)
		return nil
	}, "SELECT name FROM pragma_table_xinfo(?)", table)
	if err != nil {
		return nil, fmt.Errorf("read the columns of table %q: %w", table, err)
	}
	return list, nil
}

// checkSoundness returns the views and triggers that SQLite finds broken: changing a table, here an empty one, makes SQLite
// read all of them.
func checkSoundness(ctx context.Context, conn dialect.Conn) (soundness, error) {
	const probe = `"quintet_probe"`
	if _, err := conn.ExecContext(ctx, "CREATE TABLE "+probe+" (a, b)"); err != nil {
		return soundness{}, fmt.Errorf("check the views and triggers of the database: %w", err)
	}
	try := func(text string) (string, error) {
		if _, err := conn.ExecContext(ctx, "SAVEPOINT quintet_probe"); err != nil {
			return "", err
		}
		_, broken := conn.ExecContext(ctx, text)
		if _, err := conn.ExecContext(ctx, "ROLLBACK TO quintet_probe"); err != nil {
			return "", err
		}
		if _, err := conn.ExecContext(ctx, "RELEASE quintet_probe"); err != nil {
			return "", err
		}
		if broken == nil {
			return "", nil
		}
		if !strings.Contains(broken.Error(), "error in ") {
			return "", broken
		}
		return broken.Error(), nil
	}
	var s soundness
	var err error
	if s.strict, err = try("ALTER TABLE " + probe + " DROP COLUMN b"); err == nil {
		s.loose, err = try("ALTER TABLE " + probe + " RENAME COLUMN a TO c")
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, "DROP TABLE "+probe)
	}
	if err != nil {
		return soundness{}, fmt.Errorf("check the views and triggers of the database: %w", err)
	}
	return s, nil
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
