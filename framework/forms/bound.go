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

// BoundField is a field with its submitted value and messages, for templates.
type BoundField struct {
	form  *Form
	field *Field
}

// Attr is an attribute of an input.
type Attr struct{ Name, Value string }

// Field returns the field itself.
func (b *BoundField) Field() *Field { return b.field }

// Name returns the field's name in the form.
func (b *BoundField) Name() string { return b.field.Name }

// HTMLName returns the name of the input, with the form's prefix.
func (b *BoundField) HTMLName() string { return b.form.htmlName(b.field) }

// ID returns the id of the input, or of the group for radio buttons and checkboxes.
func (b *BoundField) ID() string { return "id_" + b.HTMLName() }

// HelpID returns the id of the help text.
func (b *BoundField) HelpID() string { return b.ID() + "_help" }

// ErrorID returns the id of the messages.
func (b *BoundField) ErrorID() string { return b.ID() + "_error" }

// Label returns the label.
func (b *BoundField) Label() string { return b.field.label() }

// Help returns the help text; may be empty.
func (b *BoundField) Help() string { return b.field.Help }

// Required reports whether an empty field is invalid.
func (b *BoundField) Required() bool { return b.field.Required && !b.field.Disabled }

// Disabled reports whether the field is shown without being parsed.
func (b *BoundField) Disabled() bool { return b.field.Disabled }

// Kind returns the type of the value.
func (b *BoundField) Kind() Kind { return b.field.kind() }

// Widget returns the name of the input.
func (b *BoundField) Widget() string { return string(b.field.widget()) }

// Errors returns the messages of the field.
func (b *BoundField) Errors() []message.Message { return b.form.errors[b.field.Name] }

// HasErrors reports whether the field has messages.
func (b *BoundField) HasErrors() bool { return len(b.Errors()) > 0 }

// FirstInvalid reports whether this is the first visible field with messages, which gets the focus.
func (b *BoundField) FirstInvalid() bool {
	for _, field := range b.form.fields {
		if len(b.form.errors[field.Name]) > 0 && field.widget() != HiddenInput {
			return field == b.field
		}
	}
	return false
}

// IsHidden reports whether the field is a hidden input.
func (b *BoundField) IsHidden() bool { return b.field.widget() == HiddenInput }

// IsMultiple reports whether the field takes several values.
func (b *BoundField) IsMultiple() bool { return b.field.multiple() }

// IsGroup reports whether the field is a group of inputs, which is shown as a fieldset with a legend.
func (b *BoundField) IsGroup() bool {
	widget := b.field.widget()
	return widget == Radio || widget == Checkboxes
}

// InputType returns the type attribute of widgets that are an input element, and "" for others.
func (b *BoundField) InputType() string {
	switch widget := b.field.widget(); widget {
	case TextInput, NumberInput, EmailInput, URLInput, PasswordInput, HiddenInput, DateInput, TimeInput, SearchInput, ColorInput, TelInput:
		return string(widget)
	case DateTimeInput:
		return "datetime-local"
	}
	return ""
}

// Template returns the path of the widget's template.
func (b *BoundField) Template() string { return "forms/widgets/" + b.Widget() + ".html" }

// DescribedBy returns the ids of help text and messages, for aria-describedby.
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

// Values returns the texts that the input shows: those submitted, or those of Initial before. It returns none for passwords and
// files.
func (b *BoundField) Values() []string {
	if b.field.isFile() || b.field.widget() == PasswordInput {
		return nil
	}
	if b.form.bound && !b.field.Disabled {
		return b.form.raw[b.field.Name]
	}
	return b.form.format(b.field, b.field.Initial)
}

// Value returns the last of Values, or "".
func (b *BoundField) Value() string {
	if values := b.Values(); len(values) > 0 {
		return values[len(values)-1]
	}
	return ""
}

// Checked reports whether a checkbox is ticked.
func (b *BoundField) Checked() bool {
	return isTrue(b.Value())
}

// Data returns the value after Parse, and Initial before.
func (b *BoundField) Data() any {
	if b.form.bound {
		return b.form.values[b.field.Name]
	}
	return b.field.Initial
}

