package templates

import (
	"bytes"
	htmltemplate "html/template"
	texttemplate "text/template"
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/program"
	"github.com/quintetgo/quintet/templates/internal/render"
)

// original is a page as html/template or text/template renders it. Their functions cannot be exchanged from
// one rendering to the next, so an original belongs to one rendering at a time.
type original struct {
	html  *htmltemplate.Template // one of html and text is set
	text  *texttemplate.Template
	state *render.State // of the rendering that it belongs to
}

// original makes a page of its resolved trees, which must be used for nothing else.
func (e *Engine) original(f *file, body *parse.ListNode, called map[string]*parse.Tree) (o *original, err error) {
	o = &original{}
	if own := called[f.key]; own != nil { // the page calls itself: both are one template, with its calls counted
		body = own.Root
		delete(called, f.key)
	}
	funcs := program.Bind(e.funcs, func() *render.State { return o.state })
	for name, fn := range program.Comparisons() {
		if funcs[name] == nil {
			funcs[name] = fn
		}
	}
	tree := &parse.Tree{Name: f.key, ParseName: f.key, Root: body}
	if f.kind == kindHTML {
		o.html, err = escapeHTML(tree, called, funcs)
	} else {
		o.text, err = prepareText(f.kind, tree, called, funcs)
	}
	return o, err
}

// execute renders the page.
func (o *original) execute(buffer *bytes.Buffer, data any) error {
	if o.html != nil {
		return o.html.Execute(buffer, data)
	}
	return o.text.Execute(buffer, data)
}

// maxSpare is how many originals of a page are kept for renderings at the same time.
const maxSpare = 16

// take returns an original for a rendering, which has it until it ends: templates that call themselves
// use the same.
func (e *Engine) take(r *rendering, p *page) (*original, error) {
	if o := r.originals[p]; o != nil {
		return o, nil
	}
	p.mu.Lock()
	var o *original
	if n := len(p.spare); n > 0 {
		o, p.spare = p.spare[n-1], p.spare[:n-1]
	}
	p.mu.Unlock()
	if o == nil {
		body, called, _, err := e.resolve(p.file)
		if err != nil {
			return nil, err
		}
		if o, err = e.original(p.file, body, called); err != nil {
			return nil, e.escapeError(p.file, err)
		}
	}
	if r.originals == nil {
		r.originals = map[*page]*original{}
	}
	o.state, r.originals[p] = &r.State, o
	return o, nil
}

// end releases what the rendering has acquired.
func (r *rendering) end() {
	for p, o := range r.originals {
		o.state = nil
		p.mu.Lock()
		if len(p.spare) < maxSpare {
			p.spare = append(p.spare, o)
		}
		p.mu.Unlock()
	}
}
