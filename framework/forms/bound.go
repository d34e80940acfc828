package forms

import (
	"fmt"
	htmltemplate "html/template"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
)

// BoundField is a field together with what was sent for it: everything a template needs.
type BoundField struct {
	form  *Form
	field *Field
}

// Attr is an attribute of an input.
type Attr struct{ Name, Value string }

// Field returns the description of the field.
func (b *BoundField) Field() *Field { return b.field }

// Name is the field's name in the form.
func (b *BoundField) Name() string { return b.field.Name }

// HTMLName is the input's name, with the form's prefix.
func (b *BoundField) HTMLName() string { return b.form.htmlName(b.field) }

// ID is the id of the input, and of the group for radio buttons and checkboxes.
func (b *BoundField) ID() string { return "id_" + b.HTMLName() }

// HelpID is the id of the help text.
func (b *BoundField) HelpID() string { return b.ID() + "_help" }

// ErrorID is the id of the messages.
func (b *BoundField) ErrorID() string { return b.ID() + "_error" }

// Label is what the field is called.
func (b *BoundField) Label() string { return b.field.label() }

// Help is a sentence about what to fill in; may be empty.
func (b *BoundField) Help() string { return b.field.Help }

// Required reports whether the field must be filled in.
func (b *BoundField) Required() bool { return b.field.Required && !b.field.Disabled }

// Disabled reports whether the field is only shown.
func (b *BoundField) Disabled() bool { return b.field.Disabled }

// Kind is what the field holds.
func (b *BoundField) Kind() Kind { return b.field.kind() }

// Widget names how the field is shown.
func (b *BoundField) Widget() string { return string(b.field.widget()) }

// Errors returns the messages about what was sent.
func (b *BoundField) Errors() []message.Message { return b.form.errors[b.field.Name] }

// HasErrors reports whether there are any.
func (b *BoundField) HasErrors() bool { return len(b.Errors()) > 0 }

// FirstInvalid reports whether this is the first field of the form that has errors; it gets the focus.
func (b *BoundField) FirstInvalid() bool {
	for _, field := range b.form.fields {
		if len(b.form.errors[field.Name]) > 0 && field.widget() != HiddenInput {
			return field == b.field
		}
	}
	return false
}

// IsHidden reports whether people do not see the field.
func (b *BoundField) IsHidden() bool { return b.field.widget() == HiddenInput }

// IsMultiple reports whether several values can be chosen.
func (b *BoundField) IsMultiple() bool { return b.field.multiple() }

// IsGroup reports whether the field is a group of inputs, which a fieldset with a legend holds together.
func (b *BoundField) IsGroup() bool {
	widget := b.field.widget()
	return widget == Radio || widget == Checkboxes
}

// InputType is the type attribute for widgets that are one input element, and "" for others.
func (b *BoundField) InputType() string {
	switch widget := b.field.widget(); widget {
	case TextInput, NumberInput, EmailInput, URLInput, PasswordInput, HiddenInput, DateInput, TimeInput, SearchInput, ColorInput, TelInput:
		return string(widget)
	case DateTimeInput:
		return "datetime-local"
	}
	return ""
}

// Template is the path of the widget's template.
func (b *BoundField) Template() string { return "forms/widgets/" + b.Widget() + ".html" }

// DescribedBy lists the ids of help and messages, for aria-describedby.
func (b *BoundField) DescribedBy() string {
	var ids []string
	if b.field.Help != "" {
		ids = append(ids, b.HelpID())
	}
	if b.HasErrors() {
		ids = append(ids, b.ErrorID())
	}
	return strings.Join(ids, " ")
}

// Values returns what the input shows: what was sent, or Initial before. Passwords and files are
// never shown again.
func (b *BoundField) Values() []string {
	if b.field.isFile() || b.field.widget() == PasswordInput {
		return nil
	}
	if b.form.bound && !b.field.Disabled {
		return b.form.raw[b.field.Name]
	}
	return b.form.format(b.field, b.field.Initial)
}

// Value is the first of Values, or "".
func (b *BoundField) Value() string {
	if values := b.Values(); len(values) > 0 {
		return values[len(values)-1]
	}
	return ""
}

// Checked reports whether a checkbox is on.
func (b *BoundField) Checked() bool {
	return isTrue(b.Value())
}

// Data is the value after Parse, or Initial before.
func (b *BoundField) Data() any {
	if b.form.bound {
		return b.form.values[b.field.Name]
	}
	return b.field.Initial
}

// RequiredInput reports whether the input has the attribute required. A select has it only with an empty option, which
// HTML wants then.
func (b *BoundField) RequiredInput() bool {
	return b.Required() && (b.field.widget() != Select || slices.ContainsFunc(b.Choices(), func(c Choice) bool { return c.Value == "" }))
}

