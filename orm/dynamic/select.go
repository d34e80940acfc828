package dynamic

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/internal/partial"
	"github.com/quintetgo/quintet/orm/schema"
)

// Select reads each row into a struct. An exported field of Row receives the path or annotation in its tag
// orm:"author__name", or the one called like the field in snake case. Fields tagged orm:"-" are left as they are. An
// embedded struct of the query's model, or a pointer to one, receives the object of the row, with its selected and prefetched
// relations.
func Select[Row any](ctx context.Context, q Subquery) ([]Row, error) {
	compiled := q.Compiled()
	shape, err := shapeOf(reflect.TypeFor[Row](), compiled.Select.Model)
	if err != nil {
		return nil, err
	}
	rows, err := shape.read(ctx, compiled)
	if err != nil {
		return nil, err
	}
	all := make([]Row, len(rows))
	for i, row := range rows {
		if err := shape.set(reflect.ValueOf(&all[i]).Elem(), row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// SelectPage is [Select] for page n, from 1, of pages with size rows, as [Paginate] divides them. Groups whose order leaves them
// equal are ordered by what they are grouped by.
func SelectPage[Row any](ctx context.Context, q Query, n, size int) (*Page[Row], error) {
	return SelectPageWith[Row](ctx, q, n, PageOptions{Size: size})
}

// SelectPageWith is [SelectPage] with options.
func SelectPageWith[Row any](ctx context.Context, q Query, n int, options PageOptions) (*Page[Row], error) {
	if q.query.Distinct {
		return nil, fmt.Errorf("orm: %s: SelectPage cannot count distinct values; group by them instead", q.query.Model)
	}
	page, rows, err := q.Page(ctx, n, options)
	if err != nil {
		return nil, err
	}
	items, err := Select[Row](ctx, rows)
	return &Page[Row]{Items: items, Number: page.Number, Size: page.Size, Total: page.Total, Pages: page.Pages}, err
}

// shape is which fields of a row struct receive what.
type shape struct {
	fields []reflect.StructField
	names  []string // the path or annotation of each field
	object []int    // index of the embedded object; nil for none
}

// shapeOf returns the shape of a row struct for a query on a model.
func shapeOf(t reflect.Type, m *schema.Model) (*shape, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("orm: Select reads rows into a struct, not into %s", t)
	}
	s := &shape{}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous && len(f.Index) == 1 && m.Type != nil && f.IsExported() &&
			(f.Type == m.Type || f.Type == reflect.PointerTo(m.Type)) {
			s.object = f.Index
			continue
		}
		name := f.Tag.Get("orm")
		promoted := s.object != nil && len(f.Index) > 1 && slices.Equal(f.Index[:1], s.object)
		if promoted || !f.IsExported() || f.Anonymous || name == "-" {
			continue
		}
		if name = strings.TrimSpace(name); name == "" {
			name = schema.SnakeName(f.Name)
		}
		s.fields, s.names = append(s.fields, f), append(s.names, name)
	}
	if len(s.fields) == 0 && s.object == nil {
		return nil, fmt.Errorf("orm: %s has no exported fields to read values into", t)
	}
	return s, nil
}

// read returns the values of all rows of a query, and their objects if the shape has one.
func (s *shape) read(ctx context.Context, q load.Query) ([]load.Annotated, error) {
	if s.object != nil {
		if q.Select.Err == nil && q.Select.Groups != nil {
			return nil, fmt.Errorf(
				"orm: %s: groups are not objects; leave the embedded %s out of the row",
				q.Select.Model,
				q.Select.Model.Name,
			)
		}
		return q.Annotated(ctx, s.names)
	}
	rows, err := q.Values(ctx, s.names)
	all := make([]load.Annotated, len(rows))
	for i, values := range rows {
		all[i].Values = values
	}
	return all, err
}

// set stores a row in the fields of a struct, converted to their types. NULL leaves the zero value.
func (s *shape) set(target reflect.Value, row load.Annotated) error {
	if s.object != nil {
		f := target.FieldByIndex(s.object)
		if f.Kind() == reflect.Pointer {
			f.Set(reflect.ValueOf(row.Object))
		} else {
			f.Set(reflect.ValueOf(row.Object).Elem())
			partial.Copy([]any{f.Addr().Interface()}, []any{row.Object})
		}
	}
	for i, v := range row.Values {
		if v == nil {
			continue
		}
		f := target.FieldByIndex(s.fields[i].Index)
		if rv := reflect.ValueOf(v); rv.Type().AssignableTo(f.Type()) {
			f.Set(rv)
			continue
		}
		converter := schema.Field{Name: s.names[i], Type: f.Type(), Kind: schema.KindChar}
		converted, err := converter.Convert(v)
		if err != nil {
			return fmt.Errorf("orm: %s.%s: %w", target.Type(), s.fields[i].Name, err)
		}
		f.Set(reflect.ValueOf(converted))
	}
	return nil
}
