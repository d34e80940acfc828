// Package program turns parsed templates into Go closures.
//
// text/template walks the tree at each run: it finds fields by name, calls every function by reflection and
// writes what came out through fmt. A Program does once what does not change from run to run, and remembers
// how values of the types that it met are reached and written.
//
// A Program means to write what text/template and html/template write, byte for byte. Where it would have to
// fail, or meets what it does not know, Run returns an error, and the caller lets the original render the
// page instead: its messages are the ones to show.
package program

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/render"
)

// Program is a template as Go closures. It may be run by many goroutines at once.
type Program struct{ main *body }

// body is one template: the page, or one that it calls.
type body struct {
	steps []step
	slots int // variables
}

// frame is what one run of a body works with.
type frame struct {
	out   *bytes.Buffer
	vars  []reflect.Value
	state *render.State
}

// step writes a part of the template.
type step func(f *frame, dot reflect.Value) error

var (
	errBreak    = errors.New("break")
	errContinue = errors.New("continue")
)

// CallError is the error of a function or method that a template calls, or its panic. Any other error means
// that the program cannot do what the template wants.
type CallError struct {
	Err  error
	Node parse.Node // the call; nil for panics, and for functions of text/template, whose messages are shorter here
	text bool       // it is one of text/template
}

func (e *CallError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *CallError) Unwrap() error { return e.Err }

// Options lists what a template can use.
type Options struct {
	Root   *parse.ListNode
	Called map[string]*parse.ListNode // by the name in {{ template }}
	Funcs  map[string]any             // besides those of text/template, which they replace
	// Show has the functions that prepare values before they are escaped, by name. They leave texts, numbers
	// and truth values alone. Their names are not called as functions.
	Show map[string]func(state *render.State, v any) (any, error)
	// Nil is called with a struct and the name of a field of it that is a nil pointer or slice; nil does nothing.
	Nil func(object any, field string) error
}

// Compile returns the program of a template, or an error for what it does not support.
func Compile(options Options) (*Program, error) {
	c := &compiler{options: options, bodies: map[string]*body{}}
	main := &body{}
	if err := c.fill(main, options.Root); err != nil {
		return nil, err
	}
	return &Program{main: main}, nil
}

// Run writes the template for data to out. After an error, which includes panics of what it calls, out may
// hold a part. Templates that call each other in a circle have to be bounded by what they call: see
// render.State.Enter.
func (p *Program) Run(out *bytes.Buffer, state *render.State, data any) (err error) {
	defer func() {
		switch value := recover().(type) {
		case nil:
		case error:
			err = &CallError{Err: fmt.Errorf("panic: %w", value)}
		default:
			err = &CallError{Err: fmt.Errorf("panic: %v", value)}
		}
	}()
	value := reflect.ValueOf(data)
	return p.main.run(out, state, value)
}

func (b *body) run(out *bytes.Buffer, state *render.State, dot reflect.Value) error {
	f := &frame{out: out, vars: make([]reflect.Value, b.slots), state: state}
	f.vars[0] = dot // $
	return all(b.steps, f, dot)
}

func all(steps []step, f *frame, dot reflect.Value) error {
	for _, s := range steps {
		if err := s(f, dot); err != nil {
			return err
		}
	}
	return nil
}
