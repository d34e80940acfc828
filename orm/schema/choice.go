package schema

import (
	"context"
	"fmt"
	"reflect"
	"slices"
)

// Choice is a permitted value of a field with its user-facing label.
type Choice struct {
	Value any
	Label string
	// Group is the label under which forms show the choice together with the ones beside it that have the same. The
	// default is none.
	Group string
}

// HasChoices reports whether the field's values are limited to a list.
func (f *Field) HasChoices() bool { return len(f.Choices) > 0 || f.LoadChoices != nil }

// ChoicesFor returns the permitted values: Choices, or what LoadChoices returns, converted to the field's type.
func (f *Field) ChoicesFor(ctx context.Context) ([]Choice, error) {
	if f.LoadChoices == nil {
		return f.Choices, nil
	}
	list, err := f.LoadChoices(ctx)
	if err != nil {
		return nil, fmt.Errorf("orm: %s: load the choices: %w", f, err)
	}
	list = slices.Clone(list)
	for i, c := range list {
		value, err := f.Convert(c.Value)
		if err != nil {
			return nil, fmt.Errorf("orm: %s: the choice %q does not fit the field: %w", f, c.Label, err)
		}
		list[i].Value = Indirect(value)
	}
	return list, nil
}

// Allows reports whether v is one of some choices, as [Field.ChoicesFor] returns them. Pointers are followed.
func Allows(choices []Choice, v any) bool {
	v = Indirect(v)
	return slices.ContainsFunc(choices, func(c Choice) bool { return sameValue(c.Value, v) })
}

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
