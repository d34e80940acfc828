package extract

import (
	"fmt"
	"strings"
	"text/template/parse"
)

// functions has the template functions that translate, with the indexes of their texts.
var functions = map[string]struct{ context, text, plural int }{
	"t":  {context: 0, text: 1, plural: 0},
	"tn": {context: 0, text: 1, plural: 2},
	"tc": {context: 1, text: 2, plural: 0},
}

// template searches a template.
func (c *collector) template(name, text string) error {
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	set := map[string]*parse.Tree{}
	if _, err := tree.Parse(text, "", "", set); err != nil {
		return err
	}
	for _, each := range set {
		if each.Root != nil {
			c.node(name, text, each.Root)
		}
	}
	if set[name] == nil && tree.Root != nil {
		c.node(name, text, tree.Root)
	}
	return nil
}

// node searches a node and all below it.
func (c *collector) node(name, text string, node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				c.node(name, text, child)
			}
		}
	case *parse.ActionNode:
		c.node(name, text, n.Pipe)
	case *parse.IfNode:
		c.branch(name, text, &n.BranchNode)
	case *parse.RangeNode:
		c.branch(name, text, &n.BranchNode)
	case *parse.WithNode:
		c.branch(name, text, &n.BranchNode)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			c.node(name, text, n.Pipe)
		}
	case *parse.PipeNode:
		for _, command := range n.Cmds {
			c.node(name, text, command)
		}
	case *parse.CommandNode:
		c.command(name, text, n)
		for _, arg := range n.Args {
			c.node(name, text, arg)
		}
	}
}

func (c *collector) branch(name, text string, n *parse.BranchNode) {
	c.node(name, text, n.Pipe)
	c.node(name, text, n.List)
	c.node(name, text, n.ElseList)
}

// command adds the text of a call of one of the functions.
func (c *collector) command(name, text string, n *parse.CommandNode) {
	ident, ok := n.Args[0].(*parse.IdentifierNode)
	if !ok {
		return
	}
	at, ok := functions[ident.Ident]
	if !ok {
		return
	}
	place := Place{name, 1 + strings.Count(text[:min(int(n.Pos), len(text))], "\n")}
	t := Text{Places: []Place{place}}
	for index, into := range map[int]*string{at.context: &t.Context, at.text: &t.Text, at.plural: &t.Plural} {
		if index == 0 {
			continue
		}
		if index >= len(n.Args) {
			return // the engine reports the missing argument
		}
		literal, ok := n.Args[index].(*parse.StringNode)
		if !ok {
			c.errs = append(c.errs, fmt.Errorf("%s: a text of %s is no literal, and cannot be translated", place, ident.Ident))
			return
		}
		*into = literal.Text
	}
	c.add(t)
}
