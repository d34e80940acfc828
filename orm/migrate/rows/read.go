package rows

import (
	"context"
	"fmt"
	"iter"
	"strconv"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Row is one row by field name; a reference has the name of its field with "_id" appended, "author_id". Values are int64,
// float64, string (decimals too), bool, []byte, time.Time, time.Duration, or nil for NULL.
type Row map[string]any

// chunk is how many rows are held at once; between chunks rows may be written.
const chunk = 500

// Rows returns the rows of a model in the order of their keys. filter is a list of pairs of a field and the value that it
// must have (nil: must be NULL), such as "slug", "". The rows may be changed with [History.Save] while they are read. An
// error ends the iteration.
func (h *History) Rows(ctx context.Context, model string, filter ...any) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		m, columns, keys, err := h.columns(model)
		if err != nil {
			yield(nil, err)
			return
		}
		where, err := conditions(m, columns, filter)
		if err != nil {
			yield(nil, err)
			return
		}
		var last []any
		for {
			rows, err := h.page(ctx, m, columns, keys, where, last)
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

// Count returns the number of rows that [History.Rows] returns with the same filter.
func (h *History) Count(ctx context.Context, model string, filter ...any) (int64, error) {
	m, columns, _, err := h.columns(model)
	if err != nil {
		return 0, err
	}
	where, err := conditions(m, columns, filter)
	if err != nil {
		return 0, err
	}
	w := dialect.NewWriter(h.dialect)
	w.Text("SELECT count(*) FROM ")
	w.Name(m.Table)
	writeWhere(w, where)
	rows, err := h.conn.QueryContext(ctx, w.SQL(), w.Args()...)
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

// page reads the next rows after the key last.
func (h *History) page(ctx context.Context, m *operations.Model, columns, keys []column, where []condition, last []any) ([]Row, error) {
	w := dialect.NewWriter(h.dialect)
	w.Text("SELECT ")
	for i, c := range columns {
		if i > 0 {
			w.Text(", ")
		}
		w.ReadColumn("", c.name, c.storageType())
	}
	w.Text(" FROM ")
	w.Name(m.Table)
	writeWhere(w, where)
	if last != nil {
		if len(where) == 0 {
			w.Text(" WHERE ")
		} else {
			w.Text(" AND ")
		}
		w.Text("(")
		writeNames(w, keys)
		w.Text(") > (")
		for i, key := range last {
			if i > 0 {
				w.Text(", ")
			}
			w.Bind(key)
		}
		w.Text(")")
	}
	w.Text(" ORDER BY ")
	writeNames(w, keys)
	w.Text(" LIMIT " + strconv.Itoa(chunk))
	rows, err := h.conn.QueryContext(ctx, w.SQL(), w.Args()...)
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

// condition is a column with the encoded value that it must have; nil is NULL.
type condition struct {
	column string
	value  any
}

// conditions reads pairs of a field and a value.
func conditions(m *operations.Model, columns []column, filter []any) ([]condition, error) {
	if len(filter)%2 != 0 {
		return nil, fmt.Errorf("the filter of %s has a field without a value", m)
	}
	var list []condition
	for i := 0; i < len(filter); i += 2 {
		name, ok := filter[i].(string)
		if !ok {
			return nil, fmt.Errorf("the filter of %s has %v as the name of a field, which is no string", m, filter[i])
		}
		c, err := findColumn(m, columns, name)
		if err != nil {
			return nil, err
		}
		v, err := encode(c.kind, filter[i+1])
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		list = append(list, condition{c.name, v})
	}
	return list, nil
}

func writeWhere(w *dialect.Writer, where []condition) {
	for i, c := range where {
		if i == 0 {
			w.Text(" WHERE ")
		} else {
			w.Text(" AND ")
		}
		w.Name(c.column)
		if c.value == nil {
			w.Text(" IS NULL")
			continue
		}
		w.Text(" = ")
		w.Bind(c.value)
	}
}

func writeNames(w *dialect.Writer, columns []column) {
	for i, c := range columns {
		if i > 0 {
			w.Text(", ")
		}
		w.Name(c.name)
	}
}
