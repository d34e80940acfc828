package constraint

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
	"github.com/quintetgo/quintet/orm/schema"
)

// statement evaluates rules. Its FROM is one row with the object's values, which has the name of the table, so that the SQL
// of checks and conditions means that row.
type statement struct {
	dialect dialect.Dialect
	model   *schema.Model
	rules   []rule
	columns []*schema.Field // of the row
	values  []any
	periods map[int][2]any // bounds of the dates of rules
	own     bool           // the object's own row does not count
}

func newStatement(d dialect.Dialect, m *schema.Model) *statement {
	return &statement{dialect: d, model: m, periods: map[int][2]any{}}
}

// other is the alias of the rows that the object is compared with.
const other = "quintet_row"

// add adds a rule, unless it needs a value that is not known before the row is written.
func (st *statement) add(ctx context.Context, r rule, obj any) error {
	for _, f := range r.uses {
		if f.Generated != "" || f.DBDefault != "" && f.IsZero(obj) {
			return nil
		}
		if _, err := f.DBValue(ctx, obj); err != nil {
			return nil //nolint:nilerr // the field's own validation reports it
		}
	}
	if r.date != nil {
		bounds, ok := r.bounds(obj)
		if !ok {
			return nil
		}
		st.periods[len(st.rules)] = bounds
	}
	for _, f := range r.uses {
		if err := st.value(ctx, f, obj); err != nil {
			return err
		}
	}
	st.rules = append(st.rules, r)
	return nil
}

func (st *statement) value(ctx context.Context, f *schema.Field, obj any) error {
	for _, known := range st.columns {
		if known == f {
			return nil
		}
	}
	v, err := f.DBValue(ctx, obj)
	if err != nil {
		return err
	}
	st.columns, st.values = append(st.columns, f), append(st.values, v)
	return nil
}

// exclude leaves the object's own row out, if it has a key.
func (st *statement) exclude(ctx context.Context, obj any) error {
	for _, f := range st.model.PrimaryKeys {
		if f.IsZero(obj) && (f.Auto || len(st.model.PrimaryKeys) == 1) {
			return nil
		}
	}
	st.own = true
	for _, f := range st.model.PrimaryKeys {
		if err := st.value(ctx, f, obj); err != nil {
			return err
		}
	}
	return nil
}

