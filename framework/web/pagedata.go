package web

import (
	"fmt"
	"maps"
	"reflect"
	"sync"
)

// pageField is an exported field of a struct with page data.
type pageField struct {
	name  string
	index []int
}

// pageFields caches the fields of page data by type: map[reflect.Type][]pageField.
var pageFields sync.Map

// pageValues returns the data of a page by name, in a map that the caller may change.
func pageValues(data any) (map[string]any, error) {
	switch data := data.(type) {
	case nil:
		return map[string]any{}, nil
	case Data:
		return withRoom(data), nil
	case map[string]any:
		return withRoom(data), nil
	}
	v := reflect.ValueOf(data)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return nil, fmt.Errorf("the data is a %T; pass a struct or a web.Data", data)
	}
	fields := fieldsOf(v.Type())
	values := make(map[string]any, len(fields)+8)
	for _, f := range fields {
		field, err := v.FieldByIndexErr(f.index)
		if err != nil {
			continue // below an embedded pointer that is nil
		}
		values[f.name] = field.Interface()
	}
	return values, nil
}

// withRoom copies page data into a map with room for the values that every page has.
func withRoom(data map[string]any) map[string]any {
	values := make(map[string]any, len(data)+8)
	maps.Copy(values, data)
	return values
}

// fieldsOf returns the exported fields of a struct type, promoted ones included.
func fieldsOf(t reflect.Type) []pageField {
	if fields, ok := pageFields.Load(t); ok {
		return fields.([]pageField)
	}
	var list []pageField
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() {
			list = append(list, pageField{f.Name, f.Index})
		}
	}
	fields, _ := pageFields.LoadOrStore(t, list)
	return fields.([]pageField)
}
