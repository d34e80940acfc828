package rows

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// Each returns the rows of a model as structs of type T, which the migration declares for itself with the fields that it
// needs: struct{ ID int64; Title, Slug string }. The fields are checked against the model as it is at this point of the
// migrations. filter is as for [History.Rows].
func Each[T any](ctx context.Context, h *History, model string, filter ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		m, columns, _, err := h.columns(model)
		if err != nil {
			yield(zero, err)
			return
		}
		fields, err := structFields(m, columns, reflect.TypeFor[T]())
		if err != nil {
			yield(zero, err)
			return
		}
		for row, err := range h.Rows(ctx, model, filter...) {
			if err != nil {
				yield(zero, err)
				return
			}
			var item T
			v := reflect.ValueOf(&item).Elem()
			for i, c := range fields {
				if err := assign(v.Field(i), row[c.attr]); err != nil {
					yield(zero, fmt.Errorf("%s.%s: %w", m, c.attr, err))
					return
				}
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}

// structFields returns the columns of a model by the index of the struct's exported field.
func structFields(m *operations.Model, columns []column, t reflect.Type) (map[int]column, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("rows of %s are read into a struct, not into %s", m, t)
	}
	fields := map[int]column{}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			c, err := findColumn(m, columns, schema.SnakeName(f.Name))
			if err != nil {
				return nil, fmt.Errorf("struct field %s: %w", f.Name, err)
			}
			fields[i] = c
		}
	}
	return fields, nil
}

// rowOf returns the values of a Row or of a struct by attribute.
func rowOf(m *operations.Model, columns []column, row any) (Row, error) {
	if r, ok := row.(Row); ok {
		values := make(Row, len(r))
		for name, v := range r {
			c, err := findColumn(m, columns, name)
			if err != nil {
				return nil, err
			}
			values[c.attr] = v
		}
		return values, nil
	}
	v := reflect.ValueOf(row)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return nil, fmt.Errorf("a row of %s is a Row or a pointer to a struct, not %T", m, row)
	}
	fields, err := structFields(m, columns, v.Type())
	if err != nil {
		return nil, err
	}
	values := Row{}
	for i, c := range fields {
		values[c.attr] = v.Field(i).Interface()
	}
	return values, nil
}

// assign stores a value of a Row in a struct field of a matching type.
func assign(to reflect.Value, value any) error {
	if to.Kind() == reflect.Pointer {
		if value == nil {
			to.SetZero()
			return nil
		}
		p := reflect.New(to.Type().Elem())
		if err := assign(p.Elem(), value); err != nil {
			return err
		}
		to.Set(p)
		return nil
	}
	if value == nil {
		if to.Kind() == reflect.Interface || to.Kind() == reflect.Slice {
			to.SetZero()
			return nil
		}
		return fmt.Errorf("the row holds NULL, which %s cannot hold; use *%s", to.Type(), to.Type())
	}
	from := reflect.ValueOf(value)
	if from.Type().AssignableTo(to.Type()) {
		to.Set(from)
		return nil
	}
	number := func(k reflect.Kind) bool {
		return k >= reflect.Int && k <= reflect.Float64 && k != reflect.Uintptr
	}
	_, isTime := value.(time.Time)
	switch {
	case isTime:
	case number(from.Kind()) && number(to.Kind()):
		converted := from.Convert(to.Type())
		if converted.Convert(from.Type()).Interface() != from.Interface() {
			return fmt.Errorf("%v does not fit into %s", value, to.Type())
		}
		to.Set(converted)
		return nil
	case from.Kind() == to.Kind() && from.CanConvert(to.Type()),
		from.Kind() == reflect.String && to.Type() == reflect.TypeFor[[]byte]():
		to.Set(from.Convert(to.Type()))
		return nil
	}
	return fmt.Errorf("a %T does not fit into %s", value, to.Type())
}
