package program

import (
	"reflect"

	"github.com/quintetgo/quintet/templates/internal/render"
)

var stateType = reflect.TypeFor[*render.State]()

// takesState reports whether a function wants the state of the rendering before its arguments.
func takesState(t reflect.Type) bool { return t.NumIn() > 0 && t.In(0) == stateType }

// stateful returns a call without reflection for functions of the usual types that want the state, or nil.
func stateful(fn any, operands []operand) expr {
	switch fn := fn.(type) {
	case func(*render.State) string:
		return func(f *frame, _ reflect.Value) (reflect.Value, error) { return result(fn(f.state), nil) }
	case func(*render.State, string) (string, error):
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			name, err := operands[0](f, dot, stringType)
			if err != nil {
				return name, err
			}
			return result(fn(f.state, name.String()))
		}
	case func(*render.State, ...any) (string, error):
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			args, err := values(operands, f, dot)
			if err != nil {
				return reflect.Value{}, err
			}
			return result(fn(f.state, args...))
		}
	case func(*render.State, ...any) (any, error):
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			args, err := values(operands, f, dot)
			if err != nil {
				return reflect.Value{}, err
			}
			return result(fn(f.state, args...))
		}
	case func(*render.State, any) (any, error):
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			v, err := operands[0](f, dot, anyType)
			if err != nil {
				return v, err
			}
			return result(fn(f.state, inside(v)))
		}
	case func(*render.State, string, any) (string, error):
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			name, err := operands[0](f, dot, stringType)
			if err != nil {
				return name, err
			}
			v, err := operands[1](f, dot, anyType)
			if err != nil {
				return v, err
			}
			return result(fn(f.state, name.String(), inside(v)))
		}
	case func(*render.State, string, ...any) (any, error):
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			name, err := operands[0](f, dot, stringType)
			if err != nil {
				return name, err
			}
			args, err := values(operands[1:], f, dot)
			if err != nil {
				return name, err
			}
			return result(fn(f.state, name.String(), args...))
		}
	}
	return nil
}

// Bind returns functions as html/template and text/template can call them: those that want the state get the
// one that current returns when they are called.
func Bind(funcs map[string]any, current func() *render.State) map[string]any {
	bound := make(map[string]any, len(funcs))
	for name, fn := range funcs {
		v := reflect.ValueOf(fn)
		if v.Kind() != reflect.Func || !takesState(v.Type()) {
			bound[name] = fn
			continue
		}
		t := v.Type()
		in, out := make([]reflect.Type, 0, t.NumIn()), make([]reflect.Type, 0, t.NumOut())
		for i := 1; i < t.NumIn(); i++ {
			in = append(in, t.In(i))
		}
		for i := range t.NumOut() {
			out = append(out, t.Out(i))
		}
		bound[name] = reflect.MakeFunc(reflect.FuncOf(in, out, t.IsVariadic()), func(args []reflect.Value) []reflect.Value {
			args = append([]reflect.Value{reflect.ValueOf(current())}, args...)
			if t.IsVariadic() {
				return v.CallSlice(args)
			}
			return v.Call(args)
		}).Interface()
	}
	return bound
}
