package admin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/forms"
)

// fieldView is a field of a form as its template draws it.
type fieldView struct {
	Name, ID, Label, Help, DescribedBy string
	Widget, InputType, Value, Text     string
	Step, MaxLength, Autocomplete      string
	AutocompleteURL                    string
	Required, Checked, Multiple, Short bool
	Picker                             bool // the select becomes a search among its own options
	ReadOnly                           bool
	Rows                               int
	Errors                             []string
	Options                            []forms.Choice
	Display                            display.Cell
}

// sectionView is a group of fields.
type sectionView struct {
	ID, Title, Description string
	Fields                 []fieldView
}

// fieldError is a line of the summary above a form.
type fieldError struct{ ID, Label, Text string }

func newFieldView(b *forms.BoundField) fieldView {
	v := fieldView{
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
		}
	}
	switch v.Widget {
	case "checkbox":
		v.Checked = b.Checked()
	case "select", "multiselect", "radio", "checkboxes":
		v.Options = b.Choices()
		v.Rows = min(max(len(v.Options), 4), 10)
		v.Short = v.Widget == "select"
		for i := range v.Options {
			if v.Options[i].Value == "" && v.Options[i].Label == "---------" {
				v.Options[i].Label = "– none –"
				if v.Required {
					v.Options[i].Label = "– choose –"
				}
			}
		}
	case "number", "date", "time", "datetime", "color":
		v.Short = true
	}
	if n, err := strconv.Atoi(v.MaxLength); v.Widget == "text" && err == nil && n > 255 {
		v.Widget, v.Rows = "textarea", 2 // what may be long should be seen whole
	}
	if v.InputType == "" {
		v.InputType = "text"
	}
	return v
}

// pick makes a field with many options easy to choose from.
func (v *fieldView) pick() {
	chosen := slices.DeleteFunc(slices.Clone(v.Options), func(c forms.Choice) bool { return c.Value == "" })
	switch {
	case v.Widget == "multiselect" && len(chosen) <= 12:
		v.Widget = "checkboxes"
	case v.Widget == "multiselect":
		v.Picker = true
	}
}

// summary lists everything that is wrong with a form, for the top of its page.
func summary(form *forms.Form) (errors []fieldError, title string) {
	fields := 0
	for _, text := range form.Errors()[""] {
		errors = append(errors, fieldError{Text: text})
	}
	for _, b := range form.Fields() {
		if b.HasErrors() {
			fields++
		}
		for _, text := range b.Errors() {
			errors = append(errors, fieldError{ID: b.ID(), Label: b.Label(), Text: text})
		}
	}
	switch {
	case fields == 0:
		return errors, "It was not saved"
	case fields == 1:
		return errors, "One field needs your attention"
	}
	return errors, fmt.Sprintf("%s fields need your attention", spelled(fields))
}

func spelled(n int) string {
	words := strings.Fields("Zero One Two Three Four Five Six Seven Eight Nine Ten")
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}
