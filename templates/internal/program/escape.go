package program

import (
	"bytes"
	"errors"
	htmltemplate "html/template"
	"io"
	"strings"
	"sync"
	"text/template/parse"
)

// prefix is how the names of the functions begin that html/template adds to pipelines.
const prefix = "_html_template_"

// escaper writes what a chain of html/template's functions makes of a value.
type escaper struct {
	original func(out *bytes.Buffer, value any) error
	table    *[256]string           // what becomes of each byte of a text, "" if it stays; nil if that is not all there is to it
	fits     func(text string) bool // texts that the table is good for; nil means all
	markup   bool                   // htmltemplate.HTML stays as it is
}

// tables lists the chains that work byte by byte, and their texts.
var tables = map[string]struct {
	like   string // the chain whose table it is
	fits   func(string) bool
	markup bool
}{
	"htmlescaper":               {like: "htmlescaper", markup: true},
	"rcdataescaper":             {like: "rcdataescaper"},
	"attrescaper":               {like: "attrescaper"},
	"urlescaper attrescaper":    {like: "urlescaper attrescaper"},
	"urlnormalizer attrescaper": {like: "urlnormalizer attrescaper", fits: unescaped},
	"urlfilter urlnormalizer attrescaper": {
		like: "urlnormalizer attrescaper",
		fits: func(s string) bool { return relative(s) && unescaped(s) },
	},
}

// unescaped texts have no percent sign, of which the normalizer looks at what follows.
func unescaped(s string) bool { return strings.IndexByte(s, '%') < 0 }

// relative addresses have no scheme that the filter would have to know.
func relative(s string) bool { return strings.HasPrefix(s, "/") || strings.IndexByte(s, ':') < 0 }

var escapers sync.Map // of *escaper by chain

// escaperOf returns the escaper of functions by their names.
func escaperOf(names []string) (*escaper, error) {
	chain := strings.ReplaceAll(strings.Join(names, " "), prefix, "")
	if known, ok := escapers.Load(chain); ok {
		return known.(*escaper), nil
	}
	original, err := originalOf(names)
	if err != nil {
		return nil, err
	}
	e := &escaper{original: original}
	if way, ok := tables[chain]; ok {
		e.fits, e.markup = way.fits, way.markup
		if way.like == chain {
			e.table = learn(original)
		} else {
			like, err := escaperOf(strings.Fields(prefix + strings.ReplaceAll(way.like, " ", " "+prefix)))
			if err != nil {
				return nil, err
			}
			e.table = like.table
		}
	}
	escapers.Store(chain, e)
	return e, nil
}

// originalOf returns what writes a value through html/template's functions of these names, which it keeps
// to itself: a template of one action calls them.
func originalOf(names []string) (func(out *bytes.Buffer, value any) error, error) {
	t, err := htmltemplate.New("").Parse("{{.}}")
	if err != nil {
		return nil, err
	}
	if err := t.Execute(io.Discard, nil); err != nil { // has it escaped
		return nil, err
	}
	action, ok := t.Tree.Root.Nodes[0].(*parse.ActionNode)
	if !ok || len(action.Pipe.Cmds) != 2 {
		return nil, errors.New("html/template does not escape as it did")
	}
	added := action.Pipe.Cmds[1]
	action.Pipe.Cmds = action.Pipe.Cmds[:1]
	for _, name := range names {
		command := *added
		command.Args = []parse.Node{parse.NewIdentifier(name).SetTree(t.Tree).SetPos(action.Pos)}
		action.Pipe.Cmds = append(action.Pipe.Cmds, &command)
	}
	return func(out *bytes.Buffer, value any) error { return t.Execute(out, value) }, nil
}

// learn returns what the original makes of each byte, so that it is escaped here as it would be there,
// whatever the release of Go.
func learn(original func(out *bytes.Buffer, value any) error) *[256]string {
	var table [256]string
	var out bytes.Buffer
	for i := range table {
		own := string([]byte{byte(i)})
		out.Reset()
		if original(&out, own) != nil || out.Len() == 0 {
			return nil
		}
		if text := out.String(); text != own {
			table[i] = text
		}
	}
	return &table
}

// text writes a text, if the table is good for it.
func (e *escaper) text(out *bytes.Buffer, s string) bool {
	if e.table == nil || e.fits != nil && !e.fits(s) {
		return false
	}
	written := 0
	for i := range len(s) {
		if instead := e.table[s[i]]; instead != "" {
			out.WriteString(s[written:i])
			out.WriteString(instead)
			written = i + 1
		}
	}
	out.WriteString(s[written:])
	return true
}
