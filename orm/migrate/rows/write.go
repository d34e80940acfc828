package rows

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Save writes an existing row: a [Row], or a pointer to a struct as [Each] returns it. fields are the fields that are
// written; without them all that the row has are. It returns an error if there is no row with that key.
func (h *History) Save(ctx context.Context, model string, row any, fields ...string) error {
	m, columns, keys, err := h.columns(model)
	if err != nil {
		return err
	}
	values, err := rowOf(m, columns, row)
	if err != nil {
		return err
	}
	key, err := keyOf(values, keys)
	if err != nil {
		return fmt.Errorf("save %s: %w", m, err)
	}
	written, err := writtenColumns(m, columns, values, fields)
	if err != nil || len(written) == 0 {
		return err
	}
	w := dialect.NewWriter(h.dialect)
	w.Text("UPDATE ")
	w.Name(m.Table)
	w.Text(" SET ")
	for i, c := range written {
		v, err := encode(c.kind, values[c.attr])
		if err != nil {
			return fmt.Errorf("save %s: field %s: %w", m, c.attr, err)
		}
		if i > 0 {
			w.Text(", ")
		}
		w.Name(c.name)
		w.Text(" = ")
		w.Bind(v)
	}
	where := make([]condition, len(keys))
	names := make([]string, len(keys))
	for i, c := range keys {
		where[i] = condition{c.name, key[i]}
		names[i] = fmt.Sprint(c.attr, " ", key[i])
	}
	writeWhere(w, where)
	result, err := h.conn.ExecContext(ctx, w.SQL(), w.Args()...)
	if err != nil {
		return fmt.Errorf("save %s with %s: %w", m, strings.Join(names, ", "), err)
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return fmt.Errorf("save %s: there is no row with %s", m, strings.Join(names, ", "))
	}
	return nil
}

// writtenColumns returns the columns of a row that are written: those of the fields, or all that the row has.
func writtenColumns(m *operations.Model, columns []column, values Row, fields []string) ([]column, error) {
	wanted := map[string]bool{}
	for _, name := range fields {
		c, err := findColumn(m, columns, name)
		if err != nil {
			return nil, err
		}
		if _, ok := values[c.attr]; !ok {
			return nil, fmt.Errorf("save %s: the row has no %s", m, c.attr)
		}
		wanted[c.attr] = true
	}
	var list []column
	for _, c := range columns {
		if _, ok := values[c.attr]; ok && !c.primary && (len(wanted) == 0 || wanted[c.attr]) {
			list = append(list, c)
		}
	}
	return list, nil
}

// Create inserts a row: a [Row], or a pointer to a struct. A key that is left out, or zero, is assigned by the database and,
// in a Row, filled in.
func (h *History) Create(ctx context.Context, model string, row any) error {
	m, columns, keys, err := h.columns(model)
	if err != nil {
		return err
	}
	values, err := rowOf(m, columns, row)
	if err != nil {
		return err
	}
	var inserted []column
	var args []any
	hasKey := false
	for _, c := range columns {
		v, ok := values[c.attr]
		if !ok || c.primary && len(keys) == 1 && (v == nil || reflect.ValueOf(v).IsZero()) {
			continue
		}
		hasKey = hasKey || c.primary
		if v, err = encode(c.kind, v); err != nil {
			return fmt.Errorf("create %s: field %s: %w", m, c.attr, err)
		}
		inserted, args = append(inserted, c), append(args, v)
	}
	w := dialect.NewWriter(h.dialect)
	w.Text("INSERT INTO ")
	w.Name(m.Table)
	if len(inserted) == 0 {
		w.DefaultValues()
	} else {
		w.Text(" (")
		writeNames(w, inserted)
		w.Text(") VALUES (")
		for i, v := range args {
			if i > 0 {
				w.Text(", ")
			}
			w.Bind(v)
		}
		w.Text(")")
	}
	target, isRow := row.(Row)
	if !isRow || hasKey || !keys[0].kind.IsInteger() {
		if _, err := h.conn.ExecContext(ctx, w.SQL(), w.Args()...); err != nil {
			return fmt.Errorf("create %s: %w", m, err)
		}
		return nil
	}
	key, err := h.insert(ctx, w, keys[0])
	if err != nil {
		return fmt.Errorf("create %s: %w", m, err)
	}
	target[keys[0].attr] = key
	return nil
}

// insert runs an INSERT of one row and returns the key that the database assigned.
func (h *History) insert(ctx context.Context, w *dialect.Writer, key column) (int64, error) {
	if dialect.Keys(h.dialect) != dialect.KeysReturned {
		result, err := h.conn.ExecContext(ctx, w.SQL(), w.Args()...)
		if err != nil {
			return 0, err
		}
		return result.LastInsertId()
	}
	w.Text(" RETURNING ")
	w.Name(key.name)
	rows, err := h.conn.QueryContext(ctx, w.SQL(), w.Args()...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var id int64
	for rows.Next() {
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
	}
	return id, rows.Err()
}

// Delete deletes the rows that [History.Rows] returns with the same filter, and returns how many there were. References to
// them are checked when the migration ends.
func (h *History) Delete(ctx context.Context, model string, filter ...any) (int64, error) {
	m, columns, _, err := h.columns(model)
	if err != nil {
		return 0, err
	}
	where, err := conditions(m, columns, filter)
	if err != nil {
		return 0, err
	}
	w := dialect.NewWriter(h.dialect)
	w.Text("DELETE FROM ")
	w.Name(m.Table)
	writeWhere(w, where)
	result, err := h.conn.ExecContext(ctx, w.SQL(), w.Args()...)
	if err != nil {
		return 0, fmt.Errorf("delete %s: %w", m, err)
	}
	return result.RowsAffected()
}
