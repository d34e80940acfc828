package templates

import (
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/program"
)

// closures returns the page as closures, or nil.
func (e *Engine) closures(p *page) *program.Program {
	p.once.Do(func() { e.compile(p) })
	return p.fast.Load()
}

// compile makes closures of the page, if that is possible. html/template and text/template stay the
// measure: they render what cannot be compiled, and most of what fails, so that its error is theirs.
func (e *Engine) compile(p *page) {
	r := newRendering()
	o, err := e.take(r, p)
	if err != nil {
		return
	}
	defer r.end()
	options := program.Options{Funcs: e.funcs, Called: map[string]*parse.ListNode{}, Show: shows, Nil: e.nilField}
	if o.html != nil {
		options.Root = o.html.Tree.Root
		for _, t := range o.html.Templates() {
			if t.Tree != nil {
				options.Called[t.Name()] = t.Tree.Root
			}
		}
	} else {
		options.Root = o.text.Root
		for _, t := range o.text.Templates() {
			if t.Tree != nil {
				options.Called[t.Name()] = t.Root
			}
		}
	}
	if compiled, err := program.Compile(options); err == nil {
		p.fast.Store(compiled)
	}
}
