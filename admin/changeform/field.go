package changeform

import (
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
)

// Field is an input or a read-only value as templates show it.
type Field struct {
	Name, ID, Label string
	Help            string
	Note            message.Message // why the value cannot be edited, or how keys are written
	DescribedBy     string          // ids of help and errors, for aria-describedby
	Errors          []message.Message
	Required        bool

	ReadOnly bool // Display holds the value; there is no input
	Display  display.Cell

	Widget       string // see forms.Widget
	InputType    string // type attribute, for the widgets that are an input element
	Value        string
	Step         string
	MaxLength    string
	Autocomplete string
	InputMode    string // the keyboard of phones, such as "decimal"
	Checked      bool
	Multiple     bool
	Short        bool // the input needs no more than half of the width
	Rows         int
	Options      []forms.Choice

	AutocompleteURL string // address that finds related objects; the input is a search field
	Text            string // name of the related object in Value
	Picker          bool   // the select becomes a search field among its own options
}

// multilineLength is the maximum length above which a text of one line has an input of two.
const multilineLength = 255

// shortLength is the maximum length up to which an input is short.
const shortLength = 40

// NewField returns the view of an input.
func NewField(b *forms.BoundField) Field {
	v := Field{
		Name: b.HTMLName(), ID: b.ID(), Label: b.Label(), Help: b.Help(), DescribedBy: b.DescribedBy(), Widget: b.Widget(),
		InputType: b.InputType(), Value: b.Value(), Required: b.Required(), Multiple: b.IsMultiple(), Errors: b.Errors(), Rows: 6,
	}
	for _, attr := range b.Attrs() {
		switch attr.Name {
		case "maxlength":
			v.MaxLength = attr.Value
		case "step":
			v.Step = attr.Value
		case "autocomplete":
			v.Autocomplete = attr.Value
		case "inputmode":
			v.InputMode = attr.Value
		}
	}
	switch v.Widget {
	case "checkbox":
		v.Checked = b.Checked()
	case "select", "multiselect", "radio", "checkboxes":
		v.setOptions(b.Choices())
	case "number", "date", "time", "datetime", "color":
		v.Short = true
	}
	v.fitText()
	if v.InputType == "" {
		v.InputType = "text"
	}
	return v
}

// setOptions shows choices, and words instead of the dashes that mean none.
func (v *Field) setOptions(choices []forms.Choice) {
	v.Options = choices
	for i := range v.Options {
		option := &v.Options[i]
		option.Label = display.Cut(display.Plain(option.Label), 200)
		if option.Value == "" && option.Label == "---------" {
			option.Label = "– none –"
			if v.Required {
				option.Label = "– choose –"
			}
		}
	}
	v.Rows = min(max(len(v.Options), 4), 10)
	v.Short = v.Widget == "select"
}

// fitText makes the input of a text as large as the text may be. Inputs of one line drop line ends.
func (v *Field) fitText() {
	if v.Widget != "text" {
		return
	}
	limit, err := strconv.Atoi(v.MaxLength)
	v.Short = v.InputMode == "decimal" || err == nil && limit <= shortLength
	if err == nil && limit > multilineLength || strings.ContainsAny(v.Value, "\r\n") {
		v.Widget, v.Rows = "textarea", 2
	}
}

// checkboxLimit is the number of options up to which a choice of several is a list of checkboxes.
const checkboxLimit = 12

// fitChoices makes a choice of several easy to use: checkboxes for few options, a search field for many.
func (v *Field) fitChoices() {
	if v.Widget != "multiselect" {
		return
	}
	options := slices.DeleteFunc(slices.Clone(v.Options), func(c forms.Choice) bool { return c.Value == "" })
	if len(options) <= checkboxLimit {
		v.Widget = "checkboxes"
	} else {
		v.Picker = true
	}
}

// textField shows a value without an input, of a long text the beginning.
func textField(name string, cell display.Cell) Field {
	v := Field{ID: "id_" + name, Name: name, Label: cell.Label, ReadOnly: true, Display: cell}
	if n := len(cell.Text); n > maxText {
		v.Display.Text = display.Cut(cell.Text, textPreview)
		v.Note = message.New("", "This is the beginning of a value of {size} bytes, which is too long to edit here.",
			message.Args{"size": display.Group(strconv.Itoa(n))})
	}
	return v
}

// linkedField shows a relation to many that holds too many objects for an input.
func linkedField(field *schema.Field, n int) Field {
	label := changelist.FieldLabel(field)
	text := display.Group(strconv.Itoa(n)) + " " + field.Relation.To.LabelPlural
	return Field{
		ID: "id_" + field.Name, Name: field.Name, Label: label, ReadOnly: true,
		Display: display.Cell{Kind: display.Text, Text: text, Label: label},
		Note:    message.Text("There are too many of them to edit here."),
	}
}
