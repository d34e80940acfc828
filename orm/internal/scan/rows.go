package scan

import (
	"database/sql"
	"time"
	"unsafe"

	"github.com/quintetgo/quintet/orm/schema"
)

// Each reads rows and closes them. It calls fn with a pointer to the struct of each row until fn returns false.
func (r *Reader) Each(rows *sql.Rows, fn func(object unsafe.Pointer) bool) error {
	defer rows.Close()
	for rows.Next() {
		object, err := r.Read(rows)
		if err != nil {
			return err
		}
		if !fn(object) {
			return nil
		}
	}
	return rows.Err()
}

// Values reads rows of single values and closes them. Each value has the Go type of its field, or the usual one of its kind if the
// field is nil; NULL is nil.
func Values(rows *sql.Rows, fields []*schema.Field, kinds []schema.Kind) ([][]any, error) {
	defer rows.Close()
	var all [][]any
	into := make([]any, len(fields))
	for rows.Next() {
		row := make([]any, len(fields))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range row {
			var err error
			if row[i], err = goValue(fields[i], kinds[i], v); err != nil {
				return nil, err
			}
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// Value converts a driver's value to the type of its field, or to the usual one of its kind if the field is nil. NULL is nil.
func Value(f *schema.Field, kind schema.Kind, v any) (any, error) { return goValue(f, kind, v) }

// First reads the first row, if there is one, into the pointers of into, and closes rows.
func First(rows *sql.Rows, into ...any) error {
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// goValue converts a driver's value to the field's type, or to the usual type of a kind. NULL is nil.
func goValue(f *schema.Field, kind schema.Kind, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	if f == nil {
		f = &schema.Field{Name: "result", Kind: kind}
	}
	if f.Type == nil && (kind == schema.KindUnknown || kind == schema.KindJSON || kind.IsRelation()) {
		switch x := v.(type) {
		case []byte:
			return string(x), nil
		case time.Time:
			return x.UTC(), nil
		}
		return v, nil
	}
	converted, err := f.Decode(v)
	return schema.Indirect(converted), err // values that may be NULL are nil or themselves here
}
