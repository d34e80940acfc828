package compile

import (
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/schema"
)

// CheckRoot returns an error if a path that starts at the struct root is used in a query on another model. Only code can cause it,
// not input, so it is not a LookupError.
func CheckRoot(m *schema.Model, root reflect.Type, path string) error {
	if root == nil || root == m.Type {
		return nil
	}
	return fmt.Errorf("orm: a query on %s takes the columns of %s, and %q starts at %s", m.Type, m.Type, path, root)
}

// CheckRoots is [CheckRoot] for every path in an expression, for expressions that may not be compiled.
func CheckRoots(m *schema.Model, e Expr) error {
	if e.Kind == OuterRef {
		return nil
	}
	if err := CheckRoot(m, e.Root, e.Path); err != nil {
		return err
	}
	for _, operand := range []*Expr{e.Left, e.Right} {
		if operand != nil {
			if err := CheckRoots(m, *operand); err != nil {
				return err
			}
		}
	}
	return checkNodes(m, e.Where)
}

func checkNodes(m *schema.Model, nodes []Node) error {
	for _, n := range nodes {
		if err := CheckRoot(m, n.Root, n.Path); err != nil {
			return err
		}
		if e, ok := n.Value.(Expr); ok {
			if err := CheckRoots(m, e); err != nil {
				return err
			}
		}
		if err := checkNodes(m, n.Nodes); err != nil {
			return err
		}
	}
	return nil
}
