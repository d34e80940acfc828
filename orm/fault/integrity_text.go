package fault

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// FieldErrors returns user-facing messages by field name; the key "" is the object as a whole. Forms call it without importing
// package orm.
func (e *IntegrityError) FieldErrors() map[string][]string {
	field, message := "", "This does not go together with what is stored already."
	single := ""
	if len(e.Fields) == 1 {
		single = e.Fields[0]
	}
	switch e.Kind {
	case IntegrityUnique:
		field, message = e.taken()
	case IntegrityForeignKey:
		field, message = single, "Something that was chosen here does not exist any more."
		if single != "" {
			message = "This does not exist any more."
		}
	case IntegrityNotNull:
		if field = single; single != "" {
			message = "Please fill in this field."
		}
	case IntegrityCheck:
		field, message = single, "These values are not allowed together."
		if single != "" {
			message = "This value is not allowed."
		}
	}
	return map[string][]string{field: {message}}
}

// PublicMessage returns a user-facing message, with the constraint and its fields.
func (e *IntegrityError) PublicMessage() string {
	message := ""
	for _, messages := range e.FieldErrors() {
		message = messages[0]
	}
	constraint := e.Kind.String() + " constraint"
	if e.Kind == IntegrityOther {
		constraint = "constraint"
	}
	if e.Constraint != "" {
		constraint += fmt.Sprintf(" %q", e.Constraint)
	}
	fields := strings.Join(e.Fields, ", ")
	if e.Model != nil && fields != "" {
		fields = fmt.Sprintf("%s of %s", fields, e.Model.Label)
	}
	if fields != "" {
		constraint += " on " + fields
	}
	return fmt.Sprintf("%s (%s)", message, constraint)
}

// taken returns the message for fields whose values another row has, and the field that it belongs to.
func (e *IntegrityError) taken() (field, message string) {
	what, labels := "row", slices.Clone(e.Fields)
	if len(e.Fields) == 1 {
		field = e.Fields[0]
	}
	if m := e.Model; m != nil {
		what = m.Label
		for _, unique := range m.Unique {
			if unique.Message != "" && slices.Equal(unique.Fields, e.Fields) {
				return field, unique.Message
			}
		}
		for i, name := range e.Fields {
			f := m.Lookup(name)
			if f == nil {
				continue
			}
			if message := f.ErrorMessages["unique"]; message != "" && field != "" {
				return field, message
			}
			labels[i] = midSentence(cmp.Or(f.Label, strings.ReplaceAll(name, "_", " ")))
		}
	}
	if len(labels) == 0 {
		return "", fmt.Sprintf("A %s like this exists already.", what)
	}
	last := len(labels) - 1
	list := labels[last]
	if last > 0 {
		list = strings.Join(labels[:last], ", ") + " and " + list
	}
	return field, fmt.Sprintf("A %s with this %s exists already.", what, list)
}

// midSentence returns a label that begins in lower case, unless it begins with an abbreviation.
func midSentence(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	if second, _ := utf8.DecodeRuneInString(label[size:]); unicode.IsUpper(second) {
		return label
	}
	return string(unicode.ToLower(first)) + label[size:]
}
