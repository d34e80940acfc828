package orm

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Values gives single values of each row by path or annotation, without making objects: of a grouped query the groups
// and annotations, otherwise by default every field.
func (q AnyQuery) Values(ctx context.Context, names ...string) ([]map[string]any, error) {
	names = q.valueNames(names)
	rows, err := q.cells(ctx, names)
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

func (q AnyQuery) valueNames(names []string) []string {
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

// cells runs the query for single values, each converted to the Go type of its field.
func (q AnyQuery) cells(ctx context.Context, names []string) ([][]any, error) {
	if q.err != nil {
		return nil, q.err
	}
	selected, err := compile.Values(q.db.Dialect(), q.compiled(), names)
	if err != nil || q.none() {
		return nil, err
	}
	rows, err := q.db.session.Reader(ctx).QueryContext(ctx, selected.SQL, selected.Args...)
	if err != nil {
		return nil, q.failed(err)
	}
	defer rows.Close()
	var all [][]any
	for rows.Next() {
		row, into := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, q.failed(err)
		}
		for i, v := range row {
			if row[i], err = goValue(selected.Fields[i], selected.Kinds[i], v); err != nil {
				return nil, q.failed(err)
			}
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, q.failed(err)
	}
	return all, nil
}

// goValue turns what a driver gave into a value of the field's type, or of the usual type for a kind. NULL is nil.
func goValue(f *Field, kind Kind, v any) (any, error) {
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

// Select reads rows into structs of the caller's: each exported field takes the path or annotation in its tag
// orm:"author__name", or else its own name in snake case. Fields tagged orm:"-" are left alone.
//
//	type row struct {
//		Author string `orm:"author__name"`
//		Posts  int64
//	}
//	rows, err := orm.Select[row](ctx, orm.From(db, q).GroupBy(q.Author().Name).Annotate("posts", q.ID.Count()))
func Select[Row, T any](ctx context.Context, q Query[T]) ([]Row, error) {
	return AnySelect[Row](ctx, q.untyped)
}

// AnySelect is [Select] for an untyped query.
func AnySelect[Row any](ctx context.Context, q AnyQuery) ([]Row, error) {
	fields, names, err := rowFields(reflect.TypeFor[Row]())
	if err != nil {
		return nil, err
	}
	rows, err := q.cells(ctx, names)
	if err != nil {
		return nil, err
	}
	all := make([]Row, len(rows))
	for i, row := range rows {
		target := reflect.ValueOf(&all[i]).Elem()
		for j, v := range row {
			if v == nil {
				continue
			}
			f := target.FieldByIndex(fields[j].Index)
			if rv := reflect.ValueOf(v); rv.Type().AssignableTo(f.Type()) {
				f.Set(rv)
				continue
			}
			converter := schema.Field{Name: names[j], Type: f.Type(), Kind: schema.KindChar}
			converted, err := converter.Convert(v)
			if err != nil {
				return nil, fmt.Errorf("orm: %s.%s: %w", target.Type(), fields[j].Name, err)
			}
			f.Set(reflect.ValueOf(converted))
		}
	}
	return all, nil
}

// rowFields finds what the fields of a row struct stand for.
func rowFields(t reflect.Type) ([]reflect.StructField, []string, error) {
	if t.Kind() != reflect.Struct {
		return nil, nil, fmt.Errorf("orm: Select wants a struct for its rows, not %s", t)
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

// Aggregate computes one value over all rows of a query: orm.Aggregate(ctx, posts, q.Views.Sum()). Over no rows it is the
// zero value.
func Aggregate[T, V any](ctx context.Context, q Query[T], a Agg[V]) (V, error) {
	var result V
	values, err := q.untyped.aggregate(ctx, []compile.Annotation{{Name: "result", Expr: a.expr}})
	if err != nil || values[0] == nil {
		return result, err
	}
	if v, ok := values[0].(V); ok {
		return v, nil
	}
	converter := schema.Field{Name: "result", Type: reflect.TypeFor[V](), Kind: schema.KindFloat}
	converted, err := converter.Convert(values[0])
	if err != nil {
		return result, err
	}
	return converted.(V), nil
}

// Aggregate computes values over all rows, by name. Over no rows counts are 0 and others nil.
func (q AnyQuery) Aggregate(ctx context.Context, aggregates map[string]Aggregation) (map[string]any, error) {
	names := sortedKeys(aggregates)
	notes := make([]compile.Annotation, len(names))
	for i, name := range names {
		notes[i] = compile.Annotation{Name: name, Expr: aggregates[name].expr}
	}
	values, err := q.aggregate(ctx, notes)
	if err != nil {
		return nil, err
	}
	results := make(map[string]any, len(names))
	for i, name := range names {
		results[name] = values[i]
	}
	return results, nil
}

func (q AnyQuery) aggregate(ctx context.Context, notes []compile.Annotation) ([]any, error) {
	if q.query.Limit > 0 || q.query.Offset > 0 || q.query.Distinct || q.query.Groups != nil {
		return nil, fmt.Errorf("orm: %s: Aggregate takes no query with Limit, Offset, Distinct or groups", q.query.Model)
	}
	names, notes := make([]string, len(notes)), slices.Clone(notes)
	for i := range notes { // a name that no path of the query's conditions begins with
		notes[i].Name = fmt.Sprintf("aggregate %d", i)
		names[i] = notes[i].Name
	}
	whole := q.OrderByNames()
	whole.query.None, whole.empty = false, false
	if q.none() {
		whole = whole.FilterQ(QOr())
	}
	whole.query.Groups = []string{}
	whole.query.Annotations = extend(notes, whole.query.Annotations...)
	rows, err := whole.cells(ctx, names)
	if err != nil {
		return nil, err
	}
	return rows[0], nil
}
