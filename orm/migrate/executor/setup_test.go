package executor_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// open returns the writing pool of a new database.
func open(t *testing.T) *sql.DB {
	t.Helper()
	return openFile(t, filepath.Join(t.TempDir(), "test.sqlite3"))
}

func openFile(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := orm.Open("sqlite:///"+filepath.ToSlash(file), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db.Writer()
}

// dialectOf returns the dialect of the databases that open returns.
func dialectOf(t *testing.T) dialect.Dialect {
	t.Helper()
	db, err := orm.Open("sqlite::memory:", sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return db.Dialect()
}

// chain makes migrations of one app out of lists of operations, each depending on the one before.
func chain(app string, lists ...[]operations.Operation) executor.App {
	a := executor.App{Name: app}
	for i, ops := range lists {
		m := operations.Migration{Name: fmt.Sprintf("%04d_step", i+1), Operations: ops}
		if i > 0 {
			m.Depends = []operations.Dependency{operations.On(app, a.Migrations[i-1].Name)}
		}
		a.Migrations = append(a.Migrations, m)
	}
	return a
}

func graph(t *testing.T, apps ...executor.App) *executor.Graph {
	t.Helper()
	g, err := executor.NewGraph(apps, executor.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// migrate leads an app to a migration, "" for the last.
func migrate(t *testing.T, db *sql.DB, g *executor.Graph, app, name string) error {
	t.Helper()
	applied, err := executor.ReadApplied(t.Context(), db, dialectOf(t))
	if err != nil {
		t.Fatal(err)
	}
	steps, err := g.To(app, name, applied)
	if err != nil {
		t.Fatal(err)
	}
	r := executor.Runner{DB: db, Dialect: dialectOf(t), Graph: g}
	return r.Run(t.Context(), steps, executor.Options{})
}

func mustMigrate(t *testing.T, db *sql.DB, g *executor.Graph, app, name string) {
	t.Helper()
	if err := migrate(t, db, g, app, name); err != nil {
		t.Fatal(err)
	}
}

func statements(t *testing.T, db *sql.DB, list ...string) {
	t.Helper()
	for _, s := range list {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// query returns all rows of a query, the values of each joined by "|".
func query(t *testing.T, db *sql.DB, text string, args ...any) []string {
	t.Helper()
	list, err := queryAll(t.Context(), db, text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return list
}

func queryAll(ctx context.Context, db *sql.DB, text string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var list []string
	for rows.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = string(b)
			}
		}
		list = append(list, strings.Trim(strings.ReplaceAll(fmt.Sprintf("%q", fmt.Sprint(values...)), "\\\"", "\""), "\""))
	}
	return list, rows.Err()
}

var checkPattern = regexp.MustCompile(`(?s)CONSTRAINT "(\w+)" CHECK \((.*?)\)[,\n]`)

// structure describes the tables of a database apart from the order of columns and the way they came about.
func structure(t *testing.T, db *sql.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range query(t, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> ? ORDER BY name", executor.Table) {
		fmt.Fprintf(&b, "table %s\n", table)
		var lines []string
		for _, c := range query(t, db, "SELECT name, lower(type), \"notnull\", dflt_value, pk FROM pragma_table_info(?)", table) {
			lines = append(lines, "  column "+c)
		}
		for _, c := range query(t, db, "SELECT \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list(?)", table) {
			lines = append(lines, "  reference "+c)
		}
		for _, name := range query(t, db, "SELECT name FROM pragma_index_list(?) WHERE origin = 'c'", table) {
			unique := query(t, db, "SELECT \"unique\" FROM pragma_index_list(?) WHERE name = ?", table, name)
			columns := query(t, db, "SELECT name, \"desc\" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno", name)
			where := query(t, db, "SELECT CASE WHEN instr(sql, ' WHERE ') THEN substr(sql, instr(sql, ' WHERE ')) ELSE '' END FROM sqlite_master WHERE name = ?", name)
			lines = append(lines, fmt.Sprintf("  index %s %v %v %v", name, unique, columns, where))
		}
		text := query(t, db, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", table)[0]
		text = strings.ReplaceAll(strings.ReplaceAll(text, `\n`, "\n"), `\"`, `"`)
		for _, m := range checkPattern.FindAllStringSubmatch(text, -1) {
			lines = append(lines, "  check "+m[1]+" "+strings.ReplaceAll(m[2], `"`, ""))
		}
		sort.Strings(lines)
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	if broken := query(t, db, "SELECT * FROM pragma_foreign_key_check"); len(broken) > 0 {
		t.Errorf("references are broken: %v", broken)
	}
	return b.String()
}

func want[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
