package fault

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// BulkError reports the object that a method for several objects could not write.
type BulkError struct {
	Method string // "CreateAll", "CreateMissing", "SaveAll" or "Upsert"
	Index  int    // of the object in the slice, from 0
	Object any    // the object
	Err    error  // what Create or Save returns for it, such as a [*ValidationError] or an [*IntegrityError]
}

// Error returns the object's index, what is wrong, and the values in question, shortened.
func (e *BulkError) Error() string {
	text := fmt.Sprintf("orm: %s: element %d (from 0): %s", e.Method, e.Index, strings.TrimPrefix(e.Err.Error(), "orm: "))
	if values := e.values(); len(values) > 0 {
		text += " (" + strings.Join(values, ", ") + ")"
	}
	return text
}

// Unwrap returns the error of the object.
func (e *BulkError) Unwrap() error { return e.Err }

// values returns the values of the fields that the error is about, without passwords.
func (e *BulkError) values() []string {
	var m *schema.Model
	var names []string
	if invalid, ok := errors.AsType[*ValidationError](e.Err); ok {
		m, names = invalid.Model, slices.Sorted(maps.Keys(invalid.Fields))
	} else if broken, ok := errors.AsType[*IntegrityError](e.Err); ok {
		m, names = broken.Model, broken.Fields
	}
	var values []string
	for _, name := range names {
		f := (*schema.Field)(nil)
		if m != nil {
			f = m.Lookup(name)
		}
		if f == nil || f.Column == "" || strings.Contains(name, "password") || strings.Contains(strings.ToLower(f.Widget), "password") {
			continue
		}
		values = append(values, name+" is "+shorten(schema.Indirect(f.Value(e.Object))))
	}
	return values
}

func shorten(v any) string {
	text := fmt.Sprintf("%v", v)
	switch rv := reflect.ValueOf(v); {
	case rv.Kind() == reflect.String:
		text = fmt.Sprintf("%q", rv.String())
	case rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Uint8: // such as JSON
		text = fmt.Sprintf("%q", rv.Bytes())
	}
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return text
}
