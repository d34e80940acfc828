package templates

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"text/template/parse"
	"unicode/utf8"
)

// kind is the way in which the output of a file is escaped.
type kind int

const (
	kindNone kind = iota
	kindHTML
	kindText
	kindXML
)

func kindOf(name string) kind {
	switch path.Ext(name) {
	case ".html":
		return kindHTML
	case ".txt":
		return kindText
	case ".xml":
		return kindXML
	}
	return kindNone
}

// file is one parsed template file. It is not changed after loading.
type file struct {
	key    string // what the parser calls it; differs from name for overridden files
	name   string
	source string
	text   string
	kind   kind

	body   *parse.ListNode
	defs   map[string]*parse.ListNode // what define and block give
	filled map[string]int             // where the blocks that this file fills stand, by name
	parent string                     // the argument of extends
	at     int                        // the position of extends
	over   *file                      // the file of the same name that this one overrides

	variable *parse.VariableNode // copied for nodes that we make: nodes know their file only
	action   *parse.ActionNode   // through unexported fields, which copying keeps
	call     *parse.TemplateNode
	dot      *parse.DotNode
	tree     *parse.Tree
}

// prototypes follows the text of every file when it is parsed, to get nodes that know the file.
const (
	prototypeName = "\x00prototypes"
	prototypes    = `{{ define "\x00prototypes" }}{{ $x := $ }}{{ template "x" . }}{{ end }}`
)

// load parses one file. Unknown functions and misplaced actions are joined into the error.
func (e *Engine) load(source string, files fs.FS, name string) (*file, error) {
	f := &file{key: name, name: name, source: source, kind: kindOf(name)}
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, &Error{Name: name, Source: source, Message: "cannot be read: " + err.Error(), Err: err}
	}
	f.text = strings.TrimPrefix(string(content), "\ufeff")
	if !utf8.ValidString(f.text) {
		return nil, &Error{Name: name, Source: source, Message: "is not valid UTF-8", Hint: "save the file as UTF-8"}
	}
	if shadowed := e.files[name]; shadowed != nil {
		f.key = name + "@" + source
	}
	content = []byte(strings.TrimSuffix(f.text, "\n")) // the line end of the last line belongs to the file, not to the partial
	if _, err := f.parse(string(content)); err != nil {
		return nil, syntaxError(f, err)
	}
	set, err := f.parse(string(content) + prototypes)
	if err != nil {
		return nil, syntaxError(f, err)
	}
	nodes := set[prototypeName].Root.Nodes
	f.action, f.call = nodes[0].(*parse.ActionNode), nodes[1].(*parse.TemplateNode)
	f.variable, f.dot = f.action.Pipe.Decl[0], f.call.Pipe.Cmds[0].Args[0].(*parse.DotNode)
	delete(set, prototypeName)
	f.body, f.defs, f.filled = f.tree.Root, map[string]*parse.ListNode{}, map[string]int{}
	for defined, t := range set {
		if defined != f.key {
			f.defs[defined] = t.Root
		}
	}
	f.readParent()
	return f, errors.Join(e.checkNodes(f)...)
}

func (f *file) parse(content string) (map[string]*parse.Tree, error) {
	f.tree = parse.New(f.key)
	f.tree.Mode = parse.SkipFuncCheck
	set := map[string]*parse.Tree{}
	_, err := f.tree.Parse(content, "", "", set)
	return set, err
}

// readParent takes extends off the top of the file.
func (f *file) readParent() {
	for i, node := range f.body.Nodes {
		if text, ok := node.(*parse.TextNode); ok && len(strings.TrimSpace(string(text.Text))) == 0 {
			continue
		}
		name, args := callOf(node)
		if name != "extends" || len(args) != 1 {
			return
		}
		parent, ok := args[0].(*parse.StringNode)
		if !ok {
			return
		}
		f.parent, f.at = parent.Text, int(parent.Position())
		body := *f.body
		body.Nodes = body.Nodes[i+1:]
		f.body = &body
		return
	}
}

// callOf returns name and arguments of an action that is one plain function call.
func callOf(node parse.Node) (name string, args []parse.Node) {
	action, ok := node.(*parse.ActionNode)
	if !ok || len(action.Pipe.Decl) > 0 || len(action.Pipe.Cmds) != 1 {
		return "", nil
	}
	ident, ok := action.Pipe.Cmds[0].Args[0].(*parse.IdentifierNode)
	if !ok {
		return "", nil
	}
	return ident.Ident, action.Pipe.Cmds[0].Args[1:]
}

// isBlock reports whether a template node was written {{ block }}: the parser turns both into calls.
func (f *file) isBlock(n *parse.TemplateNode) bool {
	pos := min(int(n.Position()), len(f.text))
	return strings.HasSuffix(strings.TrimRight(f.text[:pos], " \t\r\n"), "block")
}

