package forms

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
)

// maxValue is the maximum length in bytes of one value.
const maxValue = 1 << 20

// normalize trims values and rejects those with invalid characters. A field with one value uses the last.
func (f *Field) normalize(sent []string) ([]string, error) {
	if !f.multiple() && len(sent) > 1 {
		sent = sent[len(sent)-1:]
	}
	raw := make([]string, 0, len(sent))
	var failed error
	for _, value := range sent {
		switch {
		case len(value) > maxValue:
			return nil, f.invalid(message.New("max_length", "This is too long."))
		case strings.ContainsRune(value, 0):
			failed = f.invalid(message.New("null_characters", "This contains a NUL character, which cannot be stored."))
		case !utf8.ValidString(value):
			failed = f.invalid(message.New("encoding", "This is not valid UTF-8 text."))
		}
		value = strings.ReplaceAll(value, "\r\n", "\n")
		if !f.KeepSpace {
			value = strings.TrimSpace(value)
		}
		if value != "" || !f.multiple() {
			raw = append(raw, value)
		}
	}
	return raw, failed
}

// parseField parses normalized values into the value of the field's kind.
func (f *Form) parseField(field *Field, raw []string) (any, error) {
	missing := len(raw) == 0 || len(raw) == 1 && raw[0] == ""
	if field.kind() == Bool && field.Parse == nil && len(f.choices(field)) == 0 {
		on := !missing && isTrue(raw[0])
		if field.Required && !on {
			return nil, field.invalid(message.New("required", "Please tick this box to continue."))
		}
		return on, nil
	}
	if missing {
		if field.Required {
			if len(f.choices(field)) > 0 || field.LoadChoices != nil {
				return nil, field.invalid(message.New("required", "Please choose something."))
			}
			return nil, field.invalid(message.New("required", "Please fill in this field."))
		}
		return emptyValue(field), nil
	}
	if err := f.checkChoices(field, raw); err != nil {
		return nil, err
	}
	for _, value := range raw {
		if err := field.checkLength(value); err != nil {
			return nil, err
		}
	}
	if field.Parse != nil {
		return field.Parse(raw)
	}
	if field.multiple() {
		return slices.Clone(raw), nil
	}
	return field.parseKind(raw[0], f.LocationOf(field))
}

func emptyValue(field *Field) any {
	if field.Parse != nil {
		return nil
	}
	switch field.kind() {
	case Text, Email, URL, Slug:
		return ""
	case MultipleChoice:
		return []string{}
	}
	return nil
}

func (f *Form) checkChoices(field *Field, raw []string) error {
	if field.LoadChoices == nil && len(field.Choices) == 0 && field.kind() != Choose && field.kind() != MultipleChoice {
		return nil
	}
	choices := f.choices(field)
	allowed := make(map[string]bool, len(choices))
	for _, choice := range choices {
		allowed[choice.Value] = true
	}
	for _, value := range raw {
		if !allowed[value] {
			return field.invalid(message.New("invalid_choice", "“{value}” is not one of the choices.",
				message.Args{"value": shorten(value)}))
		}
	}
	return nil
}

// shorten returns at most 40 characters of a value, for a message.
func shorten(value string) string {
	if utf8.RuneCountInString(value) > 40 {
		return string([]rune(value)[:40]) + "…"
	}
	return value
}

func (f *Field) checkLength(value string) error {
	n := utf8.RuneCountInString(value)
	switch {
	case f.MaxLength > 0 && n > f.MaxLength:
		return f.invalid(message.Message{
			Code:   "max_length",
			Text:   "Please use at most {limit} character (this has {length}).",
			Plural: "Please use at most {limit} characters (this has {length}).",
			Count:  "limit",
			Args:   message.Args{"limit": f.MaxLength, "length": n},
		})
	case n < f.MinLength:
		return f.invalid(message.Message{
			Code:   "min_length",
			Text:   "Please use at least {limit} character (this has {length}).",
			Plural: "Please use at least {limit} characters (this has {length}).",
			Count:  "limit",
			Args:   message.Args{"limit": f.MinLength, "length": n},
		})
	}
	return nil
}

// isTrue reports whether a value is one of those that checkboxes send for true.
func isTrue(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "false", "off", "no", "f", "n":
		return false
	}
	return true
}
