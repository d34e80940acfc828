package templates

import (
	"fmt"
	"strings"
	"text/template/parse"
)

// linter follows the HTML of a resolved page closely enough to know which attribute an action
// is in. Its state is copied where a condition splits the page.
type linter struct {
	engine   *Engine
	page     *file
	errs     []error
	warnings []error
}

// mode is where in the HTML the page is.
type mode int

const (
	inText mode = iota
	inTagName
	inTag        // between attributes
	inName       // of an attribute
	beforeEquals // after an attribute's name
	beforeValue  // after the equals sign
	inValue
	inComment
	inRaw // script, style, textarea, title: until their end tag
)

// place is a state of the linter.
type place struct {
	mode  mode
	tag   string
	attr  string
	quote byte // 0 in an unquoted value
	raw   string
}

// lint reports dynamic data where html/template's escaping does not suffice.
func (e *Engine) lint(f *file, body *parse.ListNode, called map[string]*parse.Tree) (errs, warnings []error) {
	l := &linter{engine: e, page: f}
	l.list(body, place{})
	for _, tree := range called {
		l.list(tree.Root, place{})
	}
	return l.errs, l.warnings
}

func (l *linter) list(list *parse.ListNode, p place) place {
	if list == nil {
		return p
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			p.read(string(n.Text))
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 {
				l.action(n, &p)
			}
		case *parse.IfNode:
			p = l.branch(&n.BranchNode, p)
		case *parse.RangeNode:
			p = l.branch(&n.BranchNode, p)
		case *parse.WithNode:
			p = l.branch(&n.BranchNode, p)
		}
	}
	return p
}

func (l *linter) branch(n *parse.BranchNode, p place) place {
	after := l.list(n.List, p)
	l.list(n.ElseList, p)
	return after // html/template refuses branches that end in different states
}

// action looks at where a value is written, and moves past it.
func (l *linter) action(n *parse.ActionNode, p *place) {
	switch p.mode {
	case inTag, beforeEquals:
		p.mode, p.attr = inName, ""
	case beforeValue:
		p.mode, p.quote = inValue, 0
		l.report(
			n,
			p.attr,
			&l.warnings,
			fmt.Sprintf("the value of attribute %q has no quotes", p.attr),
			"put it in double quotes: "+p.attr+`="…"`,
		)
		fallthrough
	case inValue:
		if reason := runsCode(p.attr); reason != "" && !constant(n.Pipe) {
			l.report(
				n,
				p.attr,
				&l.errs,
				fmt.Sprintf("dynamic data in attribute %q, %s", p.attr, reason),
				fmt.Sprintf(
					"put the data into a data- attribute or json_script; if it is safe, say {{/* lint:allow %s */}} in the file",
					p.attr,
				),
			)
		}
	}
}

// runsCode returns the reason for which a value in the attribute is dangerous although it is escaped, or "".
func runsCode(attr string) string {
	attr = strings.TrimPrefix(attr, "data-")
	switch attr {
	case "srcdoc":
		return "which is a whole page of HTML: one level of escaping is not enough"
	case "ping":
		return "which sends requests to addresses that are not checked"
	case "hx-vals", "hx-vars", "hx-headers", "hx-request", "hx-trigger", "hx-config":
		return "which htmx may run as JavaScript"
	case "_":
		return "which hyperscript runs"
	case "x-ref", "x-cloak", "x-ignore":
		return ""
	}
	switch {
	case strings.HasPrefix(attr, "hx-on"):
		return "which htmx runs as JavaScript"
	case strings.HasPrefix(attr, "x-") && !strings.HasPrefix(attr, "x-transition"),
		strings.HasPrefix(attr, "@"),
		strings.HasPrefix(attr, ":"):
		return "which Alpine runs as JavaScript"
	case strings.HasPrefix(attr, "v-"):
		return "which Vue runs as JavaScript"
	case strings.HasPrefix(attr, "ng-"):
		return "which Angular runs as JavaScript"
	}
	return ""
}

