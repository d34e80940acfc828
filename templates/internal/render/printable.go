package render

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
)

const (
	maxNesting  = 100       // levels of maps and lists inside each other that are written
	maxElements = 1_000_000 // values in all
)

// ErrCircle is the error of a value that cannot be written because it contains itself, or is nested so deep
// that it may.
var ErrCircle = errors.New("the value contains itself, or is nested more than 100 levels deep")

// errTooMany is the error of values that branch so often that writing them would not end in time.
var errTooMany = errors.New("the value has more than a million elements inside of others")

// Printable reports why package fmt could not write a value: it follows maps, lists and structs inside each
// other without looking for circles, until the stack ends and with it the process.
func Printable(v any) error {
	if v == nil || flat(reflect.TypeOf(v)) {
		return nil
	}
	r := reflect.ValueOf(v)
	for steps := 0; r.Kind() == reflect.Pointer || r.Kind() == reflect.Interface; steps++ {
		if r.IsNil() {
			return nil
		}
		if steps > maxNesting {
			return ErrCircle
		}
		r = r.Elem()
	}
	left := maxElements
	return printable(r, 0, &left)
}

func printable(v reflect.Value, depth int, left *int) error {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() || flat(v.Type()) || writesItself(v) {
		return nil
	}
	if depth > maxNesting {
		return ErrCircle
	}
	if *left--; *left < 0 {
		return errTooMany
	}
	switch v.Kind() {
	case reflect.Map:
		for iter := v.MapRange(); iter.Next(); {
			if err := printable(iter.Key(), depth+1, left); err != nil {
				return err
			}
			if err := printable(iter.Value(), depth+1, left); err != nil {
				return err
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if err := printable(v.Index(i), depth+1, left); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := printable(v.Field(i), depth+1, left); err != nil {
				return err
			}
		}
	}
	return nil // package fmt writes pointers inside of others as addresses
}

// writesItself reports whether package fmt calls a method of the value instead of looking into it.
func writesItself(v reflect.Value) bool {
	if !v.CanInterface() {
		return false
	}
	switch v.Interface().(type) {
	case fmt.Formatter, fmt.Stringer, error:
		return true
	}
	return false
}

var flatTypes sync.Map // of bool by reflect.Type

// flat reports whether values of the type hold nothing that may lead back to them.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Map, reflect.Slice, reflect.Array, reflect.Struct, reflect.Pointer, reflect.Interface:
	default:
		return true
	}
	if known, ok := flatTypes.Load(t); ok {
		return known.(bool)
	}
	is := flatInside(t, 0)
	flatTypes.Store(t, is)
	return is
}

func flatInside(t reflect.Type, depth int) bool {
	if depth > 10 {
		return false // may be recursive
	}
	switch t.Kind() {
	case reflect.Interface:
		return false
	case reflect.Map:
		return flatInside(t.Key(), depth+1) && flatInside(t.Elem(), depth+1)
	case reflect.Slice, reflect.Array, reflect.Pointer:
		return flatInside(t.Elem(), depth+1)
	case reflect.Struct:
		for i := range t.NumField() {
			if !flatInside(t.Field(i).Type, depth+1) {
				return false
			}
		}
	}
	return true
}