// Choices returns the options with Selected set. A field that is not required and takes one value
// begins with an empty option, as does one that has nothing chosen yet.
func (b *BoundField) Choices() []Choice {
	chosen := b.Values()
	known := b.form.choices(b.field)
	out := make([]Choice, 0, len(known)+1)
	blank := slices.ContainsFunc(known, func(c Choice) bool { return c.Value == "" })
	has := slices.ContainsFunc(known, func(c Choice) bool { return slices.Contains(chosen, c.Value) })
	if widget := b.field.widget(); !blank && !b.field.multiple() && (widget == Select && !has || !b.field.Required) {
		label := "---------"
		if widget == Radio {
			label = "None"
		}
		empty := len(chosen) == 0 || len(chosen) == 1 && chosen[0] == ""
		out = append(out, Choice{Label: label, Selected: empty})
	}
	for _, choice := range known {
		choice.Selected = slices.Contains(chosen, choice.Value) && (choice.Value != "" || len(chosen) > 0)
		out = append(out, choice)
	}
	return append(out, b.strayChoices(chosen, known)...)
}

// strayChoices are options for stored values that are none of the choices (any more). Without them a browser would choose
// something else on its own.
func (b *BoundField) strayChoices(chosen []string, known []Choice) []Choice {
	if !b.field.Stored || b.form.bound && !b.form.untouched[b.field.Name] {
		return nil
	}
	var stray []Choice
	for _, value := range chosen {
		if value != "" && !slices.ContainsFunc(known, func(c Choice) bool { return c.Value == value }) {
			stray = append(stray, Choice{Value: value, Label: value, Selected: true})
		}
	}
	return stray
}

// ChoiceGroup is a run of choices under one name; the name is "" for choices without a group.
type ChoiceGroup struct {
	Name    string
	Choices []Choice
}

// ChoiceGroups returns Choices in runs of the same group, for optgroup.
func (b *BoundField) ChoiceGroups() []ChoiceGroup {
	var groups []ChoiceGroup
	for _, choice := range b.Choices() {
		if n := len(groups); n == 0 || groups[n-1].Name != choice.Group {
			groups = append(groups, ChoiceGroup{Name: choice.Group})
		}
		last := &groups[len(groups)-1]
		last.Choices = append(last.Choices, choice)
	}
	return groups
}

// ChoiceID is the id of the n-th input of a group; the first has the id that labels point at.
func (b *BoundField) ChoiceID(n int) string { return b.ID() + "_" + strconv.Itoa(n) }

// FocusID is the id of the element that a link to the field leads to.
func (b *BoundField) FocusID() string {
	if b.IsGroup() {
		return b.ChoiceID(0)
	}
	return b.ID()
}

// Attrs returns the attributes that follow from the field's limits, and its own, sorted by name.
func (b *BoundField) Attrs() []Attr {
	attrs := map[string]string{}
	widget := b.field.widget()
	typed := widget == Textarea || b.InputType() != "" && widget != HiddenInput
	if typed && b.field.MaxLength > 0 {
		attrs["maxlength"] = strconv.Itoa(b.field.MaxLength)
	}
	if typed && b.field.MinLength > 0 {
		attrs["minlength"] = strconv.Itoa(b.field.MinLength)
	}
	switch widget {
	case NumberInput:
		attrs["step"] = "any"
		if b.field.kind() == Integer {
			attrs["step"] = "1"
		}
		fallthrough
	case DateInput, TimeInput, DateTimeInput:
		if widget == TimeInput || widget == DateTimeInput {
			attrs["step"] = "any"
		}
		if b.field.Min != nil {
			attrs["min"] = b.bound(b.field.Min)
		}
		if b.field.Max != nil {
			attrs["max"] = b.bound(b.field.Max)
		}
	case FileInput:
		if len(b.field.Accept) > 0 {
			attrs["accept"] = strings.Join(b.field.Accept, ",")
		}
	case Textarea:
		attrs["rows"] = "6"
	}
	if b.field.Step != "" {
		attrs["step"] = b.field.Step
	}
	if b.field.kind() == Decimal {
		attrs["inputmode"] = "decimal"
	}
	maps.Copy(attrs, b.field.Attrs)
	out := make([]Attr, 0, len(attrs))
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		out = append(out, Attr{name, attrs[name]})
	}
	return out
}

// HTMLAttrs writes Attrs into a tag. Attributes that browsers run as code, load or follow are an error: escaping
// cannot make their values safe.
func (b *BoundField) HTMLAttrs() (htmltemplate.HTMLAttr, error) {
	var out strings.Builder
	for _, attr := range b.Attrs() {
		if !attributeName.MatchString(attr.Name) || slices.Contains(activeAttributes, attr.Name) || strings.HasPrefix(attr.Name, "on") {
			return "", fmt.Errorf("forms: field %q cannot have the attribute %q from Attrs; write it in a template of the project, forms/widgets/%s.html", b.Name(), attr.Name, b.Widget())
		}
		out.WriteString(" " + attr.Name)
		if attr.Value != "" { // others are boolean
			out.WriteString(`="` + htmltemplate.HTMLEscapeString(attr.Value) + `"`)
		}
	}
	return htmltemplate.HTMLAttr(out.String()), nil
}

var attributeName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_.:-]*$`)

// activeAttributes have values that are more than text.
var activeAttributes = []string{"style", "href", "src", "srcset", "srcdoc", "action", "formaction", "background", "data", "ping", "manifest", "poster"}

func (b *BoundField) bound(limit any) string {
	if values := b.form.format(b.field, limit); len(values) > 0 {
		return values[0]
	}
	return ""
}