// bounds returns the first day of the period that the object's date is in, and the first one after it.
func (r *rule) bounds(obj any) ([2]any, bool) {
	at, ok := schema.Indirect(r.date.Value(obj)).(time.Time)
	if !ok || at.IsZero() {
		return [2]any{}, false
	}
	if r.date.Kind == schema.KindDateTime {
		at = at.UTC()
	}
	y, m, d := at.Date()
	var from, to time.Time
	switch r.period {
	case "date":
		from, to = time.Date(y, m, d, 0, 0, 0, 0, time.UTC), time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
	case "month":
		from, to = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC), time.Date(y, m+1, 1, 0, 0, 0, 0, time.UTC)
	default:
		from, to = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(y+1, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	first, err1 := r.date.Encode(from)
	next, err2 := r.date.Encode(to)
	return [2]any{first, next}, err1 == nil && err2 == nil
}

// run returns the rules that are broken.
func (st *statement) run(ctx context.Context, s *session.Session) (failed []rule, err error) {
	w := dialect.NewWriter(st.dialect)
	st.write(w)
	rows, err := s.Reader(ctx).QueryContext(ctx, w.SQL(), w.Args()...)
	if err != nil {
		return nil, s.Translate(err)
	}
	defer rows.Close()
	results := make([]sql.NullInt64, len(st.rules))
	into := make([]any, len(results))
	for i := range results {
		into[i] = &results[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("orm: %s: evaluate the constraints: %w", st.model, err)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, s.Translate(err)
	}
	for i, r := range st.rules {
		if results[i].Int64 == 1 {
			failed = append(failed, r)
		}
	}
	return failed, nil
}

// sql returns SQL of the model with the database's quotation marks and without the name of the table.
func (st *statement) sql(text string) string {
	return sqltext.Requote(sqltext.Unqualify(text, st.model.Table), st.dialect.Quote("")[0])
}

func (st *statement) write(w *dialect.Writer) {
	table := st.model.Table
	w.Text("SELECT ")
	for i, r := range st.rules {
		if i > 0 {
			w.Text(", ")
		}
		if r.check != "" {
			w.Text("CASE WHEN NOT (" + st.sql(r.check) + ") THEN 1 ELSE 0 END")
			continue
		}
		w.Text("CASE WHEN ")
		if r.where != "" {
			w.Text(fmt.Sprintf("quintet_where_%d AND ", i))
		}
		w.Text("EXISTS (SELECT 1 FROM ")
		w.Name(table)
		w.Text(" AS " + other + " WHERE ")
		st.matches(w, i)
		w.Text(") THEN 1 ELSE 0 END")
	}
	w.Text(" FROM (SELECT ")
	w.Name(table)
	w.Text(".*")
	for i, r := range st.rules {
		for k, sql := range r.expressions {
			w.Text(fmt.Sprintf(", %s AS quintet_value_%d_%d", st.sql(sql), i, k))
		}
		if r.where != "" {
			w.Text(fmt.Sprintf(", CASE WHEN %s THEN 1 ELSE 0 END = 1 AS quintet_where_%d", st.sql(r.where), i))
		}
	}
	w.Text(" FROM (")
	st.row(w)
	w.Text(") AS ")
	w.Name(table)
	w.Text(") AS ")
	w.Name(table)
}

// matches writes the condition of the rows that a rule forbids.
func (st *statement) matches(w *dialect.Writer, i int) {
	r, table := st.rules[i], st.model.Table
	separator := ""
	equal := func(write func(outer bool)) {
		w.Text(separator)
		separator = " AND "
		if !r.nullsEqual {
			write(false)
			w.Text(" = ")
			write(true)
			return
		}
		w.Text("(")
		write(false)
		w.Text(" = ")
		write(true)
		w.Text(" OR ")
		write(false)
		w.Text(" IS NULL AND ")
		write(true)
		w.Text(" IS NULL)")
	}
	column := func(f *schema.Field) func(outer bool) {
		return func(outer bool) {
			if !outer {
				w.Column(other, f.Column)
				return
			}
			w.Name(table)
			w.Text(".")
			w.Name(f.Column)
		}
	}
	for _, f := range r.fields {
		equal(column(f))
	}
	for k, sql := range r.expressions {
		equal(func(outer bool) {
			if outer {
				w.Text(fmt.Sprintf("quintet_value_%d_%d", i, k))
			} else {
				w.Text("(" + st.sql(sql) + ")")
			}
		})
	}
	if r.where != "" {
		w.Text(" AND (" + st.sql(r.where) + ")")
	}
	if bounds, ok := st.periods[i]; ok {
		w.Text(" AND ")
		w.Column(other, r.date.Column)
		w.Text(" >= ")
		w.Bind(bounds[0])
		w.Text(" AND ")
		w.Column(other, r.date.Column)
		w.Text(" < ")
		w.Bind(bounds[1])
	}
	if !st.own {
		return
	}
	w.Text(" AND NOT (")
	r.nullsEqual, separator = false, ""
	for _, f := range st.model.PrimaryKeys {
		equal(column(f))
	}
	w.Text(")")
}

// row writes a SELECT of the object's values, whose columns have the names and types of the table's.
func (st *statement) row(w *dialect.Writer) {
	w.Text("SELECT ")
	for i, f := range st.columns {
		if i > 0 {
			w.Text(", ")
		}
		w.Name(f.Column)
	}
	if len(st.columns) == 0 {
		w.Text("1 AS quintet_none")
	}
	w.Text(" FROM ")
	w.Name(st.model.Table)
	w.Text(" WHERE 1 = 0 UNION ALL SELECT ")
	for i, v := range st.values {
		if i > 0 {
			w.Text(", ")
		}
		w.Bind(v)
	}
	if len(st.values) == 0 {
		w.Text("1")
	}
}
