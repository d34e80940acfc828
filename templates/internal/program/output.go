package program

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/render"
)

// writer writes a value.
type writer func(f *frame, v reflect.Value) error

// output compiles a pipeline whose value is written. What html/template has added to it is not called one
// after the other, with a text for each, but writes straight away.
func (c *compiler) output(p *parse.PipeNode) (step, error) {
	from := len(p.Cmds)
	for from > 1 && c.escapes(p.Cmds[from-1]) {
		from--
	}
	var names []string
	var show func(*render.State, any) (any, error)
	for _, command := range p.Cmds[from:] {
		name := command.Args[0].(*parse.IdentifierNode).Ident
		if fn := c.options.Show[name]; fn != nil {
			show = fn
		} else {
			names = append(names, name)
		}
	}
	value, err := c.commands(p.Cmds[:from])
	if err != nil {
		return nil, err
	}
	write, err := c.writer(names, show)
	if err != nil {
		return nil, err
	}
	return func(f *frame, dot reflect.Value) error {
		v, err := value(f, dot)
		if err != nil {
			return err
		}
		return write(f, v)
	}, nil
}

func (c *compiler) escapes(command *parse.CommandNode) bool {
	name, ok := command.Args[0].(*parse.IdentifierNode)
	return ok && len(command.Args) == 1 && (c.options.Show[name.Ident] != nil || strings.HasPrefix(name.Ident, prefix))
}

// writer returns what prepares a value by show and writes it through html/template's functions of these names.
func (c *compiler) writer(names []string, show func(*render.State, any) (any, error)) (writer, error) {
	if len(names) == 0 {
		return shown(show), nil
	}
	e, err := escaperOf(names)
	if err != nil {
		return nil, err
	}
	return func(f *frame, v reflect.Value) error {
		switch s, is := text(v, e.markup); {
		case is == asMarkup:
			f.out.WriteString(s)
			return nil
		case is == asText && e.text(f.out, s):
			return nil
		}
		if show == nil {
			return e.original(f.out, inside(v))
		}
		prepared, err := show(f.state, inside(v))
		if err != nil {
			return &CallError{Err: err}
		}
		if s, ok := prepared.(string); ok && e.text(f.out, s) {
			return nil
		}
		return e.original(f.out, prepared)
	}, nil
}

// shown writes what show makes of a value, as text/template does.
func shown(show func(*render.State, any) (any, error)) writer {
	return func(f *frame, v reflect.Value) error {
		if show == nil {
			return printed(f.out, v)
		}
		prepared, err := show(f.state, inside(v))
		if err != nil {
			return &CallError{Err: err}
		}
		return printed(f.out, reflect.ValueOf(prepared))
	}
}

// printed writes a value as text/template does.
func printed(out *bytes.Buffer, v reflect.Value) error {
	if v.Kind() == reflect.Pointer {
		v, _ = indirect(v)
	}
	if !v.IsValid() {
		out.WriteString("<no value>")
		return nil
	}
	if v.Type() == stringType {
		out.WriteString(v.String())
		return nil
	}
	if t := v.Type(); !t.Implements(errorType) && !t.Implements(stringerType) {
		if pointer := reflect.PointerTo(t); v.CanAddr() && (pointer.Implements(errorType) || pointer.Implements(stringerType)) {
			v = v.Addr()
		} else if v.Kind() == reflect.Chan || v.Kind() == reflect.Func {
			return fmt.Errorf("%s cannot be written", t)
		}
	}
	_, err := fmt.Fprint(out, v.Interface())
	return err
}

// form is what text made of a value.
type form uint8

const (
	asOther form = iota // it has to be asked itself
	asText
	asMarkup // HTML that is not to be escaped
)

// text returns a value as text, if it is of a type whose text is known.
func text(v reflect.Value, markup bool) (string, form) {
	for steps := 0; v.Kind() == reflect.Pointer; steps++ {
		if v.IsNil() || steps > maxPointers {
			return "", asOther
		}
		if kind := kindOf(v.Type()); kind != pointerType {
			return "", asOther
		}
		v = v.Elem()
	}
	if !v.IsValid() {
		return "", asText
	}
	switch kindOf(v.Type()) {
	case textType:
		return v.String(), asText
	case markupType:
		if markup {
			return v.String(), asMarkup
		}
	case signedType:
		return strconv.FormatInt(v.Int(), 10), asText
	case unsignedType:
		return strconv.FormatUint(v.Uint(), 10), asText
	case truthType:
		return strconv.FormatBool(v.Bool()), asText
	}
	return "", asOther
}

// typeKind is how values of a type become text.
type typeKind uint8

const (
	otherType typeKind = iota
	textType
	markupType
	signedType
	unsignedType
	truthType
	pointerType // to what has no methods for it
)

var (
	stringerType  = reflect.TypeFor[fmt.Stringer]()
	formatterType = reflect.TypeFor[fmt.Formatter]()
	kinds         sync.Map // of typeKind by reflect.Type
	// trusted are the types that html/template takes for what their names say.
	trusted = []reflect.Type{
		reflect.TypeFor[htmltemplate.CSS](), reflect.TypeFor[htmltemplate.HTMLAttr](), reflect.TypeFor[htmltemplate.JS](),
		reflect.TypeFor[htmltemplate.JSStr](), reflect.TypeFor[htmltemplate.URL](), reflect.TypeFor[htmltemplate.Srcset](),
	}
)

func kindOf(t reflect.Type) typeKind {
	switch t {
	case stringType:
		return textType
	case htmlType:
		return markupType
	}
	if kind, ok := kinds.Load(t); ok {
		return kind.(typeKind)
	}
	kind := otherType
	switch methods := t.Implements(stringerType) || t.Implements(errorType) || t.Implements(formatterType); {
	case methods || slices.Contains(trusted, t):
	case t.Kind() == reflect.String:
		kind = textType
	case t.Kind() == reflect.Bool:
		kind = truthType
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		kind = signedType
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uintptr:
		kind = unsignedType
	case t.Kind() == reflect.Pointer:
		kind = pointerType
	}
	kinds.Store(t, kind)
	return kind
}

var (
	stringType = reflect.TypeFor[string]()
	htmlType   = reflect.TypeFor[htmltemplate.HTML]()
)
