package rows

import (
	"context"
	"fmt"
	"reflect"
	"strings"
)

// Save writes a row that exists back: a [Row], or a pointer to a struct as [Rows] gives it. Without fields it writes all
// that the row has. It is an error if there is no row with that key.
func (h *History) Save(ctx context.Context, model string, row any, fields ...string) error {
	m, columns, keys, err := h.columns(model)
	if err != nil {
		return err
	}
	values, err := rowOf(m, columns, row)
	if err != nil {
		return err
	}
	pk, err := keyOf(values, keys)
	if err != nil {
		return fmt.Errorf("save %s: %w", m, err)
	}
	wanted := map[string]bool{}
	for _, name := range fields {
		c, err := findColumn(m, columns, name)
		if err != nil {
			return err
		}
		if _, ok := values[c.attr]; !ok {
			return fmt.Errorf("save %s: the row has no %s", m, c.attr)
		}
		wanted[c.attr] = true
	}
	var sets []string
	var args []any
	for _, c := range columns {
		v, ok := values[c.attr]
		if !ok || c.primary || len(wanted) > 0 && !wanted[c.attr] {
			continue
		}
		if v, err = encode(c.kind, v); err != nil {
			return fmt.Errorf("save %s: field %s: %w", m, c.attr, err)
		}
		sets, args = append(sets, quote(c.name)+" = ?"), append(args, v)
	}
	if len(sets) == 0 {
		return nil
	}
	var where, named []string
	for i, key := range keys {
		where = append(where, quote(key.name)+" = ?")
		named = append(named, fmt.Sprint(key.attr, " ", pk[i]))
	}
	result, err := h.conn.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET %s%s", quote(m.Table), strings.Join(sets, ", "), whereSQL(where)), append(args, pk...)...)
	if err != nil {
		return fmt.Errorf("save %s with %s: %w", m, strings.Join(named, ", "), err)
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return fmt.Errorf("save %s: there is no row with %s", m, strings.Join(named, ", "))
	}
	return nil
}

// Create adds a row: a [Row], or a pointer to a struct. A key that is left out, or zero, is given by the database and,
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
	var names, marks []string
	var args []any
	given := false
	for _, c := range columns {
		v, ok := values[c.attr]
		if !ok || c.primary && len(keys) == 1 && (v == nil || reflect.ValueOf(v).IsZero()) {
			continue
		}
		given = given || c.primary
		if v, err = encode(c.kind, v); err != nil {
			return fmt.Errorf("create %s: field %s: %w", m, c.attr, err)
		}
		names, marks, args = append(names, quote(c.name)), append(marks, "?"), append(args, v)
	}
	query := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", quote(m.Table), strings.Join(names, ", "), strings.Join(marks, ", "))
	if len(names) == 0 {
		query = fmt.Sprintf("INSERT INTO %s DEFAULT VALUES", quote(m.Table))
	}
	result, err := h.conn.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("create %s: %w", m, err)
	}
	if target, ok := row.(Row); ok && !given && keys[0].kind.IsInteger() {
		if id, err := result.LastInsertId(); err == nil {
			target[keys[0].attr] = id
		}
	}
	return nil
}

// Delete deletes the rows that Rows would give, and says how many. References to them are checked when the migration
// ends.
func (h *History) Delete(ctx context.Context, model string, filter ...any) (int64, error) {
	m, columns, _, err := h.columns(model)
	if err != nil {
		return 0, err
	}
	where, args, err := conditions(m, columns, filter)
	if err != nil {
		return 0, err
	}
	result, err := h.conn.ExecContext(ctx, "DELETE FROM "+quote(m.Table)+whereSQL(where), args...)
	if err != nil {
		return 0, fmt.Errorf("delete %s: %w", m, err)
	}
	return result.RowsAffected()
}
