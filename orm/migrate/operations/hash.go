package operations

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
)

// Hash returns a short fingerprint of what a migration does. It changes with the operations, and not with comments,
// formatting, the code of functions, or options that a later version of this package adds.
func (m Migration) Hash() string {
	h := sha256.New()
	for _, op := range m.Operations {
		canonical(h, reflect.ValueOf(op))
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// canonical writes a value's type and its non-zero parts.
func canonical(w io.Writer, v reflect.Value) {
	for v.IsValid() && (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) {
		v = v.Elem()
	}
	if !v.IsValid() {
		return
	}
	if f, ok := v.Interface().(Field); ok {
		canonicalField(w, f)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		fmt.Fprintf(w, "%s{", v.Type().Name())
		if s, ok := v.Interface().(fmt.Stringer); ok && v.NumField() > 0 && !v.Type().Field(0).IsExported() {
			io.WriteString(w, s.String()) // such as time.Time
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
				fmt.Fprintf(w, "%s:", f.Name)
				canonical(w, v.Field(i))
				io.WriteString(w, ";")
			}
		}
		io.WriteString(w, "}")
	case reflect.Slice, reflect.Array:
		io.WriteString(w, "[")
		for i := range v.Len() {
			canonical(w, v.Index(i))
			io.WriteString(w, ",")
		}
		io.WriteString(w, "]")
	case reflect.Map:
		values := mapValues(v)
		for _, k := range slices.Sorted(maps.Keys(values)) {
			fmt.Fprintf(w, "%s=", k)
			canonical(w, values[k])
		}
	case reflect.Func:
		io.WriteString(w, "func")
	default:
		fmt.Fprintf(w, "%#v", v.Interface())
	}
}

// canonicalField writes a field with its constructor as the kind.
func canonicalField(w io.Writer, f Field) {
	kind := f.Constructor()
	f.Options.Auto = false // the constructor implies it
	io.WriteString(w, "Field{")
	if f.Name != "" {
		fmt.Fprintf(w, "Name:%#v;", f.Name)
	}
	fmt.Fprintf(w, "Kind:%#v;", kind)
	if f.Options != (Options{}) {
		io.WriteString(w, "Options:")
		canonical(w, reflect.ValueOf(f.Options))
		io.WriteString(w, ";")
	}
	io.WriteString(w, "}")
}

func mapValues(v reflect.Value) map[string]reflect.Value {
	values := make(map[string]reflect.Value, v.Len())
	for it := v.MapRange(); it.Next(); {
		values[fmt.Sprint(it.Key().Interface())] = it.Value()
	}
	return values
}
