package program

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"text/template/parse"
)

// chain compiles base.name.name, of which the last may be a method that gets arguments.
func (c *compiler) chain(base expr, names []string, args []parse.Node, final expr) (expr, error) {
	lookups := make([]*lookup, len(names))
	for i, name := range names {
		lookups[i] = &lookup{name: name, nilField: c.options.Nil}
	}
	if len(args) == 0 && final == nil {
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			v, err := base(f, dot)
			for i := 0; i < len(lookups) && err == nil; i++ {
				v, err = lookups[i].get(v)
			}
			return v, err
		}, nil
	}
	operands, err := c.operands(args, final)
	if err != nil {
		return nil, err
	}
	last := lookups[len(lookups)-1]
	return func(f *frame, dot reflect.Value) (reflect.Value, error) {
		v, err := base(f, dot)
		for i := 0; i < len(lookups)-1 && err == nil; i++ {
			v, err = lookups[i].get(v)
		}
		if err != nil {
			return v, err
		}
		method, err := last.method(v)
		if err != nil {
			return v, err
		}
		return reflected(method, operands, f, dot)
	}, nil
}

// lookup finds a field, a method or an entry of a map by its name. It remembers the way for the type that
// it met last.
type lookup struct {
	name     string
	nilField func(object any, field string) error // Options.Nil
	last     atomic.Pointer[way]
}

// way is how a name is reached from a type.
type way struct {
	t         reflect.Type
	addressed bool  // the value has an address, so that methods of its pointer are there too
	method    int   // -1 if it is none
	field     []int // nil if it is none
	key       reflect.Value
}

// find returns the way from a value that is no pointer but nil.
func (l *lookup) find(v reflect.Value) (*way, error) {
	t, addressed := v.Type(), v.CanAddr()
	if w := l.last.Load(); w != nil && w.t == t && w.addressed == addressed {
		return w, nil
	}
	w := &way{t: t, addressed: addressed, method: -1}
	methods := t
	if addressed && t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface {
		methods = reflect.PointerTo(t)
	}
	if method, ok := methods.MethodByName(l.name); ok {
		w.method = method.Index
		l.last.Store(w)
		return w, nil
	}
	switch t.Kind() {
	case reflect.Struct:
		field, ok := t.FieldByName(l.name)
		if !ok || !field.IsExported() {
			return nil, fmt.Errorf("%s has no field %s", t, l.name)
		}
		w.field = field.Index
	case reflect.Map:
		w.key = reflect.ValueOf(l.name)
		if !w.key.Type().AssignableTo(t.Key()) {
			return nil, fmt.Errorf("%s has no keys that are text", t)
		}
	default:
		return nil, fmt.Errorf("%s has no %s", t, l.name)
	}
	l.last.Store(w)
	return w, nil
}

// nilAny is an entry of a map that is there, and nil.
var nilAny = reflect.Zero(anyType)

// get returns what the name means for v, without arguments.
func (l *lookup) get(v reflect.Value) (reflect.Value, error) {
	if !v.IsValid() {
		return v, nil
	}
	v, isNil := indirect(v)
	if isNil && v.Kind() == reflect.Interface {
		return v, fmt.Errorf("%s of nothing", l.name)
	}
	if v.Type() == dataType {
		data, _ := v.Interface().(map[string]any)
		entry, ok := data[l.name]
		if lazy, waits := entry.(interface{ LazyValue() any }); waits {
			entry = lazy.LazyValue()
		}
		if ok && entry == nil {
			return nilAny, nil
		}
		return reflect.ValueOf(entry), nil
	}
	w, err := l.find(v)
	switch {
	case err != nil:
		return v, err
	case w.method >= 0:
		return reflected(w.bound(v), nil, nil, v)
	case len(w.field) == 1:
		return l.present(v, v.Field(w.field[0]))
	case w.field != nil:
		field, err := v.FieldByIndexErr(w.field)
		if err != nil {
			return v, err
		}
		return l.present(v, field)
	}
	return v.MapIndex(w.key), nil
}

// present returns a field of a struct, after Options.Nil if it is nil.
func (l *lookup) present(object, field reflect.Value) (reflect.Value, error) {
	if l.nilField == nil || field.Kind() != reflect.Pointer && field.Kind() != reflect.Slice || !field.IsNil() {
		return field, nil
	}
	if object.CanAddr() {
		object = object.Addr()
	}
	if err := l.nilField(object.Interface(), l.name); err != nil {
		return field, &CallError{Err: err}
	}
	return field, nil // as it is now, if the field has an address
}

// dataType is the type of a page's data.
var dataType = reflect.TypeFor[map[string]any]()

// method returns the method of v with the name.
func (l *lookup) method(v reflect.Value) (reflect.Value, error) {
	if !v.IsValid() {
		return v, fmt.Errorf("%s of nothing", l.name)
	}
	v, isNil := indirect(v)
	if isNil && v.Kind() == reflect.Interface {
		return v, fmt.Errorf("%s of nothing", l.name)
	}
	w, err := l.find(v)
	if err != nil {
		return v, err
	}
	if w.method < 0 {
		return v, fmt.Errorf("%s is no method", l.name)
	}
	return w.bound(v), nil
}

func (w *way) bound(v reflect.Value) reflect.Value {
	if w.addressed && v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface {
		v = v.Addr()
	}
	return v.Method(w.method)
}