// RequiredInput reports whether the input has the attribute required. A select has it only with an empty option, as HTML
// demands.
func (b *BoundField) RequiredInput() bool {
	return b.Required() && (b.field.widget() != Select || slices.ContainsFunc(b.Choices(), func(c Choice) bool { return c.Value == "" }))
}

// Choices returns the options, with Selected set. An empty option comes first if the field takes one value and is optional, or
// has no value yet.
func (b *BoundField) Choices() []Choice {
	chosen := b.Values()
	choices := b.form.choices(b.field)
	out := make([]Choice, 0, len(choices)+1)
	blank := slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == "" })
	selected := slices.ContainsFunc(choices, func(c Choice) bool { return slices.Contains(chosen, c.Value) })
	if widget := b.field.widget(); !blank && !b.field.multiple() && (widget == Select && !selected || !b.field.Required) {
		label := "---------"
		if widget == Radio {
			label = "None"
		}
		empty := len(chosen) == 0 || len(chosen) == 1 && chosen[0] == ""
		out = append(out, Choice{Label: label, Selected: empty})
	}
	for _, choice := range choices {
		choice.Selected = slices.Contains(chosen, choice.Value) && (choice.Value != "" || len(chosen) > 0)
		out = append(out, choice)
	}
	return append(out, b.unlistedChoices(chosen, choices)...)
}

// unlistedChoices returns options for stored values that are not, or no longer, among the choices. Without them a browser would
// select another option.
func (b *BoundField) unlistedChoices(chosen []string, choices []Choice) []Choice {
	if !b.field.Stored || b.form.bound && !b.form.untouched[b.field.Name] {
		return nil
	}
	var unlisted []Choice
	for _, value := range chosen {
		if value != "" && !slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == value }) {
			unlisted = append(unlisted, Choice{Value: value, Label: value, Selected: true})
		}
	}
	return unlisted
}

// ChoiceGroup is a sequence of choices of one group. The name is "" for choices without a group.
type ChoiceGroup struct {
	Name    string
	Choices []Choice
}

// ChoiceGroups returns Choices as sequences of the same group, for optgroup.
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

// ChoiceID returns the id of the n-th input of a group, from 0.
func (b *BoundField) ChoiceID(n int) string { return b.ID() + "_" + strconv.Itoa(n) }

// FocusID returns the id of the element that links to the field point to.
func (b *BoundField) FocusID() string {
	if b.IsGroup() {
		return b.ChoiceID(0)
	}
	return b.ID()
}

// Attrs returns the attributes from the field's limits and from Field.Attrs, sorted by name.
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

// HTMLAttrs returns Attrs as HTML. Attributes whose values browsers execute, load or follow, such as onclick, style and src, are an
// error: escaping cannot make them safe.
func (b *BoundField) HTMLAttrs() (htmltemplate.HTMLAttr, error) {
	var out strings.Builder
	for _, attr := range b.Attrs() {
		if !attributeName.MatchString(attr.Name) || slices.Contains(activeAttributes, attr.Name) || strings.HasPrefix(attr.Name, "on") {
			return "", fmt.Errorf("forms: field %q cannot have the attribute %q from Attrs; "+
				"write it in a template of the project, forms/widgets/%s.html", b.Name(), attr.Name, b.Widget())
		}
		out.WriteString(" " + attr.Name)
		if attr.Value != "" { // others are boolean
			out.WriteString(`="` + htmltemplate.HTMLEscapeString(attr.Value) + `"`)
		}
	}
	return htmltemplate.HTMLAttr(out.String()), nil
}

var attributeName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_.:-]*$`)

// activeAttributes are those whose values browsers execute, load or follow.
var activeAttributes = []string{
	"style", "href", "src", "srcset", "srcdoc", "action", "formaction", "background", "data", "ping", "manifest", "poster",
}

func (b *BoundField) bound(limit any) string {
	if values := b.form.format(b.field, limit); len(values) > 0 {
		return values[0]
	}
	return ""
}
