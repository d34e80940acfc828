package fault

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
)

// FieldErrors returns user-facing messages by field name; the key "" is the object as a whole. Forms call it without
// importing package orm.
func (e *IntegrityError) FieldErrors() map[string][]message.Message {
	if e.Invalid != nil {
		return e.Invalid.Fields
	}
	field, m := e.message()
	return map[string][]message.Message{field: {m}}
}

// message returns the user-facing message and the field that it belongs to, "" if it is about several or none.
func (e *IntegrityError) message() (field string, m message.Message) {
	if len(e.Fields) == 1 {
		field = e.Fields[0]
	}
	switch e.Kind {
	case IntegrityUnique:
		return field, e.taken(field)
	case IntegrityForeignKey:
		if field == "" {
			return "", message.New("foreign_key", "A selected object no longer exists.")
		}
		return field, message.New("foreign_key", "The selected object no longer exists.")
	case IntegrityNotNull:
		if field != "" {
			return field, message.New("required", "Please fill in this field.")
		}
	case IntegrityCheck:
		if text := e.checkText(); text != "" {
			return field, message.New("check", text)
		}
		if field == "" {
			return "", message.New("check", "This combination of values is not allowed.")
		}
		return field, message.New("check", "This value is not allowed.")
	}
	return "", message.New("conflict", "This conflicts with an existing record.")
}

// checkText returns the model's own text for a broken check, "" if it has none.
func (e *IntegrityError) checkText() string {
	if e.Model == nil {
		return ""
	}
	for _, c := range e.Model.Checks {
		if c.Name == e.Constraint {
			return c.Message
		}
	}
	return ""
}

// constraintTexts name the kinds of constraints.
var constraintTexts = [...]string{"constraint", "unique constraint", "foreign key constraint", "not null constraint", "check constraint"}

// PublicMessage returns the message of FieldErrors with the constraint and its fields, for error pages.
func (e *IntegrityError) PublicMessage() message.Message {
	_, m := e.message()
	text := "{message} ({kind})"
	switch named := e.Constraint != ""; {
	case named && len(e.Fields) > 0:
		text = "{message} ({kind} “{name}” on {fields})"
	case named:
		text = "{message} ({kind} “{name}”)"
	case len(e.Fields) > 0:
		text = "{message} ({kind} on {fields})"
	}
	kind := constraintTexts[0]
	if int(e.Kind) < len(constraintTexts) {
		kind = constraintTexts[e.Kind]
	}
	fields := message.Text(strings.Join(e.Fields, ", "))
	if e.Model != nil {
		fields = message.New("", "{fields} of {model}", message.Args{"fields": fields, "model": e.Model.Label})
	}
	return message.New(m.Code, text, message.Args{"message": m, "kind": message.Text(kind), "name": e.Constraint, "fields": fields})
}

// taken returns the message for values that another row has. Field is the only field, or "".
func (e *IntegrityError) taken(field string) message.Message {
	model, labels := "row", make(message.List, len(e.Fields))
	for i, name := range e.Fields {
		labels[i] = message.Text(name)
	}
	m := message.New("unique", "A {model} with this {fields} already exists.")
	if e.Model != nil {
		model = e.Model.Label
		for _, unique := range e.Model.Unique {
			if unique.Message != "" && (unique.Name == e.Constraint || e.Constraint == "" && slices.Equal(unique.Fields, e.Fields)) {
				return m.WithText(unique.Message)
			}
		}
		for i, name := range e.Fields {
			f := e.Model.Lookup(name)
			if f == nil {
				continue
			}
			if field != "" {
				m = f.Message(m)
			}
			labels[i] = message.Text(midSentence(cmp.Or(f.Label, strings.ReplaceAll(name, "_", " "))))
		}
	}
	if len(labels) == 0 {
		m = m.WithText("A {model} like this already exists.")
	}
	return m.With(message.Args{"model": model, "fields": labels})
}

// midSentence returns a label that begins in lower case, unless it begins with an abbreviation.
func midSentence(label string) string {
	first, size := utf8.DecodeRuneInString(label)
	if second, _ := utf8.DecodeRuneInString(label[size:]); unicode.IsUpper(second) {
		return label
	}
	return string(unicode.ToLower(first)) + label[size:]
}
