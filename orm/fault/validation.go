package fault

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
)

// ValidationError reports the invalid fields of an object. Its HTTP status is 422.
type ValidationError struct {
	Model  *schema.Model                // of the object; nil in errors of validators and Clean methods
	Fields map[string][]message.Message // user-facing messages by field name; the key "" is the object as a whole
}

// Invalid returns a ValidationError with one message of the code "invalid" for a field, or for the object as a whole if
// field is "". The text is constant, see package message. For another code, use [ValidationError.Add] or return a
// [message.Message] from the validator or Clean method.
func Invalid(field, text string, args ...message.Args) *ValidationError {
	return &ValidationError{Fields: map[string][]message.Message{field: {message.New("invalid", text, args...)}}}
}

// Add adds a user-facing message to a field, or to the object as a whole if field is "".
func (e *ValidationError) Add(field string, m message.Message) {
	if e.Fields == nil {
		e.Fields = map[string][]message.Message{}
	}
	e.Fields[field] = append(e.Fields[field], m)
}

// Error returns a text with the model and the messages by field, in English.
func (e *ValidationError) Error() string {
	var b strings.Builder
	b.WriteString("orm: ")
	if e.Model != nil {
		b.WriteString(e.Model.String() + " ")
	}
	b.WriteString("is not valid")
	for i, name := range slices.Sorted(maps.Keys(e.Fields)) {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		if name != "" {
			b.WriteString(name + ": ")
		}
		for i, m := range e.Fields[name] {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(m.String())
		}
	}
	return b.String()
}

// FieldErrors returns Fields. Forms and error responses call it without importing package orm.
func (e *ValidationError) FieldErrors() map[string][]message.Message { return e.Fields }

// HTTPStatus returns 422.
func (e *ValidationError) HTTPStatus() int { return http.StatusUnprocessableEntity }

// Merge adds the messages of an error that a validator or Clean method returned: those of an error with a method
// FieldErrors, a [message.Message], or the text of an error of another type, with the code "invalid". Messages for the
// object as a whole are added to field.
func (e *ValidationError) Merge(field string, err error) {
	other, ok := errors.AsType[interface {
		error
		FieldErrors() map[string][]message.Message
	}](err)
	if !ok {
		m, ok := errors.AsType[message.Message](err)
		if !ok {
			m = message.New("invalid", err.Error())
		}
		e.Add(field, m)
		return
	}
	for name, messages := range other.FieldErrors() {
		for _, m := range messages {
			e.Add(cmp.Or(name, field), m)
		}
	}
}

// InvalidValue returns a [*ValidationError] for the error of a value that its column cannot hold. Other errors, and
// nil, it returns as they are.
func InvalidValue(m *schema.Model, err error) error {
	e := schema.Refused(err)
	if e == nil {
		return err
	}
	return &ValidationError{Model: m, Fields: map[string][]message.Message{e.Field.Name: {e.Message()}}}
}
