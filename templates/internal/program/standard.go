package program

import (
	"errors"
	"fmt"
	"reflect"
	texttemplate "text/template"
)

// standard are the functions that text/template has, but for call, and, and or.
var standard = map[string]any{
	"eq": equal, "ne": notEqual, "lt": less, "le": lessOrEqual, "gt": greater, "ge": greaterOrEqual,
	"not": not, "len": length, "index": index, "slice": slice,
	"print": fmt.Sprint, "printf": fmt.Sprintf, "println": fmt.Sprintln,
	"html": texttemplate.HTMLEscaper, "js": texttemplate.JSEscaper, "urlquery": texttemplate.URLQueryEscaper,
}

func not(v reflect.Value) bool { return !truth(v) }

func length(v reflect.Value) (int, error) {
	v, isNil := indirect(v)
	if !isNil {
		switch v.Kind() {
		case reflect.String, reflect.Slice, reflect.Array, reflect.Map, reflect.Chan:
			return v.Len(), nil
		}
	}
	return 0, errors.New("it has no length")
}

// index follows keys: index x 1 "a" is x[1]["a"].
func index(v reflect.Value, keys ...reflect.Value) (reflect.Value, error) {
	if v = concrete(v); !v.IsValid() {
		return v, errors.New("index of nothing")
	}
	for _, key := range keys {
		var isNil bool
		if v, isNil = indirect(v); isNil {
			return v, errors.New("index of nothing")
		}
		key = concrete(key)
		switch v.Kind() {
		case reflect.Slice, reflect.Array, reflect.String:
			i, err := position(key, v.Len()-1)
			if err != nil {
				return v, err
			}
			v = v.Index(i)
		case reflect.Map:
			key, err := keyOf(key, v.Type().Key())
			if err != nil {
				return v, err
			}
			entry := v.MapIndex(key)
			if !entry.IsValid() {
				entry = reflect.Zero(v.Type().Elem())
			}
			v = entry
		default:
			return v, fmt.Errorf("index of %s", v.Type())
		}
	}
	return v, nil
}

// keyOf returns a key of a map of that type. Whole numbers may be of any size.
func keyOf(key reflect.Value, t reflect.Type) (reflect.Value, error) {
	whole := t.Kind() >= reflect.Int && t.Kind() <= reflect.Uintptr
	switch {
	case !key.IsValid() && nillable(t):
		return reflect.Zero(t), nil
	case key.IsValid() && key.Type().AssignableTo(t):
		return key, nil
	case key.IsValid() && whole && (key.CanInt() || key.CanUint()):
		return key.Convert(t), nil
	}
	return key, errors.New("index by a key of another type")
}

// position returns a number from 0 to most.
func position(v reflect.Value, most int) (int, error) {
	switch {
	case v.IsValid() && v.CanInt() && v.Int() >= 0 && v.Int() <= int64(most):
		return int(v.Int()), nil
	case v.IsValid() && v.CanUint() && most >= 0 && v.Uint() <= uint64(most):
		return int(v.Uint()), nil
	}
	return 0, errors.New("no such index")
}

// slice cuts: slice x 1 2 is x[1:2].
func slice(v reflect.Value, bounds ...reflect.Value) (reflect.Value, error) {
	v, isNil := indirect(concrete(v))
	if isNil || len(bounds) > 2 {
		return v, errors.New("slice of nothing, or with a capacity")
	}
	from, to, most := 0, 0, 0
	switch v.Kind() {
	case reflect.String:
		to, most = v.Len(), v.Len()
	case reflect.Slice:
		to, most = v.Len(), v.Cap()
	default:
		return v, errors.New("slice of what is neither text nor a slice")
	}
	for i, bound := range bounds {
		n, err := position(concrete(bound), most)
		if err != nil {
			return v, err
		}
		if i == 0 {
			from = n
		} else {
			to = n
		}
	}
	if from > to {
		return v, errors.New("slice from behind its end")
	}
	return v.Slice(from, to), nil
}