// checkNodes looks at every node of the file on its own: function names, where extends, super and
// include stand, blocks that appear twice, and content that an extending file would lose.
func (e *Engine) checkNodes(f *file) []error {
	var errs []error
	fail := func(n parse.Node, message, hint string) {
		errs = append(errs, errorAt(f, int(n.Position()), message, hint))
	}
	blocks := map[string]int{}
	check := func(root *parse.ListNode, inBlock bool) {
		walk(root, func(n parse.Node) {
			switch n := n.(type) {
			case *parse.TemplateNode:
				if f.isBlock(n) {
					if _, again := blocks[n.Name]; again {
						fail(n, fmt.Sprintf("block %q is defined a second time", n.Name), "show it once, or give it another name")
					}
					blocks[n.Name] = int(n.Position())
				}
				if n.Pipe != nil && len(n.Pipe.Decl) > 0 {
					fail(n, "a variable cannot be set here", "set it in an action of its own before this one")
				}
			case *parse.ActionNode:
				e.checkCall(f, n, inBlock, fail)
			case *parse.IdentifierNode:
				if !e.known[n.Ident] {
					fail(n, fmt.Sprintf("function %q is not defined", n.Ident), e.functionHint(n.Ident))
				}
			case *parse.CommandNode:
				checkDateLayout(n, fail)
			}
		})
	}
	check(f.body, false)
	for _, name := range slices.Sorted(maps.Keys(f.defs)) {
		check(f.defs[name], true)
		f.filled[name] = e.findDefinition(f, name)
	}
	if f.parent != "" {
		f.checkExtending(fail)
	}
	return errs
}

// checkCall looks at the actions that the engine itself understands.
func (e *Engine) checkCall(f *file, n *parse.ActionNode, inBlock bool, fail func(parse.Node, string, string)) {
	name, args := callOf(n)
	for _, command := range n.Pipe.Cmds {
		ident, ok := command.Args[0].(*parse.IdentifierNode)
		if !ok || ident.Ident == name && len(n.Pipe.Cmds) == 1 {
			continue
		}
		if ident.Ident == "extends" || ident.Ident == "super" {
			fail(
				ident,
				fmt.Sprintf("%s must be the only command of its action", ident.Ident),
				"write {{ "+ident.Ident+" … }} without pipes or variables",
			)
		}
	}
	switch name {
	case "extends":
		if len(args) != 1 || args[0].Type() != parse.NodeString {
			fail(n, "extends takes one path in double quotes", `write {{ extends "base.html" }}`)
		} else {
			fail(n, "extends is not the first action of the file", "move it to the top, outside of every block")
		}
	case "super":
		if len(args) > 0 {
			fail(n, "super takes no argument", "write {{ super }}")
		} else if !inBlock {
			fail(n, "super is outside of a block", "it shows the layout's content of the block that contains it")
		}
	case "include":
		if len(args) == 0 {
			fail(n, "include takes the path of a partial", `write {{ include "blog/_card.html" . }}`)
		}
	}
}

// checkExtending refuses content that would never be shown.
func (f *file) checkExtending(fail func(parse.Node, string, string)) {
	for _, node := range f.body.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			if trimmed := strings.TrimLeft(string(n.Text), " \t\r\n"); trimmed != "" {
				at := *n
				at.Pos += parse.Pos(len(n.Text) - len(trimmed))
				fail(&at, "text outside of a block is never shown in a file that extends another", `put it into {{ define "…" }}…{{ end }}`)
			}
		case *parse.TemplateNode:
			if !f.isBlock(n) {
				fail(n, "a call outside of a block never runs in a file that extends another", `put it into {{ define "…" }}…{{ end }}`)
			}
		default:
			if name, _ := callOf(node); name != "extends" {
				fail(node, "an action outside of a block never runs in a file that extends another",
					`put it into {{ define "…" }}…{{ end }}`)
			}
		}
	}
}

// findDefinition returns the offset of the name in {{ define "name" }} or {{ block "name" . }}.
func (e *Engine) findDefinition(f *file, name string) int {
	for _, quoted := range []string{fmt.Sprintf("%q", name), "`" + name + "`"} {
		for from := 0; ; {
			at := strings.Index(f.text[from:], quoted)
			if at < 0 {
				break
			}
			at += from
			before := strings.TrimRight(f.text[:at], " \t\r\n")
			if strings.HasSuffix(before, "define") || strings.HasSuffix(before, "block") {
				return at
			}
			from = at + len(quoted)
		}
	}
	return 0
}

func (e *Engine) functionHint(name string) string {
	if near := didYouMean(name, slices.Collect(maps.Keys(e.funcs))); near != "" {
		return near
	}
	return "functions are given in Options.Funcs; values start with a dot: {{ ." + name + " }}"
}

// walk calls visit for every node below root, parents first.
func walk(root parse.Node, visit func(parse.Node)) {
	switch n := root.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			walk(child, visit)
		}
		return
	case *parse.PipeNode:
		if n == nil {
			return
		}
		visit(n)
		for _, command := range n.Cmds {
			walk(command, visit)
		}
		return
	}
	visit(root)
	switch n := root.(type) {
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.CommandNode:
		for _, arg := range n.Args {
			walk(arg, visit)
		}
	case *parse.ChainNode:
		walk(n.Node, visit)
	case *parse.TemplateNode:
		walk(n.Pipe, visit)
	case *parse.IfNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.RangeNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.WithNode:
		walkBranch(&n.BranchNode, visit)
	}
}

func walkBranch(n *parse.BranchNode, visit func(parse.Node)) {
	walk(n.Pipe, visit)
	walk(n.List, visit)
	walk(n.ElseList, visit)
}
