package program

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

var errCompare = errors.New("the values cannot be compared")

// order is what values are compared as.
type order uint8

const (
	other order = iota
	truths
	signed
	unsigned
	floats
	texts
)

func orderOf(v reflect.Value) order {
	switch {
	case !v.IsValid():
		return other
	case v.Kind() == reflect.String:
		return texts
	case v.CanInt():
		return signed
	case v.CanUint():
		return unsigned
	case v.CanFloat():
		return floats
	case v.Kind() == reflect.Bool:
		return truths
	}
	return other
}

// concrete takes a value out of its interface.
func concrete(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

// equal reports whether a is one of the others.
func equal(a reflect.Value, others ...reflect.Value) (bool, error) {
	if len(others) == 0 {
		return false, errCompare
	}
	a = concrete(a)
	for _, b := range others {
		same, err := equalTo(a, concrete(b))
		if same || err != nil {
			return same, err
		}
	}
	return false, nil
}

func equalTo(a, b reflect.Value) (bool, error) {
	x, y := orderOf(a), orderOf(b)
	switch {
	case x == signed && y == unsigned:
		return a.Int() >= 0 && uint64(a.Int()) == b.Uint(), nil
	case x == unsigned && y == signed:
		return equalTo(b, a)
	case x != y:
		if a.IsValid() && b.IsValid() {
			return false, errCompare
		}
		return false, nil
	}
	switch x {
	case texts:
		return a.String() == b.String(), nil
	case signed:
		return a.Int() == b.Int(), nil
	case unsigned:
		return a.Uint() == b.Uint(), nil
	case floats:
		return a.Float() == b.Float(), nil
	case truths:
		return a.Bool() == b.Bool(), nil
	}
	switch {
	case a.Kind() != b.Kind() && a.IsValid() && b.IsValid():
		return false, errCompare
	case nothing(a) || nothing(b):
		return nothing(a) == nothing(b), nil
	case a.CanComplex():
		return a.Complex() == b.Complex(), nil
	case !a.Comparable() || !b.Comparable():
		return false, errCompare
	}
	return a.Interface() == b.Interface(), nil
}

// Comparisons returns eq and ne for pages that text/template renders. Its own write a value that they cannot compare into
// their errors, and do not come to an end if it contains itself.
func Comparisons() map[string]any {
	eq := func(a reflect.Value, others ...reflect.Value) (bool, error) {
		if len(others) == 0 {
			return false, errors.New("missing argument for comparison")
		}
		same, err := equal(a, others...)
		if err != nil {
			err = fmt.Errorf("values of the types %s cannot be compared", typeNames(append([]reflect.Value{a}, others...)))
		}
		return same, err
	}
	return map[string]any{"eq": eq, "ne": func(a, b reflect.Value) (bool, error) {
		same, err := eq(a, b)
		return !same, err
	}}
}

func typeNames(values []reflect.Value) string {
	var names []string
	for _, v := range values {
		name := "nil"
		if v = concrete(v); v.IsValid() {
			name = v.Type().String()
		}
		names = append(names, name)
	}
	return strings.Join(names, " and ")
}

func nothing(v reflect.Value) bool {
	return !v.IsValid() || nillable(v.Type()) && v.Kind() != reflect.Struct && v.IsNil()
}

func notEqual(a, b reflect.Value) (bool, error) {
	same, err := equal(a, b)
	return !same, err
}

func less(a, b reflect.Value) (bool, error) {
	a, b = concrete(a), concrete(b)
	x, y := orderOf(a), orderOf(b)
	switch {
	case x == signed && y == unsigned:
		return a.Int() < 0 || uint64(a.Int()) < b.Uint(), nil
	case x == unsigned && y == signed:
		return b.Int() >= 0 && a.Uint() < uint64(b.Int()), nil
	case x != y:
		return false, errCompare
	}
	switch x {
	case texts:
		return a.String() < b.String(), nil
	case signed:
		return a.Int() < b.Int(), nil
	case unsigned:
		return a.Uint() < b.Uint(), nil
	case floats:
		return a.Float() < b.Float(), nil
	}
	return false, errCompare
}

func lessOrEqual(a, b reflect.Value) (bool, error) {
	if before, err := less(a, b); before || err != nil {
		return before, err
	}
	return equal(a, b)
}

func greater(a, b reflect.Value) (bool, error) {
	upTo, err := lessOrEqual(a, b)
	return !upTo && err == nil, err
}

func greaterOrEqual(a, b reflect.Value) (bool, error) {
	before, err := less(a, b)
	return !before && err == nil, err
}
