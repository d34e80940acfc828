package program

import (
	"errors"
	"fmt"
	"reflect"
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/render"
)

// operand is a value where a function wants one of type t; nil means any type.
type operand func(f *frame, dot reflect.Value, t reflect.Type) (reflect.Value, error)

var (
	anyType   = reflect.TypeFor[any]()
	valueType = reflect.TypeFor[reflect.Value]()
)

// operand compiles an argument.
func (c *compiler) operand(node parse.Node) (operand, error) {
	switch n := node.(type) {
	case *parse.NilNode:
		return func(_ *frame, _ reflect.Value, t reflect.Type) (reflect.Value, error) {
			if t == nil || !nillable(t) {
				return reflect.Value{}, errors.New("nil is no value of the type")
			}
			return reflect.Zero(t), nil
		}, nil
	case *parse.BoolNode, *parse.StringNode, *parse.NumberNode:
		return c.constant(node)
	case *parse.DotNode:
		return func(_ *frame, dot reflect.Value, t reflect.Type) (reflect.Value, error) { return fit(dot, t) }, nil
	case *parse.PipeNode:
		return typed(c.pipe(n))
	case *parse.IdentifierNode:
		return typed(c.function(n, n.Ident, nil, nil))
	case *parse.FieldNode, *parse.VariableNode, *parse.ChainNode:
		return typed(c.command(node, []parse.Node{node}, nil))
	}
	return nil, fmt.Errorf("unknown argument %T", node)
}

func typed(value expr, err error) (operand, error) {
	return func(f *frame, dot reflect.Value, t reflect.Type) (reflect.Value, error) {
		v, err := value(f, dot)
		if err != nil {
			return v, err
		}
		return fit(v, t)
	}, err
}

func untyped(o operand) expr {
	return func(f *frame, dot reflect.Value) (reflect.Value, error) { return o(f, dot, nil) }
}

// constant compiles a constant argument, which becomes of the type that is wanted.
func (c *compiler) constant(node parse.Node) (operand, error) {
	own, ownErr := ideal(node)
	var boxed reflect.Value
	if ownErr == nil {
		boxed = reflect.ValueOf(own)
	}
	return func(_ *frame, _ reflect.Value, t reflect.Type) (reflect.Value, error) {
		switch {
		case t == nil:
			return own, ownErr
		case t == valueType:
			return boxed, ownErr
		case t.Kind() == reflect.Interface:
			if t.NumMethod() > 0 {
				return own, errors.New("a constant has no methods")
			}
			return own, ownErr
		}
		return convert(node, t)
	}, nil
}

// convert makes a constant of a type.
func convert(node parse.Node, t reflect.Type) (reflect.Value, error) {
	v := reflect.New(t).Elem()
	switch n := node.(type) {
	case *parse.BoolNode:
		if t.Kind() == reflect.Bool {
			v.SetBool(n.True)
			return v, nil
		}
	case *parse.StringNode:
		if t.Kind() == reflect.String {
			v.SetString(n.Text)
			return v, nil
		}
	case *parse.NumberNode:
		switch {
		case n.IsInt && v.CanInt():
			v.SetInt(n.Int64)
			return v, nil
		case n.IsUint && v.CanUint():
			v.SetUint(n.Uint64)
			return v, nil
		case n.IsFloat && v.CanFloat():
			v.SetFloat(n.Float64)
			return v, nil
		}
	}
	return v, fmt.Errorf("%s is no %s", node, t)
}

// fit returns a value as one of the type.
func fit(v reflect.Value, t reflect.Type) (reflect.Value, error) {
	switch {
	case t == nil:
		return v, nil
	case !v.IsValid():
		if nillable(t) {
			return reflect.Zero(t), nil
		}
		return v, fmt.Errorf("nothing where %s is wanted", t)
	case v.Type() == t:
		return v, nil
	case t == valueType:
		return reflect.ValueOf(v), nil
	case v.Type().AssignableTo(t):
		return v, nil
	}
	if v.Kind() == reflect.Interface && !v.IsNil() {
		if v = v.Elem(); v.Type().AssignableTo(t) {
			return v, nil
		}
	}
	switch {
	case v.Kind() == reflect.Pointer && v.Type().Elem().AssignableTo(t) && !v.IsNil():
		return v.Elem(), nil
	case v.CanAddr() && reflect.PointerTo(v.Type()).AssignableTo(t):
		return v.Addr(), nil
	}
	return v, fmt.Errorf("%s where %s is wanted", v.Type(), t)
}

// nillable reports whether nil is a value of the type.
func nillable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
		return true
	}
	return t == valueType
}

// maxPointers bounds how many pointers to pointers are followed: they may lead back to the first.
const maxPointers = 100

// indirect follows pointers and interfaces. If it ends at one that is nil, it returns that. It panics with a
// *render.LimitError, which Run returns, for pointers that do not end.
func indirect(v reflect.Value) (end reflect.Value, isNil bool) {
	for steps := 0; v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface; steps++ {
		if v.IsNil() {
			return v, true
		}
		if steps > maxPointers {
			panic(&render.LimitError{Text: render.ErrCircle.Error()})
		}
		v = v.Elem()
	}
	return v, false
}

// truth is what {{ if }} goes by.
func truth(v reflect.Value) bool {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Invalid:
		return false
	case reflect.String, reflect.Slice, reflect.Map, reflect.Array:
		return v.Len() > 0
	case reflect.Struct:
		return true
	case reflect.Pointer, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return !v.IsNil()
	}
	if v.CanFloat() {
		return v.Float() != 0 // neither of the two zeros is true
	}
	if v.CanComplex() {
		return v.Complex() != 0
	}
	return !v.IsZero()
}
