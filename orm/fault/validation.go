package fault

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// ValidationError reports the invalid fields of an object. Its HTTP status is 422.
type ValidationError struct {
	Model  *schema.Model       // of the object; nil in errors of validators and Clean methods
	Fields map[string][]string // user-facing messages by field name; the key "" is the object as a whole
}

// Invalid returns a ValidationError with a user-facing message for one field, or for the object as a whole if field is "".
func Invalid(field, message string) *ValidationError {
	return &ValidationError{Fields: map[string][]string{field: {message}}}
}

// Add adds a user-facing message to a field, or to the object as a whole if field is "".
func (e *ValidationError) Add(field, message string) {
	if e.Fields == nil {
		e.Fields = map[string][]string{}
	}
	e.Fields[field] = append(e.Fields[field], message)
}

// Error returns a text with the model and the messages by field.
func (e *ValidationError) Error() string {
	var b strings.Builder
	b.WriteString("orm: ")
	if e.Model != nil {
		b.WriteString(e.Model.String() + " ")
	}
	b.WriteString("is not valid")
	if len(e.Fields) > 0 {
		b.WriteString(": " + e.PublicMessage())
	}
	return b.String()
}

// PublicMessage returns the messages by field, in the order of the field names.
func (e *ValidationError) PublicMessage() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		text := strings.Join(e.Fields[name], " ")
		if name != "" {
			text = name + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// FieldErrors returns Fields. Forms call it without importing package orm.
func (e *ValidationError) FieldErrors() map[string][]string { return e.Fields }

// HTTPStatus returns 422.
func (e *ValidationError) HTTPStatus() int { return http.StatusUnprocessableEntity }

// Merge adds the messages of an error that a validator or Clean method returned. Those for the object as a whole, and the text
// of an error of another type, are added to field.
func (e *ValidationError) Merge(field string, err error) {
	other, ok := errors.AsType[*ValidationError](err)
	if !ok {
		e.Add(field, err.Error())
		return
	}
	for name, messages := range other.Fields {
		if name == "" {
			name = field
		}
		for _, message := range messages {
			e.Add(name, message)
		}
	}
}
