package templates

import (
	"fmt"
	"text/template/parse"
)

// The functions here copy nodes of a file into a page. Copying by value keeps the unexported link
// of a node to its file, from which text/template tells the place of an error.

func (x *expander) list(l *parse.ListNode, s scope) *parse.ListNode {
	if l == nil {
		return nil
	}
	out := *l
	out.Nodes = make([]parse.Node, 0, len(l.Nodes))
	for _, node := range l.Nodes {
		out.Nodes = append(out.Nodes, x.node(node, s)...)
	}
	return &out
}

func (x *expander) node(node parse.Node, s scope) []parse.Node {
	x.nodes++
	switch n := node.(type) {
	case *parse.ActionNode:
		switch name, args := callOf(n); {
		case name == "super":
			return x.super(n, s)
		case name == "include" && len(args) > 0 && args[0].Type() == parse.NodeString:
			pipe := x.includePipe(n, args[1:], s)
			if pipe == nil {
				return nil
			}
			return x.template(args[0].(*parse.StringNode).Text, args[0].Position(), n.Line, pipe, s)
		}
		out := *n
		out.Pipe = x.pipe(n.Pipe, s)
		return []parse.Node{&out}
	case *parse.TemplateNode:
		pipe := n.Pipe
		if pipe == nil {
			pipe = s.file.pipe(n.Pos, n.Line, s.file.dotAt(n.Pos))
		}
		return x.template(n.Name, n.Pos, n.Line, pipe, s)
	case *parse.IfNode:
		out := *n
		out.Pipe, out.List, out.ElseList = x.pipe(n.Pipe, s), x.list(n.List, s), x.list(n.ElseList, s)
		return []parse.Node{&out}
	case *parse.RangeNode:
		out := *n
		out.Pipe, out.List, out.ElseList = x.pipe(n.Pipe, s), x.list(n.List, s.inner()), x.list(n.ElseList, s)
		return []parse.Node{&out}
	case *parse.WithNode:
		out := *n
		out.Pipe, out.List, out.ElseList = x.pipe(n.Pipe, s), x.list(n.List, s.inner()), x.list(n.ElseList, s)
		return []parse.Node{&out}
	case *parse.TextNode:
		out := *n // the escaper replaces Text, it does not write into it
		return []parse.Node{&out}
	}
	return []parse.Node{node.Copy()}
}

func (x *expander) pipe(p *parse.PipeNode, s scope) *parse.PipeNode {
	if p == nil {
		return nil
	}
	out := *p
	out.Decl, out.Cmds = nil, make([]*parse.CommandNode, len(p.Cmds))
	for i, command := range p.Cmds {
		copied := *command
		copied.Args = make([]parse.Node, len(command.Args))
		for j, arg := range command.Args {
			copied.Args[j] = x.operand(arg, s)
		}
		out.Cmds[i] = &copied
	}
	for _, variable := range p.Decl {
		out.Decl = append(out.Decl, x.variable(variable, s))
	}
	return &out
}

// operand copies a part of a command. Fields of a dot that has a name become fields of
// that variable.
func (x *expander) operand(node parse.Node, s scope) parse.Node {
	switch n := node.(type) {
	case *parse.DotNode:
		if s.dot != "" {
			return x.named(s.dot, nil, n.Pos, s)
		}
	case *parse.FieldNode:
		if s.dot != "" {
			return x.named(s.dot, n.Ident, n.Pos, s)
		}
	case *parse.VariableNode:
		return x.variable(n, s)
	case *parse.PipeNode:
		return x.pipe(n, s)
	case *parse.ChainNode:
		out := *n
		out.Node = x.operand(n.Node, s)
		return &out
	}
	return node.Copy()
}

// variable copies a variable under the name it has in the page.
func (x *expander) variable(n *parse.VariableNode, s scope) *parse.VariableNode {
	name := s.root
	if n.Ident[0] != "$" {
		name = n.Ident[0] + s.suffix
	}
	out := *n
	out.Ident = append([]string{name}, n.Ident[1:]...)
	x.used[name] = true
	return &out
}

func (x *expander) named(name string, fields []string, pos parse.Pos, s scope) *parse.VariableNode {
	out := *s.file.variable
	out.Pos, out.Ident = pos, append([]string{name}, fields...)
	x.used[name] = true
	return &out
}

// includePipe makes the value that a partial gets from the arguments of include: dot, one value,
// named values, or one value with named ones added.
func (x *expander) includePipe(n *parse.ActionNode, args []parse.Node, s scope) *parse.PipeNode {
	f := s.file
	switch len(args) {
	case 0:
		return f.pipe(n.Pos, n.Line, f.dotAt(n.Pos))
	case 1:
		if pipe, ok := args[0].(*parse.PipeNode); ok {
			return pipe
		}
		return f.pipe(n.Pos, n.Line, args[0])
	}
	function, pairs := "_dict", args
	if len(args)%2 == 1 {
		function, pairs = "_merge", args[1:]
	}
	seen := map[string]bool{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(*parse.StringNode)
		if !ok {
			x.fail(
				f,
				pairs[i].Position(),
				"include: the name of a value is a word in double quotes",
				`write {{ include "path.html" "name" value "other" value }}`,
			)
			return nil
		}
		if seen[key.Text] {
			x.fail(f, key.Pos, fmt.Sprintf("include: %q is given twice", key.Text), "")
			return nil
		}
		seen[key.Text] = true
	}
	ident := parse.NewIdentifier(function).SetPos(n.Pos).SetTree(f.tree)
	return f.pipe(n.Pos, n.Line, append([]parse.Node{ident}, args...)...)
}

// pipe makes a pipe of one command in the tree of the file.
func (f *file) pipe(pos parse.Pos, line int, args ...parse.Node) *parse.PipeNode {
	command := *f.action.Pipe.Cmds[0]
	command.Pos, command.Args = pos, args
	out := *f.action.Pipe
	out.Pos, out.Line, out.Decl, out.Cmds = pos, line, nil, []*parse.CommandNode{&command}
	return &out
}

func (f *file) dotAt(pos parse.Pos) *parse.DotNode {
	out := *f.dot
	out.Pos = pos
	return &out
}
