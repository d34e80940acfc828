package program

import (
	"fmt"
	"reflect"
	"strings"
	"text/template/parse"
)

// expr is the value of a part of a pipeline.
type expr func(f *frame, dot reflect.Value) (reflect.Value, error)

// pipe compiles a pipeline, which sets the variables that it declares.
func (c *compiler) pipe(p *parse.PipeNode) (expr, error) {
	value, err := c.commands(p.Cmds)
	if err != nil || len(p.Decl) == 0 {
		return value, err
	}
	slots, err := c.variables(p)
	if err != nil {
		return nil, err
	}
	return func(f *frame, dot reflect.Value) (reflect.Value, error) {
		v, err := value(f, dot)
		for _, slot := range slots {
			f.vars[slot] = v
		}
		return v, err
	}, nil
}

// commands compiles a | b | c, in which each is the last argument of the next.
func (c *compiler) commands(list []*parse.CommandNode) (value expr, err error) {
	for _, command := range list {
		raw, err := c.command(command, command.Args, value)
		if err != nil {
			return nil, err
		}
		value = open(raw)
	}
	return value, nil
}

// command compiles a command with what comes from the one before, or nil. node is the command as a whole.
func (c *compiler) command(node parse.Node, args []parse.Node, final expr) (expr, error) {
	switch word := args[0].(type) {
	case *parse.IdentifierNode:
		return c.function(node, word.Ident, args[1:], final)
	case *parse.FieldNode:
		return located(word)(c.chain(itself, word.Ident, args[1:], final))
	case *parse.ChainNode:
		base, err := c.operand(word.Node)
		if err != nil {
			return nil, err
		}
		return located(word)(c.chain(untyped(base), word.Field, args[1:], final))
	case *parse.VariableNode:
		slot, err := c.slot(word.Ident[0])
		if err != nil {
			return nil, err
		}
		value := func(f *frame, _ reflect.Value) (reflect.Value, error) { return f.vars[slot], nil }
		if len(word.Ident) > 1 {
			return located(word)(c.chain(value, word.Ident[1:], args[1:], final))
		}
		return plain(args, final, value)
	case *parse.PipeNode:
		value, err := c.pipe(word)
		if err != nil {
			return nil, err
		}
		return plain(args, final, value)
	case *parse.DotNode:
		return plain(args, final, itself)
	}
	value, err := ideal(args[0])
	if err != nil {
		return nil, err
	}
	return plain(args, final, func(*frame, reflect.Value) (reflect.Value, error) { return value, nil })
}

// plain is for commands that are no function.
func plain(args []parse.Node, final, value expr) (expr, error) {
	if len(args) > 1 || final != nil {
		return nil, fmt.Errorf("arguments for %s", args[0])
	}
	return value, nil
}

// itself is dot.
func itself(_ *frame, dot reflect.Value) (reflect.Value, error) { return dot, nil }

// open takes values out of empty interfaces.
func open(value expr) expr {
	return func(f *frame, dot reflect.Value) (reflect.Value, error) {
		v, err := value(f, dot)
		return opened(v), err
	}
}

func opened(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface && v.NumMethod() == 0 {
		return v.Elem()
	}
	return v
}

// ideal returns a constant by itself: the text decides what kind of number it is.
func ideal(node parse.Node) (reflect.Value, error) {
	switch n := node.(type) {
	case *parse.BoolNode:
		return reflect.ValueOf(n.True), nil
	case *parse.StringNode:
		return reflect.ValueOf(n.Text), nil
	case *parse.NumberNode:
		hex := len(n.Text) > 2 && strings.EqualFold(n.Text[:2], "0x") && !strings.ContainsAny(n.Text, "pP")
		switch {
		case n.IsComplex: // written with an i
		case n.IsFloat && !hex && !strings.HasPrefix(n.Text, "'") && strings.ContainsAny(n.Text, ".eEpP"):
			return reflect.ValueOf(n.Float64), nil
		case n.IsInt && int64(int(n.Int64)) == n.Int64:
			return reflect.ValueOf(int(n.Int64)), nil
		}
	}
	return reflect.Value{}, fmt.Errorf("no constant: %s", node)
}
