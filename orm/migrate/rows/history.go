// Package rows reads and writes rows in the Go code of a migration, as the tables are at that point of the migrations.
//
// A migration that imported models would break as soon as they change. [History] knows the tables from the migrations
// instead: rows are maps, or a struct that the migration declares for itself.
package rows

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// RunGo is an operation that runs Go code over the rows.
type RunGo struct {
	// Forward runs when the migration is applied. It is required.
	Forward func(ctx context.Context, h *History) error
	// Backward runs when the migration is undone; [NoOp] does nothing. Without it the migration cannot be undone.
	Backward func(ctx context.Context, h *History) error
	// Model is the model whose rows the code is about, for an app with models in several databases: "Post", or "blog.Post" of
	// another app. The code runs in the databases that have this table; without a Model in all that have a table of the app.
	Model string
}

// NoOp is a function for [RunGo] that does nothing.
func NoOp(context.Context, *History) error { return nil }

// Apply implements [operations.Operation]: the models do not change.
func (RunGo) Apply(string, *operations.State) error { return nil }

// Describe implements [operations.Operation].
func (RunGo) Describe() string { return "Run Go code" }

var _ operations.Operation = RunGo{}

// History reads and writes rows as the tables are at one point of the migrations, inside the migration's transaction.
// It is not safe for concurrent use, and must not be used after the function that received it has returned.
type History struct {
	state   *operations.State
	conn    dialect.Conn
	dialect dialect.Dialect
}

// New returns the History of a state, which runs its statements on conn.
func New(s *operations.State, conn dialect.Conn, d dialect.Dialect) *History {
	return &History{state: s, conn: conn, dialect: d}
}

// Dialect returns how the database writes SQL, for statements run with [History.Exec] and [History.Query].
func (h *History) Dialect() dialect.Dialect { return h.dialect }

// Exec runs a statement.
func (h *History) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return h.conn.ExecContext(ctx, query, args...)
}

// Query runs a query. Close the rows before the next call of any method.
func (h *History) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return h.conn.QueryContext(ctx, query, args...)
}

// Table returns the name of the table of a model such as "blog.Post". It returns an error if the model does not exist at this
// point.
func (h *History) Table(model string) (string, error) {
	m, err := h.state.Model(model)
	if err != nil {
		return "", err
	}
	return m.Table, nil
}

// column is one column of a historical model, with the kind of what it holds.
type column struct {
	attr, name string // "author_id" in rows; the column's name
	kind       schema.Kind
	primary    bool
	precision  int // of decimals
	scale      int
}

// storageType returns how the column is stored.
func (c column) storageType() dialect.Type { return c.kind.StorageType() }

// columns returns the columns of a model in order, and those of its primary key.
func (h *History) columns(model string) (m *operations.Model, list, keys []column, err error) {
	if m, err = h.state.Model(model); err != nil {
		return nil, nil, nil, err
	}
	for _, f := range m.Fields {
		if !f.HasColumn() {
			continue
		}
		c := column{
			attr: f.Name, name: f.ColumnName(), kind: f.Kind, primary: f.IsPrimaryKey(), precision: f.Options.Precision,
			scale: f.Options.Scale,
		}
		for to := f; to.Kind.IsReference(); c.kind = to.Kind {
			if _, to, err = h.state.Target(to); err != nil {
				return nil, nil, nil, err
			}
		}
		if f.Kind.IsReference() {
			c.attr = f.Name + "_id"
		}
		if c.primary {
			keys = append(keys, c)
		}
		list = append(list, c)
	}
	if len(keys) == 0 {
		return nil, nil, nil, fmt.Errorf("model %s has no primary key", m)
	}
	return m, list, keys, nil
}

// findColumn returns the column of a field by the field's name, its attribute ("author_id") or its column.
func findColumn(m *operations.Model, list []column, name string) (column, error) {
	names := make([]string, len(list))
	for i, c := range list {
		f, _ := m.Field(name)
		if c.attr == name || c.name == name || f.Name != "" && f.ColumnName() == c.name {
			return c, nil
		}
		names[i] = c.attr
	}
	return column{}, fmt.Errorf("model %s has no field %q at this point of the migrations%s", m, name, check.DidYouMean(name, names))
}
