package templates

import (
	"bytes"
	"errors"
	htmltemplate "html/template"
	"io"

	"github.com/quintetgo/quintet/templates/internal/filters"
	"github.com/quintetgo/quintet/templates/internal/program"
)

// Render writes the page to w. Nothing is written when it fails; the error is an *Error that names
// the file and line at fault, or the error of w.
func (e *Engine) Render(w io.Writer, name string, data map[string]any) error {
	buffer := e.buffers.Get().(*bytes.Buffer)
	defer e.putBuffer(buffer)
	if err := e.execute(buffer, name, data); err != nil {
		return err
	}
	_, err := w.Write(buffer.Bytes())
	return err
}

func (e *Engine) execute(buffer *bytes.Buffer, name string, data any) (err error) {
	p := e.pages[name]
	if p == nil {
		return &Error{Name: name, Message: "does not exist in any source", Hint: e.pathHint(name)}
	}
	if p.err != nil {
		return p.err
	}
	var called *program.CallError
	fast := p.closures(e.funcs)
	if fast != nil {
		before := buffer.Len()
		if err = fast.Run(buffer, data); err == nil {
			return nil
		}
		if ours := (*Error)(nil); errors.As(err, &ours) {
			return ours // a partial chosen while rendering
		}
		errors.As(err, &called)
		buffer.Truncate(before)
	}
	if p.html != nil {
		err = p.html.Execute(buffer, data)
	} else {
		err = p.text.Execute(buffer, data)
	}
	if err != nil {
		return e.execError(name, err)
	}
	if fast != nil && called == nil {
		p.fast.Store(nil) // it meets what closures do not know, and would again
	}
	return nil
}

// maxPooled keeps one huge page from holding its memory for ever.
const maxPooled = 1 << 20

func (e *Engine) putBuffer(buffer *bytes.Buffer) {
	if buffer.Cap() <= maxPooled {
		buffer.Reset()
		e.buffers.Put(buffer)
	}
}

// include is the function behind {{ include .name … }}, where the partial is chosen while rendering.
func (e *Engine) include(name string, args ...any) (any, error) {
	var data any
	var err error
	switch {
	case len(args) == 1:
		data = args[0]
	case len(args)%2 == 1:
		data, err = filters.Merge(args[0], args[1:]...)
	default:
		data, err = filters.Dict(args...)
	}
	if err != nil {
		return nil, err
	}
	buffer := e.buffers.Get().(*bytes.Buffer)
	defer e.putBuffer(buffer)
	if err := e.execute(buffer, name, data); err != nil {
		return nil, err
	}
	if e.files[name].kind == kindHTML {
		return htmltemplate.HTML(buffer.String()), nil
	}
	return filters.Markup(buffer.String()), nil
}
