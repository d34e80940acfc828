package forms

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Errors holds messages for people by field name; "" is the form as a whole.
type Errors map[string][]string

// Invalid returns Errors with one message, for Clean methods. The field "" is the form as a whole.
func Invalid(field, message string) Errors { return Errors{field: {message}} }

// Error joins all messages, in order of the field names.
func (e Errors) Error() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(e)) {
		for _, message := range e[name] {
			if name != "" {
				message = name + ": " + message
			}
			parts = append(parts, message)
		}
	}
	return strings.Join(parts, "; ")
}

// HTTPStatus is 422, for views that return the errors instead of showing the form.
func (Errors) HTTPStatus() int { return http.StatusUnprocessableEntity }

// PublicMessage is that of Error: the messages are words for people.
func (e Errors) PublicMessage() string { return e.Error() }

// Form returns the messages for the form as a whole.
func (e Errors) Form() []string { return e[""] }

// Count is the number of messages.
func (e Errors) Count() int {
	n := 0
	for _, messages := range e {
		n += len(messages)
	}
	return n
}

func (e Errors) add(field, message string) {
	if !slices.Contains(e[field], message) {
		e[field] = append(e[field], message)
	}
}

// fieldErrors is implemented by errors of other layers that know which field they belong to.
type fieldErrors interface{ FieldErrors() map[string][]string }

// byField takes an error apart into messages by field. Other errors become one message for the form.
func byField(err error) Errors {
	if known, ok := errors.AsType[Errors](err); ok {
		return known
	}
	var other fieldErrors
	if errors.As(err, &other) {
		return other.FieldErrors()
	}
	return Errors{"": {err.Error()}}
}
