// Package rows gives the Go code of a migration the rows as they are at that point, without today's models.
//
// A migration that imported models would break as soon as they change. [History] knows the tables from the migrations
// instead: rows come as maps, or as a struct that the migration declares for itself.
package rows

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

// RunGo runs Go code over the rows. Backward is needed to undo the migration; [NoOp] stands for "nothing to do".
type RunGo struct {
	Forward  func(ctx context.Context, h *History) error
	Backward func(ctx context.Context, h *History) error
}

// NoOp is a function for [RunGo] that does nothing.
func NoOp(context.Context, *History) error { return nil }

// Apply implements [state.Operation]: the models stay as they are.
func (RunGo) Apply(string, *state.State) error { return nil }

// Describe implements [state.Operation].
func (RunGo) Describe() string { return "Run Go code" }

var _ state.Operation = RunGo{}

// Conn is the open transaction of a migration; *sql.Conn and *sql.Tx are ones.
type Conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// History reads and writes rows as the tables are at one point of the migrations, inside the migration's transaction.
// It is not safe for concurrent use, nor after the function that it was given to has returned.
type History struct {
	state   *state.State
	conn    Conn
	dialect string
}

// New returns the History of a state. The migration runner calls it.
func New(s *state.State, conn Conn, dialect string) *History {
	return &History{state: s, conn: conn, dialect: dialect}
}

// Dialect names the database: "sqlite".
func (h *History) Dialect() string { return h.dialect }

// Exec runs SQL of your own.
func (h *History) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return h.conn.ExecContext(ctx, query, args...)
}

// Query runs a query of your own. Close the rows before the next call.
func (h *History) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return h.conn.QueryContext(ctx, query, args...)
}

// Table returns the name of a model's table at this point.
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
	kind       state.Kind
	primary    bool
	precision  int // of decimals
	scale      int
}

// columns returns the columns of a model in order, and those of its primary key.
func (h *History) columns(model string) (m *state.Model, list, keys []column, err error) {
	if m, err = h.state.Model(model); err != nil {
		return nil, nil, nil, err
	}
	for _, f := range m.Fields {
		if !f.HasColumn() {
			continue
		}
		c := column{attr: f.Name, name: f.ColumnName(), kind: f.Kind, primary: f.IsPrimaryKey(), precision: f.Options.Precision, scale: f.Options.Scale}
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
func findColumn(m *state.Model, list []column, name string) (column, error) {
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

func quote(name string) string { return `"` + name + `"` }
