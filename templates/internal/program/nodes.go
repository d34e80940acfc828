package program

import (
	"fmt"
	"reflect"
	"slices"
	"text/template/parse"
)

// compiler makes closures of one template and those that it calls.
type compiler struct {
	options Options
	bodies  map[string]*body
	names   []string // variables in sight, the innermost last
	slots   []int    // of them
	used    int      // slots of the body so far
}

// fill compiles a template, whose variables are its own.
func (c *compiler) fill(b *body, root *parse.ListNode) (err error) {
	own := &compiler{options: c.options, bodies: c.bodies}
	own.declare("$")
	b.steps, err = own.list(root)
	b.slots = own.used
	return err
}

// declare assigns a slot to a variable.
func (c *compiler) declare(name string) int {
	c.names, c.slots = append(c.names, name), append(c.slots, c.used)
	c.used++
	return c.used - 1
}

// slot returns that of a variable in sight.
func (c *compiler) slot(name string) (int, error) {
	for i, known := range slices.Backward(c.names) {
		if known == name {
			return c.slots[i], nil
		}
	}
	return 0, fmt.Errorf("undefined variable %s", name)
}

// variables returns the slots of the variables that a pipeline declares, or sets.
func (c *compiler) variables(p *parse.PipeNode) (slots []int, err error) {
	for _, variable := range p.Decl {
		slot := 0
		if !p.IsAssign {
			slot = c.declare(variable.Ident[0])
		} else if slot, err = c.slot(variable.Ident[0]); err != nil {
			return nil, err
		}
		slots = append(slots, slot)
	}
	return slots, nil
}

// scope runs fn and forgets the variables that it declared.
func (c *compiler) scope(fn func() error) error {
	mark := len(c.names)
	err := fn()
	c.names, c.slots = c.names[:mark], c.slots[:mark]
	return err
}

// lists compiles the two bodies of a branch, which do not see each other's variables.
func (c *compiler) lists(n *parse.BranchNode) (list, otherwise []step, err error) {
	if err = c.scope(func() (err error) { list, err = c.list(n.List); return err }); err == nil {
		err = c.scope(func() (err error) { otherwise, err = c.list(n.ElseList); return err })
	}
	return list, otherwise, err
}

func (c *compiler) list(l *parse.ListNode) (steps []step, err error) {
	if l == nil {
		return nil, nil
	}
	for _, node := range l.Nodes {
		s, err := c.node(node)
		if err != nil {
			return nil, err
		}
		if s != nil {
			steps = append(steps, s)
		}
	}
	return steps, nil
}

func (c *compiler) node(node parse.Node) (step, error) {
	switch n := node.(type) {
	case *parse.TextNode:
		text := n.Text
		return func(f *frame, _ reflect.Value) error {
			f.out.Write(text)
			return nil
		}, nil
	case *parse.CommentNode:
		return nil, nil
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			return c.output(n.Pipe)
		}
		value, err := c.pipe(n.Pipe)
		if err != nil {
			return nil, err
		}
		return func(f *frame, dot reflect.Value) error {
			_, err := value(f, dot)
			return err
		}, nil
	case *parse.IfNode:
		return c.branch(&n.BranchNode, false)
	case *parse.WithNode:
		return c.branch(&n.BranchNode, true)
	case *parse.RangeNode:
		return c.loop(n)
	case *parse.TemplateNode:
		return c.call(n)
	case *parse.BreakNode:
		return func(*frame, reflect.Value) error { return errBreak }, nil
	case *parse.ContinueNode:
		return func(*frame, reflect.Value) error { return errContinue }, nil
	}
	return nil, fmt.Errorf("unknown node %T", node)
}

// branch is if, or with, which moves dot.
func (c *compiler) branch(n *parse.BranchNode, with bool) (s step, err error) {
	err = c.scope(func() error {
		value, err := c.pipe(n.Pipe)
		if err != nil {
			return err
		}
		then, otherwise, err := c.lists(n)
		if err != nil {
			return err
		}
		s = func(f *frame, dot reflect.Value) error {
			v, err := value(f, dot)
			if err != nil {
				return err
			}
			switch {
			case !truth(v):
				return all(otherwise, f, dot)
			case with:
				return all(then, f, v)
			}
			return all(then, f, dot)
		}
		return nil
	})
	return s, err
}

func (c *compiler) call(n *parse.TemplateNode) (step, error) {
	called, known := c.bodies[n.Name]
	if !known {
		root := c.options.Called[n.Name]
		if root == nil {
			return nil, fmt.Errorf("no template %q", n.Name)
		}
		called = &body{}
		c.bodies[n.Name] = called // before its own calls, which may lead back to it
		if err := c.fill(called, root); err != nil {
			return nil, err
		}
	}
	if n.Pipe == nil {
		return func(f *frame, _ reflect.Value) error { return called.run(f.out, f.state, reflect.Value{}) }, nil
	}
	value, err := c.pipe(n.Pipe)
	if err != nil {
		return nil, err
	}
	return func(f *frame, dot reflect.Value) error {
		v, err := value(f, dot)
		if err != nil {
			return err
		}
		return called.run(f.out, f.state, v)
	}, nil
}
