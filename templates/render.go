package templates

import (
	"bytes"
	"errors"
	htmltemplate "html/template"
	"io"
	"runtime"
	"time"

	"github.com/quintetgo/quintet/templates/internal/filters"
	"github.com/quintetgo/quintet/templates/internal/program"
	"github.com/quintetgo/quintet/templates/internal/render"
)

// RenderOptions are what one rendering may differ in from others of the same page.
type RenderOptions struct {
	// Location is the time zone that times are shown in: by date, time and now, and where a page writes a
	// time without a filter. With nil each time is shown in its own zone.
	Location *time.Location
	// Language translates texts, and writes messages and dates, for the reader of the page. Default: nil, all is written
	// as it is in the templates, in English.
	Language Language
}

// Language is what a rendering has to know about the language of its reader.
type Language = render.Language

// Render writes the page to w. Nothing is written when it fails; the error is an *Error that names
// the file and line at fault, or the error of w.
func (e *Engine) Render(w io.Writer, name string, data map[string]any) error {
	return e.RenderWith(w, name, data, RenderOptions{})
}

// RenderWith is Render with options of this rendering.
func (e *Engine) RenderWith(w io.Writer, name string, data map[string]any, options RenderOptions) error {
	if e.active.Add(1) > render.MaxDepth && stackIsDeep() {
		e.active.Add(-1)
		return &Error{
			Name:    name,
			Message: "template functions and templates render each other without an end",
			Hint:    "a function of a template renders a template that calls the function again; is there a circle in the data?",
		}
	}
	defer e.active.Add(-1)
	r := newRendering()
	r.Location, r.Language = options.Location, options.Language
	defer r.end()
	buffer := e.buffers.Get().(*bytes.Buffer)
	defer e.putBuffer(buffer)
	if err := e.execute(r, buffer, name, data); err != nil {
		return err
	}
	_, err := w.Write(buffer.Bytes())
	return err
}

// rendering is one call of RenderWith, with all partials that are chosen meanwhile.
type rendering struct {
	render.State
	originals map[*page]*original
}

func newRendering() *rendering {
	r := &rendering{}
	r.Owner = r
	return r
}

// maxFrames is how many calls of functions may be in progress when more pages are being rendered than
// templates may be in progress inside each other. It is far beyond what a request needs.
const maxFrames = 4000

// stackIsDeep reports whether renderings may be inside each other rather than beside each other.
func stackIsDeep() bool {
	var caller [1]uintptr
	return runtime.Callers(maxFrames, caller[:]) > 0
}

func (e *Engine) execute(r *rendering, buffer *bytes.Buffer, name string, data any) error {
	p := e.pages[name]
	if p == nil {
		return &Error{Name: name, Message: "does not exist in any source", Hint: e.pathHint(name)}
	}
	if p.err != nil {
		return p.err
	}
	depth := r.Depth()
	defer r.Unwind(depth)
	if err := r.Enter(p.file.key); err != nil {
		return e.execError(name, err)
	}
	var called *program.CallError
	if p.whole {
		data = made(data)
	}
	fast := e.closures(p)
	if fast != nil {
		before := buffer.Len()
		err := fast.Run(buffer, &r.State, data)
		if err == nil {
			return nil
		}
		buffer.Truncate(before)
		errors.As(err, &called)
		if final := e.finalError(name, err, called); final != nil {
			return final
		}
		r.Unwind(depth + 1)
	}
	o, err := e.take(r, p)
	if err != nil {
		return err
	}
	if err := o.execute(buffer, made(data)); err != nil {
		return e.execError(name, err)
	}
	if fast != nil && called == nil {
		p.fast.Store(nil) // it meets what closures do not know, and would again
	}
	return nil
}

// finalError returns the error of closures that the original need not be asked for: it is complete, or
// rendering the page once more would take too long. Otherwise it returns nil.
func (e *Engine) finalError(name string, err error, called *program.CallError) error {
	var limit *render.LimitError
	switch ours := (*Error)(nil); {
	case errors.As(err, &ours):
		return ours // a partial chosen while rendering
	case errors.As(err, &limit):
		return e.execError(name, err)
	case called != nil && called.Node != nil:
		return e.callError(name, called)
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
func (e *Engine) include(state *render.State, name string, args ...any) (any, error) {
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
	if err := e.execute(state.Owner.(*rendering), buffer, name, data); err != nil {
		return nil, err
	}
	if e.files[name].kind == kindHTML {
		return htmltemplate.HTML(buffer.String()), nil
	}
	return filters.Markup(buffer.String()), nil
}

// enter and leave surround templates that are called rather than written into the page: recursive ones.
func enter(state *render.State, name string) (string, error) { return "", state.Enter(name) }

func leave(state *render.State) string {
	state.Leave()
	return ""
}
