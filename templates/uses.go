package templates

import "text/template/parse"

// findUses notes which keys of the page's data the resolved tree mentions.
func (p *page) findUses(body *parse.ListNode) {
	p.uses = map[string]bool{}
	p.usesIn(body, true)
}

// usesIn walks one list; dot tells whether . is the page's data there.
func (p *page) usesIn(list *parse.ListNode, dot bool) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			p.usesOf(n.Pipe, dot)
			p.whole = p.whole || wholeIn(n.Pipe, dot)
		case *parse.TemplateNode:
			p.usesOf(n.Pipe, dot)
			p.whole = p.whole || wholeIn(n.Pipe, dot)
		case *parse.IfNode:
			p.usesOf(n.Pipe, dot)
			p.whole = p.whole || wholeIn(n.Pipe, dot)
			p.usesIn(n.List, dot)
			p.usesIn(n.ElseList, dot)
		case *parse.RangeNode:
			p.usesOf(n.Pipe, dot)
			p.whole = p.whole || wholeIn(n.Pipe, dot)
			p.usesIn(n.List, false)
			p.usesIn(n.ElseList, dot)
		case *parse.WithNode:
			p.usesOf(n.Pipe, dot)
			p.whole = p.whole || wholeIn(n.Pipe, dot)
			p.usesIn(n.List, false)
			p.usesIn(n.ElseList, dot)
		}
	}
}

func (p *page) usesOf(pipe *parse.PipeNode, dot bool) {
	walk(pipe, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.VariableNode:
			if n.Ident[0] == "$" {
				p.usesPath(n.Ident[1:])
			}
		case *parse.FieldNode:
			if dot {
				p.usesPath(n.Ident)
			}
		case *parse.DotNode:
			if dot {
				p.all = true
			}
		}
	})
}

// wholeIn reports whether a pipe hands the page's data as a whole to something that may look at its
// entries by itself: everything but the functions that pass it on to a partial.
func wholeIn(pipe *parse.PipeNode, dot bool) bool {
	if pipe == nil {
		return false
	}
	for _, command := range pipe.Cmds {
		passes := false
		if name, ok := command.Args[0].(*parse.IdentifierNode); ok {
			passes = name.Ident == "include" || name.Ident == "_include" || name.Ident == "_merge"
		}
		for _, arg := range command.Args {
			switch n := arg.(type) {
			case *parse.DotNode:
				if dot && !passes {
					return true
				}
			case *parse.VariableNode:
				if len(n.Ident) == 1 && n.Ident[0] == "$" && !passes {
					return true
				}
			case *parse.PipeNode:
				if wholeIn(n, dot) {
					return true
				}
			}
		}
	}
	return false
}

func (p *page) usesPath(path []string) {
	if len(path) == 0 {
		p.all = true
		return
	}
	p.uses[path[0]] = true
}
