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
		case *parse.TemplateNode:
			p.usesOf(n.Pipe, dot)
		case *parse.IfNode:
			p.usesOf(n.Pipe, dot)
			p.usesIn(n.List, dot)
			p.usesIn(n.ElseList, dot)
		case *parse.RangeNode:
			p.usesOf(n.Pipe, dot)
			p.usesIn(n.List, false)
			p.usesIn(n.ElseList, dot)
		case *parse.WithNode:
			p.usesOf(n.Pipe, dot)
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

func (p *page) usesPath(path []string) {
	if len(path) == 0 {
		p.all = true
		return
	}
	p.uses[path[0]] = true
}
