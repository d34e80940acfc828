package program

import (
	htmltemplate "html/template"
	"reflect"
)

// direct returns a call without reflection for the usual types of functions, or nil.
func direct(fn any, operands []operand) expr {
	switch len(operands) {
	case 1:
		if call := unary(fn); call != nil {
			one, t := operands[0], reflect.TypeOf(fn)
			want := parameter(t, 0)
			return func(f *frame, dot reflect.Value) (reflect.Value, error) {
				v, err := one(f, dot, want)
				if err != nil {
					return v, err
				}
				return call(v)
			}
		}
	case 2:
		if call := binary(fn); call != nil {
			one, two, t := operands[0], operands[1], reflect.TypeOf(fn)
			first, second := parameter(t, 0), parameter(t, 1)
			return func(f *frame, dot reflect.Value) (reflect.Value, error) {
				a, err := one(f, dot, first)
				if err != nil {
					return a, err
				}
				b, err := two(f, dot, second)
				if err != nil {
					return b, err
				}
				return call(a, b)
			}
		}
	}
	if call := variadic(fn); call != nil {
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			args, err := values(operands, f, dot)
			if err != nil {
				return reflect.Value{}, err
			}
			return call(args)
		}
	}
	if call := named(fn); call != nil {
		name, rest := operands[0], operands[1:]
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			v, err := name(f, dot, stringType)
			if err != nil {
				return v, err
			}
			args, err := values(rest, f, dot)
			if err != nil {
				return v, err
			}
			return call(v.String(), args)
		}
	}
	return nil
}

// values are arguments of any type.
func values(operands []operand, f *frame, dot reflect.Value) ([]any, error) {
	args := make([]any, len(operands))
	for i, o := range operands {
		v, err := o(f, dot, anyType)
		if err != nil {
			return nil, err
		}
		args[i] = inside(v)
	}
	return args, nil
}

// named is for functions such as url and printf: a text, and anything.
func named(fn any) func(name string, args []any) (reflect.Value, error) {
	switch fn := fn.(type) {
	case func(string, ...any) string:
		return func(name string, args []any) (reflect.Value, error) { return result(fn(name, args...), nil) }
	case func(string, ...any) (string, error):
		return func(name string, args []any) (reflect.Value, error) { return result(fn(name, args...)) }
	}
	return nil
}

// inside returns what a value holds.
func inside(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

func result[T any](v T, err error) (reflect.Value, error) {
	if err != nil {
		return reflect.Value{}, &CallError{Err: err}
	}
	return reflect.ValueOf(v), nil
}

func unary(fn any) func(a reflect.Value) (reflect.Value, error) {
	switch fn := fn.(type) {
	case func(any) string:
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(inside(a)), nil) }
	case func(any) any:
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(inside(a)), nil) }
	case func(any) bool:
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(inside(a)), nil) }
	case func(any) int:
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(inside(a)), nil) }
	case func(any) htmltemplate.HTML:
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(inside(a)), nil) }
	case func(any) (string, error):
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(inside(a))) }
	case func(any) (any, error):
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(inside(a))) }
	case func(any) (int, error):
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(inside(a))) }
	case func(string) string:
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(a.String()), nil) }
	case func(string) (string, error):
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(a.String())) }
	case func(reflect.Value) bool:
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(unboxed(a)), nil) }
	case func(reflect.Value) (int, error):
		return func(a reflect.Value) (reflect.Value, error) { return result(fn(unboxed(a))) }
	}
	return nil
}

func binary(fn any) func(a, b reflect.Value) (reflect.Value, error) {
	switch fn := fn.(type) {
	case func(any, any) any:
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(inside(a), inside(b)), nil) }
	case func(any, any) bool:
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(inside(a), inside(b)), nil) }
	case func(any, any) string:
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(inside(a), inside(b)), nil) }
	case func(any, any) (any, error):
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(inside(a), inside(b))) }
	case func(any, any) (bool, error):
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(inside(a), inside(b))) }
	case func(int, any) string:
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(int(a.Int()), inside(b)), nil) }
	case func(int, any) (string, error):
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(int(a.Int()), inside(b))) }
	case func(string, any) string:
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(a.String(), inside(b)), nil) }
	case func(string, any) (string, error):
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(a.String(), inside(b))) }
	case func(string, any) (htmltemplate.HTML, error):
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(a.String(), inside(b))) }
	case func(reflect.Value, reflect.Value) (bool, error):
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(unboxed(a), unboxed(b))) }
	case func(reflect.Value, ...reflect.Value) (bool, error):
		return func(a, b reflect.Value) (reflect.Value, error) { return result(fn(unboxed(a), unboxed(b))) }
	case func(reflect.Value, ...reflect.Value) (reflect.Value, error):
		return func(a, b reflect.Value) (reflect.Value, error) { return fn(unboxed(a), unboxed(b)) }
	}
	return nil
}

func variadic(fn any) func(args []any) (reflect.Value, error) {
	switch fn := fn.(type) {
	case func(...any) any:
		return func(args []any) (reflect.Value, error) { return result(fn(args...), nil) }
	case func(...any) string:
		return func(args []any) (reflect.Value, error) { return result(fn(args...), nil) }
	case func(...any) []any:
		return func(args []any) (reflect.Value, error) { return result(fn(args...), nil) }
	case func(...any) (any, error):
		return func(args []any) (reflect.Value, error) { return result(fn(args...)) }
	case func(...any) (string, error):
		return func(args []any) (reflect.Value, error) { return result(fn(args...)) }
	case func(...any) (map[string]any, error):
		return func(args []any) (reflect.Value, error) { return result(fn(args...)) }
	}
	return nil
}
