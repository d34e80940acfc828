package templates

import (
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/program"
)

// closures returns the page as closures, or nil.
func (p *page) closures(funcs map[string]any) *program.Program {
	p.once.Do(func() { p.compile(funcs) })
	return p.fast.Load()
}

// compile makes closures of the page, if that is possible. html/template and text/template stay the
// measure: they render what cannot be compiled, and whatever fails, so that its error is theirs.
func (p *page) compile(funcs map[string]any) {
	options := program.Options{Funcs: funcs, Called: map[string]*parse.ListNode{}, Show: "_show"}
	if p.html != nil {
		options.Root = p.html.Tree.Root
		for _, t := range p.html.Templates() {
			if t.Tree != nil {
				options.Called[t.Name()] = t.Tree.Root
			}
		}
	} else {
		options.Root = p.text.Root
		for _, t := range p.text.Templates() {
			if t.Tree != nil {
				options.Called[t.Name()] = t.Root
			}
		}
	}
	if compiled, err := program.Compile(options); err == nil {
		p.fast.Store(compiled)
	}
}
