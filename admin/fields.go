package admin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
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
	Errors                             []message.Message
	Options                            []forms.Choice
	Display                            display.Cell
}

// sectionView is a group of fields.
type sectionView struct {
	ID, Title, Description string
	Fields                 []fieldView
}

// fieldError is a line of the summary above a form.
type fieldError struct {
	ID, Label string
	Text      message.Message
}

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
		for i := range v.Options {
			v.Options[i].Label = display.Cut(display.Plain(v.Options[i].Label), 200)
		}
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
	if n, err := strconv.Atoi(v.MaxLength); v.Widget == "text" && err == nil {
		v.Short = n <= 40 // the width tells how much is expected
		if n > 255 {
			v.Widget, v.Rows = "textarea", 2 // what may be long should be seen whole
		}
	}
	if v.Widget == "text" && strings.ContainsAny(v.Value, "\r\n") {
		v.Widget, v.Rows = "textarea", 2 // inputs of one line drop line ends
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
	for _, m := range form.Errors()[""] {
		errors = append(errors, fieldError{Text: m})
	}
	for _, b := range form.Fields() {
		if b.HasErrors() {
			fields++
		}
		for _, m := range b.Errors() {
			errors = append(errors, fieldError{ID: b.ID(), Label: b.Label(), Text: m})
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

// searched reports whether a relation has too many objects to list and is searched instead. Objects of models that the
// user may not view cannot be searched.
func (q *request) searched(f *schema.Field) bool {
	if f.Relation == nil || q.autocomplete(f.Relation.To) == "" {
		return false
	}
	n, err := q.app.db.Objects(f.Relation.To).Limit(choiceLimit + 1).Count(q.Context())
	return err == nil && n > choiceLimit
}

// relation is the relation of a field of the form, nil for plain fields.
func (f *objectForm) relation(name string) *schema.Relation {
	if field := f.Model.Lookup(name); field != nil {
		return field.Relation
	}
	return nil
}

// adjust makes inputs fit the admin: moments in the site's zone, and relations to many that take several values.
func (f *objectForm) adjust(names []string) error {
	location := f.q.location()
	f.Location = location
	for _, name := range names {
		input, err := f.Describe(name)
		if err != nil {
			return err
		}
		relation := f.relation(name)
		if !f.IsRaw(name) || relation == nil {
			continue
		}
		if !f.q.views(relation.To) { // their names stay unseen; keys can be written all the same
			input.Help = strings.TrimSpace(input.Help + " Write " + keysOf(relation) + ": you may not view them.")
			continue
		}
		if relation.Kind != schema.KindManyToMany || f.q.autocomplete(relation.To) == "" {
			continue
		}
		parse := input.Parse
		input.Widget = forms.MultiSelect
		input.Parse = func(sent []string) (any, error) { return parse([]string{strings.Join(sent, ",")}) }
		input.Format = func(v any) []string {
			keys, _ := v.([]any)
			out := make([]string, len(keys))
			for i, key := range keys {
				out[i] = fmt.Sprint(key)
			}
			return out
		}
	}
	return nil
}

// keysOf says in words which keys a relation takes.
func keysOf(relation *schema.Relation) string {
	if relation.Kind == schema.KindManyToMany {
		return "keys of " + relation.To.LabelPlural + ", with commas between"
	}
	return "the key of a " + relation.To.Label
}

// fieldView adds to a field what its relation needs: the address to search, and the names of what is chosen.
func (f *objectForm) fieldView(bound *forms.BoundField) (fieldView, error) {
	v := newFieldView(bound)
	if !f.IsRaw(bound.Name()) {
		v.pick()
		return v, nil
	}
	relation := f.relation(bound.Name())
	if !f.q.views(relation.To) || f.q.autocomplete(relation.To) == "" {
		return v, nil
	}
	v.AutocompleteURL = f.q.autocomplete(relation.To)
	v.Multiple = relation.Kind == schema.KindManyToMany
	var keys []any
	var chosen []string
	target := relation.To.PK
	if relation.ToField != nil && !v.Multiple {
		target = relation.ToField
	}
	for _, text := range bound.Values() {
		if key, err := target.Convert(text); err == nil && text != "" {
			keys, chosen = append(keys, key), append(chosen, text)
		}
	}
	names, err := f.q.names(relation.To, target, keys)
	if err != nil {
		return v, err
	}
	v.Options = nil
	for _, key := range chosen {
		if name, ok := names[key]; ok {
			v.Text = name
			v.Options = append(v.Options, forms.Choice{Value: key, Label: name, Selected: true})
		}
	}
	if !v.Multiple && v.Text == "" {
		v.Text = v.Value
	}
	return v, nil
}

// names gives the labels of objects by key.
func (q *request) names(model *schema.Model, target *schema.Field, keys []any) (map[string]string, error) {
	names := make(map[string]string, len(keys))
	if len(keys) == 0 {
		return names, nil
	}
	found, err := q.app.db.Objects(model).Where(target.Name+"__in", slices.Clip(keys)).All(q.Context())
	if err != nil {
		return nil, err
	}
	for _, obj := range found {
		names[fmt.Sprint(target.Value(obj))] = q.plain(model, obj, 200)
	}
	return names, nil
}
