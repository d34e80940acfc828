package ddl

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
)

// extras is what a table's definition has beyond the models, because another program created it. A rebuild keeps it.
type extras struct {
	columns map[string]string // text added to the line of a column, by that line
	lines   []string          // constraints of the table
	options string
}

// extend returns the statement that creates the table with the extras added.
func (x extras) extend(create string) string {
	for line, added := range x.columns {
		create = strings.Replace(create, "\n    "+line, "\n    "+line+added, 1)
	}
	body := strings.TrimSuffix(create, "\n)")
	for _, line := range x.lines {
		body += ",\n    " + line
	}
	if strings.Contains(create, " AUTOINCREMENT") { // which numbers row ids
		return body + "\n)"
	}
	return body + "\n)" + x.options
}

// readExtras compares a table with its description in the migrations. It returns an error for anything that the new table
// could not keep.
func readExtras(ctx context.Context, conn dialect.Conn, r *rebuild) (extras, error) {
	x := extras{columns: map[string]string{}}
	var text string
	var strict, withoutRowID bool
	err := each(ctx, conn, func(rows *sql.Rows) error { return rows.Scan(&text, &strict, &withoutRowID) },
		"SELECT m.sql, l.strict, l.wr FROM sqlite_master m JOIN pragma_table_list l ON l.name = m.name AND l.schema = 'main' WHERE "+
			"m.type = "+
			"'table' AND m.name = ? COLLATE NOCASE", r.table)
	if err != nil {
		return x, fmt.Errorf("read the definition of table %q: %w", r.table, err)
	}
	t := sqltext.ParseTable(text)
	if strict {
		return x, lossError(r, "is STRICT")
	}
	if t.Conflict {
		return x, lossError(r, "has a constraint with ON CONFLICT")
	}
	if withoutRowID {
		x.options = " WITHOUT ROWID"
	}
	for _, c := range t.Columns {
		if slices.ContainsFunc(r.removed, func(name string) bool { return strings.EqualFold(name, c.Name) }) {
			continue
		}
		if d := definitionOf(r, c.Name); c.Generated != "" && (d == nil || !d.isGenerated) {
			return x, lossError(r, fmt.Sprintf("has the generated column %q", c.Name))
		}
		if d := definitionOf(r, c.Name); d != nil && !d.hasCollation && !strings.EqualFold(c.Collation, "binary") {
			x.columns[d.sql] += " COLLATE " + quoteName(c.Collation)
		}
	}
	for _, c := range t.Checks {
		c.SQL = sqltext.Unqualify(c.SQL, r.table)
		if slices.ContainsFunc(r.checks, func(known dialect.Check) bool {
			return c.Name != "" && strings.EqualFold(known.Name, c.Name) || sqltext.Same(known.SQL, c.SQL)
		}) {
			continue
		}
		for _, column := range r.removed {
			if sqltext.MentionsColumn(c.SQL, column) {
				return x, fmt.Errorf("the check %s of table %q, which no migration created, uses column %q, which this operation "+
					"removes; create "+
					"the table without it in a RunSQL operation before this one", c.SQL, r.table, column)
			}
		}
		line := "CHECK (" + c.SQL + ")"
		if c.Name != "" {
			line = "CONSTRAINT " + quoteName(c.Name) + " " + line
		}
		x.lines = append(x.lines, line)
	}
	if err := x.defaults(ctx, conn, r); err != nil {
		return x, err
	}
	return x, x.references(ctx, conn, r)
}

func (x *extras) defaults(ctx context.Context, conn dialect.Conn, r *rebuild) error {
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var name, expression string
		if err := rows.Scan(&name, &expression); err != nil {
			return err
		}
		if d := definitionOf(r, name); d != nil && !d.hasDefault {
			x.columns[d.sql] += " DEFAULT (" + expression + ")"
		}
		return nil
	}, "SELECT name, dflt_value FROM pragma_table_xinfo(?) WHERE dflt_value IS NOT NULL", r.table)
	if err != nil {
		return fmt.Errorf("read the defaults of table %q: %w", r.table, err)
	}
	return nil
}

// references keeps foreign keys of columns that have no relation in the models.
func (x *extras) references(ctx context.Context, conn dialect.Conn, r *rebuild) error {
	var lines []string
	err := each(ctx, conn, func(rows *sql.Rows) error {
		var n int
		var table, from, to, onUpdate, onDelete string
		if err := rows.Scan(&n, &table, &from, &to, &onUpdate, &onDelete); err != nil {
			return err
		}
		columns := strings.Split(from, "\x00")
		for _, c := range columns {
			if d := definitionOf(r, c); d == nil || n == 1 && d.hasReference {
				return nil // removed, or declared in the models
			}
		}
		line := "FOREIGN KEY (" + quoteAll(columns) + ") REFERENCES " + quoteName(table)
		if to != "" {
			line += " (" + quoteAll(strings.Split(to, "\x00")) + ")"
		}
		lines = append(lines, line+" ON UPDATE "+onUpdate+" ON DELETE "+onDelete+" DEFERRABLE INITIALLY DEFERRED")
		return nil
	}, `SELECT count(*), "table", group_concat("from", char(0)), coalesce(group_concat("to", char(0)), ''), on_update, on_delete
		FROM pragma_foreign_key_list(?) GROUP BY id ORDER BY id DESC`, r.table)
	if err != nil {
		return fmt.Errorf("read the foreign keys of table %q: %w", r.table, err)
	}
	x.lines = append(x.lines, lines...)
	return nil
}

func definitionOf(r *rebuild, column string) *definition {
	i := slices.IndexFunc(r.definitions, func(d definition) bool { return strings.EqualFold(d.name, column) })
	if i < 0 {
		return nil
	}
	return &r.definitions[i]
}

func lossError(r *rebuild, property string) error {
	return fmt.Errorf("table %q %s, which no migration describes and the rebuilt table would lose; make this change with RunSQL, and "+
		"describe it in its State", r.table, property)
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quoteName(name)
	}
	return strings.Join(quoted, ", ")
}
