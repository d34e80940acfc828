package program

import (
	"errors"
	"fmt"
	"reflect"
	"text/template/parse"
)

// operands compiles arguments, with what comes from the command before as the last one.
func (c *compiler) operands(args []parse.Node, final expr) (list []operand, err error) {
	for _, arg := range args {
		o, err := c.operand(arg)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	if final != nil {
		o, _ := typed(final, nil)
		list = append(list, o)
	}
	return list, nil
}

// function compiles a call of a function by its name.
func (c *compiler) function(node parse.Node, name string, args []parse.Node, final expr) (expr, error) {
	operands, err := c.operands(args, final)
	if err != nil {
		return nil, err
	}
	if fn, own := c.options.Funcs[name]; own {
		return located(node)(call(name, fn, operands))
	}
	switch fn := standard[name]; {
	case name == "and", name == "or":
		return shortcut(operands, name == "or")
	case fn == nil || name == "slice" && len(operands) > 3:
		return nil, fmt.Errorf("function %q is not known", name)
	default:
		return located(nil)(call(name, fn, operands))
	}
}

// located adds the call to errors of it; nil means functions of text/template.
func located(node parse.Node) func(expr, error) (expr, error) {
	return func(value expr, err error) (expr, error) {
		if err != nil {
			return nil, err
		}
		return func(f *frame, dot reflect.Value) (reflect.Value, error) {
			v, err := value(f, dot)
			if called, ok := err.(*CallError); ok && called.Node == nil && !called.text {
				err = &CallError{Err: called.Err, Node: node, text: node == nil}
			}
			return v, err
		}, nil
	}
}

// call compiles a call of a function.
func call(name string, fn any, operands []operand) (expr, error) {
	value := reflect.ValueOf(fn)
	if err := callable(value.Type(), len(operands)); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if stateful := stateful(fn, operands); stateful != nil {
		return stateful, nil
	}
	if direct := direct(fn, operands); direct != nil {
		return direct, nil
	}
	return func(f *frame, dot reflect.Value) (reflect.Value, error) { return reflected(value, operands, f, dot) }, nil
}

// shortcut is and, and or: the first value that decides, or the last.
func shortcut(operands []operand, or bool) (expr, error) {
	if len(operands) == 0 {
		return nil, errors.New("and, or: no arguments")
	}
	return func(f *frame, dot reflect.Value) (v reflect.Value, err error) {
		for _, o := range operands {
			if v, err = o(f, dot, valueType); err != nil {
				return v, err
			}
			v = unboxed(v)
			if truth(v) == or {
				break
			}
		}
		return v, nil
	}, nil
}

var errorType = reflect.TypeFor[error]()

// callable reports whether a function can be called with n arguments, and returns one value, or one and an
// error.
func callable(t reflect.Type, n int) error {
	fixed := t.NumIn()
	if takesState(t) {
		n++
	}
	switch {
	case t.IsVariadic() && n < fixed-1, !t.IsVariadic() && n != fixed:
		return fmt.Errorf("%d arguments for %s", n, t)
	case t.NumOut() == 1, t.NumOut() == 2 && t.Out(1) == errorType:
		return nil
	}
	return fmt.Errorf("%s returns neither one value nor a value and an error", t)
}

// parameter returns the type of a function's argument.
func parameter(t reflect.Type, i int) reflect.Type {
	if last := t.NumIn() - 1; t.IsVariadic() && i >= last {
		return t.In(last).Elem()
	}
	return t.In(i)
}

// reflected calls a function by reflection.
func reflected(fn reflect.Value, operands []operand, f *frame, dot reflect.Value) (reflect.Value, error) {
	t := fn.Type()
	if err := callable(t, len(operands)); err != nil {
		return reflect.Value{}, err
	}
	args := make([]reflect.Value, 0, len(operands)+1)
	if takesState(t) {
		args = append(args, reflect.ValueOf(f.state))
	}
	for _, o := range operands {
		v, err := o(f, dot, parameter(t, len(args)))
		if err != nil {
			return v, err
		}
		args = append(args, v)
	}
	out := fn.Call(args)
	if len(out) == 2 && !out[1].IsNil() {
		err, _ := out[1].Interface().(error)
		return reflect.Value{}, &CallError{Err: err}
	}
	return unboxed(out[0]), nil
}

// unboxed returns the value that a value of type reflect.Value is.
func unboxed(v reflect.Value) reflect.Value {
	if v.IsValid() && v.Type() == valueType {
		inner, _ := v.Interface().(reflect.Value)
		return inner
	}
	return v
}