// constant reports whether a pipe writes nothing but literals and what functions make of them.
func constant(pipe *parse.PipeNode) bool {
	fixed := true
	walk(pipe, func(n parse.Node) {
		switch n.(type) {
		case *parse.FieldNode, *parse.VariableNode, *parse.DotNode:
			fixed = false
		}
	})
	return fixed
}

func (l *linter) report(n *parse.ActionNode, attr string, to *[]error, message, hint string) {
	where, _ := l.page.tree.ErrorContext(n)
	key, _, _ := strings.Cut(where, ":")
	f := l.engine.byKey[key]
	if f == nil {
		f = l.page
	}
	if strings.Contains(f.text, "lint:allow "+attr) {
		return
	}
	*to = append(*to, errorAt(f, int(n.Position()), message, hint))
}

// read moves through static text.
func (p *place) read(text string) {
	for i := 0; i < len(text); {
		i += p.step(text[i:])
	}
}

// step consumes at least one byte.
func (p *place) step(s string) int {
	c := s[0]
	switch p.mode {
	case inText:
		return p.stepText(s)
	case inTagName:
		switch {
		case isSpace(c) || c == '/':
			p.mode = inTag
		case c == '>':
			p.endTag()
		default:
			p.tag += lowerByte(c)
		}
	case inTag, beforeEquals:
		switch {
		case c == '>':
			p.endTag()
		case c == '=' && p.mode == beforeEquals:
			p.mode = beforeValue
		case !isSpace(c) && c != '/':
			p.mode, p.attr = inName, lowerByte(c)
		}
	case inName:
		switch {
		case c == '>':
			p.endTag()
		case c == '=':
			p.mode = beforeValue
		case isSpace(c) || c == '/':
			p.mode = beforeEquals
		default:
			p.attr += lowerByte(c)
		}
	case beforeValue:
		switch {
		case c == '"' || c == '\'':
			p.mode, p.quote = inValue, c
		case c == '>':
			p.endTag()
		case !isSpace(c):
			p.mode, p.quote = inValue, 0
		}
	case inValue:
		return p.stepValue(s)
	case inComment:
		end := strings.Index(s, "-->")
		if end < 0 {
			return len(s)
		}
		p.mode = inText
		return end + 3
	case inRaw:
		return p.stepRaw(s)
	}
	return 1
}

func (p *place) stepText(s string) int {
	open := strings.IndexByte(s, '<')
	if open < 0 {
		return len(s)
	}
	rest := s[open+1:]
	switch {
	case strings.HasPrefix(rest, "!--"):
		p.mode = inComment
		return open + 4
	case rest != "" && (rest[0]|0x20 >= 'a' && rest[0]|0x20 <= 'z' || rest[0] == '/'):
		p.mode, p.tag = inTagName, ""
		if rest[0] == '/' {
			p.tag = "/"
			return open + 2
		}
	}
	return open + 1
}

func (p *place) stepValue(s string) int {
	if p.quote == 0 {
		switch {
		case isSpace(s[0]):
			p.mode = inTag
		case s[0] == '>':
			p.endTag()
		}
		return 1
	}
	end := strings.IndexByte(s, p.quote)
	if end < 0 {
		return len(s)
	}
	p.mode = inTag
	return end + 1
}

// stepRaw looks for the end tag of an element whose content is no HTML.
func (p *place) stepRaw(s string) int {
	open := strings.IndexByte(s, '<')
	if open < 0 {
		return len(s)
	}
	rest := s[open+1:]
	if len(rest) > len(p.raw) && rest[0] == '/' && strings.EqualFold(rest[1:1+len(p.raw)], p.raw) {
		p.mode, p.tag = inTagName, "/"
		return open + 2
	}
	return open + 1
}

func (p *place) endTag() {
	p.mode = inText
	switch p.tag {
	case "script", "style", "textarea", "title":
		p.mode, p.raw = inRaw, p.tag
	}
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'
}

func lowerByte(c byte) string {
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	return string(rune(c))
}
