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
	depth int
}

// step writes a part of the template.
type step func(f *frame, dot reflect.Value) error

// maxDepth is how deep templates may call each other.
const maxDepth = 10_000

var (
	errBreak    = errors.New("break")
	errContinue = errors.New("continue")
	errDepth    = errors.New("templates call each other too deep")
)

// CallError is the error of a function or method that a template calls, or its panic. Any other error means
// that the program cannot do what the template wants.
type CallError struct{ Err error }

func (e *CallError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *CallError) Unwrap() error { return e.Err }

// Options says what a template may use.
type Options struct {
	Root   *parse.ListNode
	Called map[string]*parse.ListNode // by the name in {{ template }}
	Funcs  map[string]any             // besides those of text/template, which they replace
	// Show is the name of a function that leaves values alone but for nil pointers, of which it makes nothing.
	Show string
}

// Compile returns the program of a template, or an error that says what it cannot do.
func Compile(options Options) (*Program, error) {
	c := &compiler{options: options, bodies: map[string]*body{}}
	main := &body{}
	if err := c.fill(main, options.Root); err != nil {
		return nil, err
	}
	return &Program{main: main}, nil
}

// Run writes the template for data to out. After an error, which includes panics of what it calls, out may
// hold a part.
func (p *Program) Run(out *bytes.Buffer, data any) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &CallError{fmt.Errorf("panic: %v", value)}
		}
	}()
	value := reflect.ValueOf(data)
	return p.main.run(out, value, 0)
}

func (b *body) run(out *bytes.Buffer, dot reflect.Value, depth int) error {
	if depth > maxDepth {
		return errDepth
	}
	f := &frame{out: out, vars: make([]reflect.Value, b.slots), depth: depth}
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
