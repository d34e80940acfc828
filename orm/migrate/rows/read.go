package rows

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/state"
)

// Row is one row by field name. References stand under the name with "_id" after it, "author_id". Values are int64,
// float64, string, bool, []byte, time.Time, time.Duration, or nil.
type Row map[string]any

// chunk is how many rows are held at once; between chunks rows may be written.
const chunk = 500

// Rows returns the rows of a model in the order of their keys. filter holds pairs of a field and the value it must have
// (nil: must be NULL), "slug", "". The rows may be changed with [History.Save] while they are read.
func (h *History) Rows(ctx context.Context, model string, filter ...any) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		m, columns, keys, err := h.columns(model)
		if err != nil {
			yield(nil, err)
			return
		}
		where, args, err := conditions(m, columns, filter)
		if err != nil {
			yield(nil, err)
			return
		}
		var last []any
		for {
			rows, err := h.page(ctx, m, columns, keys, where, args, last)
			if err != nil {
				yield(nil, fmt.Errorf("read %s: %w", m, err))
				return
			}
			for _, row := range rows {
				if last, err = keyOf(row, keys); err != nil {
					yield(nil, err)
					return
				}
				if !yield(row, nil) {
					return
				}
			}
			if len(rows) < chunk {
				return
			}
		}
	}
}

// Count counts the rows that Rows would give.
func (h *History) Count(ctx context.Context, model string, filter ...any) (int64, error) {
	m, columns, _, err := h.columns(model)
	if err != nil {
		return 0, err
	}
	where, args, err := conditions(m, columns, filter)
	if err != nil {
		return 0, err
	}
	rows, err := h.conn.QueryContext(ctx, "SELECT count(*) FROM "+quote(m.Table)+whereSQL(where), args...)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", m, err)
	}
	defer rows.Close()
	var n int64
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

// keyOf returns the encoded parts of a row's key.
func keyOf(row Row, keys []column) ([]any, error) {
	list := make([]any, len(keys))
	for i, key := range keys {
		v, ok := row[key.attr]
		if !ok {
			return nil, fmt.Errorf("the row has no %s", key.attr)
		}
		var err error
		if list[i], err = encode(key.kind, v); err != nil {
			return nil, fmt.Errorf("field %s: %w", key.attr, err)
		}
	}
	return list, nil
}

// page reads the next rows after key last.
func (h *History) page(ctx context.Context, m *state.Model, columns, keys []column, where []string, args []any, last []any) ([]Row, error) {
	var order []string
	for _, key := range keys {
		order = append(order, quote(key.name))
	}
	if last != nil {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(keys)), ", ")
		where = append(where[:len(where):len(where)], "("+strings.Join(order, ", ")+") > ("+marks+")")
		args = append(args[:len(args):len(args)], last...)
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = quote(c.name)
		if c.kind == state.KindDate || c.kind == state.KindDateTime { // a driver would give the year 1 for a text that it cannot read
			names[i] = fmt.Sprintf("CASE WHEN typeof(%[1]s) = 'text' THEN CAST(%[1]s AS text) ELSE %[1]s END", names[i])
		}
	}
	query := fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT %d", strings.Join(names, ", "), quote(m.Table), whereSQL(where), strings.Join(order, ", "), chunk)
	rows, err := h.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values, pointers := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		pointers[i] = &values[i]
	}
	var list []Row
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		row := make(Row, len(columns))
		for i, c := range columns {
			if row[c.attr], err = decode(c, values[i]); err != nil {
				return nil, fmt.Errorf("column %s: %w", c.name, err)
			}
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// conditions turns pairs of a field and a value into SQL.
func conditions(m *state.Model, columns []column, filter []any) (where []string, args []any, err error) {
	if len(filter)%2 != 0 {
		return nil, nil, fmt.Errorf("the filter of %s has a field without a value", m)
	}
	for i := 0; i < len(filter); i += 2 {
		name, ok := filter[i].(string)
		if !ok {
			return nil, nil, fmt.Errorf("the filter of %s names a field with %v, which is no string", m, filter[i])
		}
		c, err := findColumn(m, columns, name)
		if err != nil {
			return nil, nil, err
		}
		if filter[i+1] == nil {
			where = append(where, quote(c.name)+" IS NULL")
			continue
		}
		v, err := encode(c.kind, filter[i+1])
		if err != nil {
			return nil, nil, fmt.Errorf("field %s: %w", name, err)
		}
		where, args = append(where, quote(c.name)+" = ?"), append(args, v)
	}
	return where, args, nil
}

func whereSQL(where []string) string {
	if len(where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(where, " AND ")
}
