package forms

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxValue bounds one value of a field that sets no limit itself, in bytes.
const maxValue = 1 << 20

func quote(s string) string { return strconv.Quote(s) }

// normalize checks what every value has to be, and trims it. A field for one value takes the last.
func (f *Field) normalize(sent []string) ([]string, error) {
	if !f.multiple() && len(sent) > 1 {
		sent = sent[len(sent)-1:]
	}
	raw := make([]string, 0, len(sent))
	var failed error
	for _, value := range sent {
		switch {
		case len(value) > maxValue:
			return nil, f.message("max_length", "This is too long.")
		case strings.ContainsRune(value, 0):
			failed = f.message("invalid", "This contains a NUL character, which cannot be stored.")
		case !utf8.ValidString(value):
			failed = f.message("invalid", "This is not valid UTF-8 text.")
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

// parseField turns normalized values into the value of the field's kind.
func (f *Form) parseField(field *Field, raw []string) (any, error) {
	missing := len(raw) == 0 || len(raw) == 1 && raw[0] == ""
	if field.kind() == Bool && field.Parse == nil && len(f.choices(field)) == 0 {
		on := !missing && isTrue(raw[0])
		if field.Required && !on {
			return nil, field.message("required", "Please tick this box to go on.")
		}
		return on, nil
	}
	if missing {
		if field.Required {
			if len(f.choices(field)) > 0 || field.LoadChoices != nil {
				return nil, field.message("required", "Please choose something.")
			}
			return nil, field.message("required", "Please fill in this field.")
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
	return f.parseKind(field, raw[0])
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
	known := f.choices(field)
	allowed := make(map[string]bool, len(known))
	for _, choice := range known {
		allowed[choice.Value] = true
	}
	for _, value := range raw {
		if !allowed[value] {
			return field.message("choice", "%s is not one of the choices.", shorten(value))
		}
	}
	return nil
}

// shorten quotes a value for a message.
func shorten(value string) string {
	if utf8.RuneCountInString(value) > 40 {
		value = string([]rune(value)[:40]) + "…"
	}
	return "“" + value + "”"
}

func (f *Field) checkLength(value string) error {
	n := utf8.RuneCountInString(value)
	switch {
	case f.MaxLength > 0 && n > f.MaxLength:
		return f.message("max_length", "Please use at most %s (this has %d).", characters(f.MaxLength), n)
	case n < f.MinLength:
		return f.message("min_length", "Please use at least %s (this has %d).", characters(f.MinLength), n)
	}
	return nil
}

func characters(n int) string {
	if n == 1 {
		return "1 character"
	}
	return fmt.Sprintf("%d characters", n)
}

// isTrue reads what checkboxes and people send for yes.
func isTrue(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "false", "off", "no", "f", "n":
		return false
	}
	return true
}
