package schema

import "reflect"

// Choice is a permitted value of a field with its user-facing label.
type Choice struct {
	Value any
	Label string
}

// HasChoices reports whether the field's values are limited to a list.
func (f *Field) HasChoices() bool { return len(f.Choices) > 0 }

// ChoiceLabel returns the label of value v, or "" if v is not one of the choices. Pointers are followed.
func (f *Field) ChoiceLabel(v any) string {
	v = Indirect(v)
	for _, c := range f.Choices {
		if sameValue(c.Value, v) {
			return c.Label
		}
	}
	converted, err := f.Convert(v)
	if err != nil {
		return ""
	}
	converted = Indirect(converted)
	for _, c := range f.Choices {
		if sameValue(c.Value, converted) {
			return c.Label
		}
	}
	return ""
}

// Indirect follows pointers; a nil pointer, like nil, becomes nil.
func Indirect(v any) any {
	if v == nil {
		return nil
	}
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return nil
		}
		rv = rv.Elem()
	}
	return rv.Interface()
}

// sameValue reports whether two values of any type are equal. Values of types that cannot be compared are not.
func sameValue(a, b any) bool {
	if t := reflect.TypeOf(a); t == nil || t != reflect.TypeOf(b) || !t.Comparable() {
		return false
	}
	return a == b
}
