package templates

import (
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"strings"
	texttemplate "text/template"
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/filters"
	"github.com/quintetgo/quintet/templates/internal/render"
)

// gate mentions a page without running it, which makes html/template escape it.
const gate = "gate"

// escapeHTML lets html/template escape the resolved page at once instead of at the first request.
// The exported Tree of the result is the escaped tree.
func escapeHTML(tree *parse.Tree, called map[string]*parse.Tree, funcs map[string]any) (*htmltemplate.Template, error) {
	set := htmltemplate.New(gate).Funcs(funcs)
	prepareValues(tree.Root)
	guardRanges(tree.Root)
	for name, t := range called {
		prepareValues(t.Root)
		guardRanges(t.Root)
		if _, err := set.AddParseTree(name, t); err != nil {
			return nil, err
		}
	}
	out, err := set.AddParseTree(tree.Name, tree)
	if err != nil {
		return nil, err
	}
	if _, err := set.Parse(fmt.Sprintf("{{if false}}{{template %q .}}{{end}}", tree.Name)); err != nil {
		return nil, err
	}
	if err := set.Execute(io.Discard, nil); err != nil {
		return nil, err
	}
	for _, t := range out.Templates() {
		if t.Tree != nil && t.Name() != gate {
			fixPlaces(t.Tree.Root)
			fixValues(t.Tree.Root)
		}
	}
	return out, nil
}

// prepareValues has every value that is written prepared by show.
func prepareValues(root *parse.ListNode) {
	appendCommand(root, "_show")
}

// fixPlaces sets the place of commands that the escaper added to that of the value they escape, so that
// an error of theirs names the right file.
func fixPlaces(root *parse.ListNode) {
	walk(root, func(n parse.Node) {
		pipe, ok := n.(*parse.PipeNode)
		if !ok {
			return
		}
		for i, command := range pipe.Cmds {
			ident, ok := command.Args[0].(*parse.IdentifierNode)
			if i > 0 && ok && strings.HasPrefix(ident.Ident, "_html_template_") {
				placed := *pipe.Cmds[0]
				placed.Args = command.Args
				pipe.Cmds[i] = &placed
			}
		}
	})
}

// prepareText makes a page that html/template has no part in. Values in .xml files are escaped.
func prepareText(k kind, tree *parse.Tree, called map[string]*parse.Tree, funcs map[string]any) (*texttemplate.Template, error) {
	escape := "_text"
	if k == kindXML {
		escape = "_xml"
	}
	set := texttemplate.New(tree.Name).Funcs(funcs)
	out, err := set.AddParseTree(tree.Name, tree)
	if err != nil {
		return nil, err
	}
	for name, t := range called {
		if _, err := set.AddParseTree(name, t); err != nil {
			return nil, err
		}
		appendCommand(t.Root, escape)
		guardRanges(t.Root)
	}
	appendCommand(tree.Root, escape)
	guardRanges(tree.Root)
	return out, nil
}

// appendCommand ends every pipe that writes with a call of the named function.
func appendCommand(root *parse.ListNode, name string) {
	walk(root, func(n parse.Node) {
		if action, ok := n.(*parse.ActionNode); ok && len(action.Pipe.Decl) == 0 {
			addCommand(action, name)
		}
	})
}

func addCommand(action *parse.ActionNode, name string) {
	extend(action.Pipe, action.Pos, name)
}

func extend(pipe *parse.PipeNode, pos parse.Pos, name string) {
	command := *pipe.Cmds[0]
	command.Args = []parse.Node{parse.NewIdentifier(name).SetPos(pos)}
	pipe.Cmds = append(pipe.Cmds, &command)
}

func xmlEscape(state *render.State, v any) (any, error) {
	if done, ok := v.(filters.Markup); ok {
		return done, nil
	}
	text, err := textOf(state, v)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	err = xml.EscapeText(&b, []byte(text))
	return filters.Markup(b.String()), err
}

func plainText(state *render.State, v any) (any, error) {
	text, err := textOf(state, v)
	return filters.Markup(text), err
}

// textOf writes a value as text.
func textOf(state *render.State, v any) (string, error) {
	if text, ok := filters.TimeText(state, v); ok {
		return text, nil
	}
	if err := render.Printable(v); err != nil {
		return "", err
	}
	return filters.Text(v), nil
}

// escapeError turns an error of html/template's escaper into ours.
func (e *Engine) escapeError(f *file, err error) error {
	inner, ok := errors.AsType[*htmltemplate.Error](err)
	if !ok {
		return &Error{Name: f.name, Source: f.source, Message: err.Error(), Err: err}
	}
	message, hint := plainNames(inner.Description), escapeHint(inner)
	message, _, _ = strings.Cut(message, ": {state") // the escaper's inner state helps nobody
	if inner.Node == nil {
		return &Error{Name: f.name, Source: f.source, Message: message, Hint: hint, Err: err}
	}
	place, _ := f.tree.ErrorContext(inner.Node)
	key, _, _ := strings.Cut(place, ":")
	at := e.byKey[key]
	if at == nil {
		at = f
	}
	out := errorAt(at, int(inner.Node.Position()), message, hint)
	out.Err = err
	return out
}

func escapeHint(err *htmltemplate.Error) string {
	switch err.ErrorCode {
	case htmltemplate.ErrAmbigContext:
		return "build the URL in one piece first, for example with url, or write the part before the value without a condition"
	case htmltemplate.ErrBadHTML:
		return "check the quotes and brackets around it"
	case htmltemplate.ErrBranchEnd, htmltemplate.ErrRangeLoopReentry:
		return "both ways must leave the HTML in the same state: open and close tags, quotes and scripts inside of one branch"
	case htmltemplate.ErrEndContext:
		return "a tag, quote, comment, style or script is not closed at the end of the file"
	case htmltemplate.ErrPartialEscape, htmltemplate.ErrPartialCharset:
		return "close the character or escape before the value"
	case htmltemplate.ErrPredefinedEscaper:
		return "remove html, js or urlquery: values are escaped for their context"
	case htmltemplate.ErrSlashAmbig:
		return "put the value into parentheses, a slash after it may begin a regular expression"
	case htmltemplate.ErrOutputContext:
		return "a partial that calls itself must end in the state it began in"
	}
	return ""
}
