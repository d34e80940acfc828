package load

import (
	"context"
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/scan"
)

// Annotated is an object with values that were computed for its row.
type Annotated struct {
	Object any   // a pointer to the struct
	Values []any // each with the Go type of its field, or the usual one of its kind; NULL is nil
}

// Annotated returns the objects of all rows, with prefetched relations, and single values of each row by path or annotation.
func (q Query) Annotated(ctx context.Context, names []string) ([]Annotated, error) {
	if err := q.ready(ctx); err != nil {
		return nil, err
	}
	selected, err := compile.SelectWith(q.Session.Dialect(), q.scoped(ctx), names)
	if err != nil || q.Select.None {
		return nil, err
	}
	reader, err := scan.NewReader(ctx, selected.Objects, q.Select.Limit)
	if err != nil {
		return nil, err
	}
	reader.WithExtras(len(names))
	rows, err := q.Session.Reader(ctx).QueryContext(ctx, selected.SQL, selected.Args...)
	if err != nil {
		return nil, q.failed(err)
	}
	var all []Annotated
	var objects []any
	var invalid error
	err = reader.Each(rows, func(p unsafe.Pointer) bool {
		row := Annotated{reflect.NewAt(q.Select.Model.Type, p).Interface(), make([]any, len(names))}
		for i, v := range reader.Extras() {
			if row.Values[i], invalid = scan.Value(selected.Values.Fields[i], selected.Values.Kinds[i], v); invalid != nil {
				return false
			}
		}
		all, objects = append(all, row), append(objects, row.Object)
		return true
	})
	if invalid != nil {
		return nil, invalid
	}
	if err != nil {
		return nil, q.failed(err)
	}
	return all, q.Fill(ctx, objects)
}
