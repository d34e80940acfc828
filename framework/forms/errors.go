package forms

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
)

// Errors holds user-facing messages by field name; the key "" is the form as a whole.
type Errors map[string][]message.Message

// Invalid returns Errors with one message of the code "invalid", for Clean methods and validators. The field "" is the
// form as a whole, or the field that a validator checks. The text is constant; see package message. A message with
// another code is written as Errors{field: {message.New(code, text)}}.
func Invalid(field, text string, args ...message.Args) Errors {
	return Errors{field: {message.New("invalid", text, args...)}}
}

// Error joins all messages in English, in order of the field names.
func (e Errors) Error() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(e)) {
		for _, m := range e[name] {
			text := m.String()
			if name != "" {
				text = name + ": " + text
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "; ")
}

// HTTPStatus returns 422, for views that return the errors instead of showing the form.
func (Errors) HTTPStatus() int { return http.StatusUnprocessableEntity }

// FieldErrors returns e. Error responses list the messages of an error with this method by field.
func (e Errors) FieldErrors() map[string][]message.Message { return e }

// Form returns the messages for the form as a whole.
func (e Errors) Form() []message.Message { return e[""] }

// Count returns the number of messages.
func (e Errors) Count() int {
	n := 0
	for _, messages := range e {
		n += len(messages)
	}
	return n
}

// Add adds a message to a field, or to the form for "", unless it is there already. The map must not be nil.
func (e Errors) Add(field string, m message.Message) {
	if !slices.ContainsFunc(e[field], m.Equal) {
		e[field] = append(e[field], m)
	}
}

// fieldErrors is implemented by Errors and by errors of other packages that know their fields.
type fieldErrors interface {
	error
	FieldErrors() map[string][]message.Message
}

// byField returns the messages of an error by field. An error that is neither a message nor one with messages by field
// becomes a message of the code "invalid" for the form.
func byField(err error) Errors {
	if e, ok := errors.AsType[fieldErrors](err); ok {
		return e.FieldErrors()
	}
	if m, ok := errors.AsType[message.Message](err); ok {
		return Errors{"": {m}}
	}
	return Errors{"": {message.New("invalid", err.Error())}}
}
