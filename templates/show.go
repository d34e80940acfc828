package templates

import (
	htmltemplate "html/template"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/filters"
	"github.com/quintetgo/quintet/templates/internal/render"
)

// shows are the functions that prepare values before html/template escapes them, by where they are written.
var shows = map[string]func(*render.State, any) (any, error){"_show": show, "_showjs": showInScript, "_showattr": showAttribute}

// show makes nothing of nil pointers, which would appear as "<nil>", and writes times for people.
func show(state *render.State, v any) (any, error) {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
		return "", nil
	}
	if text, ok := filters.TimeText(state, v); ok {
		return text, nil
	}
	if text, ok := filters.Localized(state, v); ok {
		return text, nil
	}
	return v, render.Printable(v)
}

// showInScript leaves values to be written as JSON: nil pointers are null, times have the form of JSON.
func showInScript(_ *render.State, v any) (any, error) { return v, render.Printable(v) }

// showAttribute is for values that stand where the name of an attribute would: an empty one writes nothing.
func showAttribute(state *render.State, v any) (any, error) {
	v, err := show(state, v)
	if err == nil && filters.Text(v) == "" {
		return htmltemplate.HTMLAttr(""), nil
	}
	return v, err
}

// fixValues adapts an escaped page to where its values are written. html/template replaces empty values of
// attributes without quotes, and empty names of attributes, by ZgotmplZ.
func fixValues(root *parse.ListNode) {
	each(root, func(list *parse.ListNode) {
		for i, node := range list.Nodes {
			action, ok := node.(*parse.ActionNode)
			if !ok {
				continue
			}
			switch {
			case escapedBy(action, "jsvalescaper"):
				replaceCommand(action, "_show", "_showjs")
			case escapedBy(action, "htmlnamefilter") && !namesAttribute(list.Nodes[i+1:]):
				replaceCommand(action, "_show", "_showattr")
			}
		}
		quoteValues(list.Nodes)
	})
}

// each calls fn for all lists of nodes below and including root.
func each(root *parse.ListNode, fn func(*parse.ListNode)) {
	if root == nil {
		return
	}
	fn(root)
	for _, node := range root.Nodes {
		switch n := node.(type) {
		case *parse.IfNode:
			each(n.List, fn)
			each(n.ElseList, fn)
		case *parse.RangeNode:
			each(n.List, fn)
			each(n.ElseList, fn)
		case *parse.WithNode:
			each(n.List, fn)
			each(n.ElseList, fn)
		}
	}
}

// namesAttribute reports whether what is written before rest may be the name of an attribute with a value.
func namesAttribute(rest []parse.Node) bool {
	if len(rest) == 0 {
		return true
	}
	text, ok := rest[0].(*parse.TextNode)
	return !ok || !endsAttributeName.Match(text.Text)
}

var (
	endsAttributeName = regexp.MustCompile(`^(?:[ \t\r\n\f]+[^ \t\r\n\f=]|[ \t\r\n\f]*/?>)`)
	beginsValue       = regexp.MustCompile(`=[ \t\r\n\f]*[^ \t\r\n\f"'>]*$`)
	endOfValue        = " \t\r\n\f>"
)

// quoteValues puts quotes around attribute values without them, where the whole value is in one list. Values
// that a condition or a loop makes a part of are left alone.
func quoteValues(nodes []parse.Node) {
	for i := 1; i < len(nodes); i++ {
		action, ok := nodes[i].(*parse.ActionNode)
		if !ok || !escapedBy(action, "nospaceescaper") {
			continue
		}
		from := i - 1
		for from > 0 && declares(nodes[from]) {
			from--
		}
		before, ok := nodes[from].(*parse.TextNode)
		if !ok {
			continue
		}
		start := beginsValue.FindIndex(before.Text)
		last, end := endOf(nodes, i)
		if start == nil || last < 0 {
			continue
		}
		at := start[0] + 1
		for at < len(before.Text) && strings.IndexByte(" \t\r\n\f", before.Text[at]) >= 0 {
			at++
		}
		before.Text = slices.Concat(before.Text[:at], []byte{'"'}, before.Text[at:])
		for j := i; j <= last; j++ {
			if action, ok := nodes[j].(*parse.ActionNode); ok {
				replaceCommand(action, "_html_template_nospaceescaper", "_html_template_attrescaper")
			}
		}
		after := nodes[last].(*parse.TextNode)
		after.Text = slices.Concat(after.Text[:end], []byte{'"'}, after.Text[end:])
		i = last
	}
}

// declares reports whether a node only sets a variable.
func declares(node parse.Node) bool {
	action, ok := node.(*parse.ActionNode)
	return ok && len(action.Pipe.Decl) > 0
}

// endOf returns the text in which a value without quotes ends, and where in it; -1 if that is not known.
func endOf(nodes []parse.Node, from int) (node, at int) {
	for j := from; j < len(nodes); j++ {
		switch n := nodes[j].(type) {
		case *parse.TextNode:
			if end := strings.IndexAny(string(n.Text), endOfValue); end >= 0 {
				return j, end
			}
		case *parse.ActionNode:
			if !declares(n) && !escapedBy(n, "nospaceescaper") {
				return -1, 0
			}
		default:
			return -1, 0
		}
	}
	return -1, 0
}

// escapedBy reports whether html/template has added the function to an action.
func escapedBy(action *parse.ActionNode, name string) bool {
	return slices.ContainsFunc(action.Pipe.Cmds, func(c *parse.CommandNode) bool {
		ident, ok := c.Args[0].(*parse.IdentifierNode)
		return ok && ident.Ident == "_html_template_"+name
	})
}

func replaceCommand(action *parse.ActionNode, name, by string) {
	for i, command := range action.Pipe.Cmds {
		if ident, ok := command.Args[0].(*parse.IdentifierNode); ok && ident.Ident == name {
			replaced := *command
			replaced.Args = []parse.Node{parse.NewIdentifier(by).SetPos(ident.Pos)}
			action.Pipe.Cmds[i] = &replaced
		}
	}
}
