package dynamic

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Values returns single values of each row by path or annotation, without creating objects. Without names it returns every
// field and annotation; of a grouped query, the values that it is grouped by and the annotations.
func (q Query) Values(ctx context.Context, names ...string) ([]map[string]any, error) {
	names = q.valueNames(names)
	rows, err := q.Compiled().Values(ctx, names)
	if err != nil {
		return nil, err
	}
	all := make([]map[string]any, len(rows))
	for i, row := range rows {
		all[i] = make(map[string]any, len(names))
		for j, name := range names {
			all[i][name] = row[j]
		}
	}
	return all, nil
}

func (q Query) valueNames(names []string) []string {
	if len(names) > 0 || q.query.Model == nil {
		return names
	}
	if q.query.Groups != nil {
		names = extend(names, q.query.Groups...)
	} else {
		for _, f := range q.query.Model.Fields {
			names = append(names, f.Attr)
		}
	}
	for _, a := range q.query.Annotations {
		names = append(names, a.Name)
	}
	return names
}

// Select reads each row into a struct. An exported field of Row receives the path or annotation in its tag
// orm:"author__name", or the one called like the field in snake case. Fields tagged orm:"-" are left as they are.
func Select[Row any](ctx context.Context, q Subquery) ([]Row, error) {
	fields, names, err := rowFields(reflect.TypeFor[Row]())
	if err != nil {
		return nil, err
	}
	rows, err := q.Compiled().Values(ctx, names)
	if err != nil {
		return nil, err
	}
	all := make([]Row, len(rows))
	for i, row := range rows {
		if err := setRow(reflect.ValueOf(&all[i]).Elem(), fields, names, row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// setRow sets fields of a row struct to values, converted to their types. NULL leaves the zero value.
func setRow(target reflect.Value, fields []reflect.StructField, names []string, values []any) error {
	for i, v := range values {
		if v == nil {
			continue
		}
		f := target.FieldByIndex(fields[i].Index)
		if rv := reflect.ValueOf(v); rv.Type().AssignableTo(f.Type()) {
			f.Set(rv)
			continue
		}
		converter := schema.Field{Name: names[i], Type: f.Type(), Kind: schema.KindChar}
		converted, err := converter.Convert(v)
		if err != nil {
			return fmt.Errorf("orm: %s.%s: %w", target.Type(), fields[i].Name, err)
		}
		f.Set(reflect.ValueOf(converted))
	}
	return nil
}

// rowFields returns the fields of a row struct, and the path or annotation of each.
func rowFields(t reflect.Type) ([]reflect.StructField, []string, error) {
	if t.Kind() != reflect.Struct {
		return nil, nil, fmt.Errorf("orm: Select reads rows into a struct, not into %s", t)
	}
	var fields []reflect.StructField
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("orm")
		if !f.IsExported() || f.Anonymous || name == "-" {
			continue
		}
		if name = strings.TrimSpace(name); name == "" {
			name = schema.SnakeName(f.Name)
		}
		fields, names = append(fields, f), append(names, name)
	}
	if len(fields) == 0 {
		return nil, nil, fmt.Errorf("orm: %s has no exported fields to read values into", t)
	}
	return fields, names, nil
}

// Aggregate returns values computed over all rows, by name. Over no rows counts are 0 and other values nil. A query with
// Limit, Offset, Distinct or groups is an error.
func (q Query) Aggregate(ctx context.Context, aggregates map[string]Annotation) (map[string]any, error) {
	if q.query.Limit > 0 || q.query.Offset > 0 || q.query.Distinct || q.query.Groups != nil {
		return nil, fmt.Errorf("orm: %s: Aggregate takes no query with Limit, Offset, Distinct or groups", q.query.Model)
	}
	names := slices.Sorted(maps.Keys(aggregates))
	annotations, internal := make([]compile.Annotation, len(names)), make([]string, len(names))
	for i, name := range names { // with names that no path in the query's conditions can begin with
		internal[i] = fmt.Sprintf("aggregate %d", i)
		annotations[i] = compile.Annotation{Name: internal[i], Expr: aggregates[name].Compiled()}
	}
	all := q.OrderBy()
	all.query.None, all.empty = false, false
	if q.none() {
		all = all.Filter(Or())
	}
	all.query.Groups = []string{}
	all.query.Annotations = append(annotations, all.query.Annotations...)
	rows, err := all.Compiled().Values(ctx, internal)
	if err != nil {
		return nil, err
	}
	results := make(map[string]any, len(names))
	for i, name := range names {
		results[name] = rows[0][i]
	}
	return results, nil
}
