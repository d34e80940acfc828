package changeform

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
)

// Section is a group of fields as templates show it.
type Section struct {
	ID                 string // unique on the page
	Title, Description string
	Fields             []Field
}

// Sections returns the form's sections with at least one field each. It queries the names of selected objects.
func (f *Form) Sections(ctx context.Context) ([]Section, error) {
	var sections []Section
	for i, set := range f.config.sections {
		section := Section{ID: fmt.Sprintf("section-%d", i+1), Title: set.Title, Description: set.Description}
		for _, name := range set.Fields {
			field, ok, err := f.sectionField(ctx, name)
			if err != nil {
				return nil, err
			}
			if ok {
				section.Fields = append(section.Fields, field)
			}
		}
		if i == 0 && f.extra != nil {
			for _, bound := range f.extra.Fields() {
				section.Fields = append(section.Fields, NewField(bound))
			}
		}
		if len(section.Fields) > 0 {
			sections = append(sections, section)
		}
	}
	return sections, nil
}

// sectionField returns the view of a field; ok is false if the form does not show it.
func (f *Form) sectionField(ctx context.Context, name string) (field Field, ok bool, err error) {
	if n, many := f.linked[name]; many {
		return linkedField(f.Model.Lookup(name), n), true, nil
	}
	if f.shownAsText(name) {
		column := f.config.columns[name]
		if column == nil {
			return Field{}, false, nil
		}
		printer := f.env.Printer
		printer.Limit = 0
		return textField(name, column.Cell(printer, f.Object)), true, nil
	}
	bound, err := f.Field(name)
	if err != nil {
		return Field{}, false, nil //nolint:nilerr // the form has no input of this name
	}
	field, err = f.field(ctx, bound)
	return field, err == nil, err
}

// Problem is a line of the error summary of a form.
type Problem struct {
	ID    string // of the field; "" for errors of the form as a whole
	Label string
	Text  message.Message
}

// Summary lists the errors of a form for the top of its page.
type Summary struct {
	Title    message.Message
	Problems []Problem
}

// Summarize returns the errors of the forms, in the order of their fields. The zero value means that there are none.
func Summarize(list ...*forms.Form) Summary {
	var s Summary
	fields := 0
	for _, form := range list {
		for _, text := range form.Errors()[""] {
			s.Problems = append(s.Problems, Problem{Text: text})
		}
		for _, bound := range form.Fields() {
			if bound.HasErrors() {
				fields++
			}
			for _, text := range bound.Errors() {
				s.Problems = append(s.Problems, Problem{ID: bound.ID(), Label: bound.Label(), Text: text})
			}
		}
	}
	switch {
	case len(s.Problems) == 0:
		return Summary{}
	case fields == 0:
		s.Title = message.Text("The changes were not saved")
	default:
		s.Title = message.Message{
			Text: "{count} field needs your attention", Plural: "{count} fields need your attention", Count: "count",
			Args: message.Args{"count": fields},
		}
	}
	return s
}

// Summary returns the errors of the form and its extra inputs.
func (f *Form) Summary() Summary {
	list := []*forms.Form{f.Form.Form}
	if f.extra != nil {
		list = append(list, f.extra)
	}
	s := Summarize(list...)
	if len(f.Conflicts()) > 0 {
		s.Title = message.Text("The changes were not saved: somebody else changed the same field")
	}
	return s
}
