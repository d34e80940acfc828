package deletion

import (
	"strconv"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// View is a plan as the page that asks for confirmation shows it. All numbers are grouped by thousands.
type View struct {
	Total   string
	Single  bool   // exactly one object would be deleted
	Confirm string // the number to type, without grouping; "" if no confirmation is needed

	// Protected and Forbidden prevent the deletion, Protected first.
	Protected []GroupView
	Forbidden []GroupView

	Groups  []GroupView
	Cleared []ClearedView
}

// Blocked reports whether the deletion is not possible.
func (v View) Blocked() bool { return len(v.Protected)+len(v.Forbidden) > 0 }

// GroupView is the objects of one model.
type GroupView struct {
	Label string // label of the model, plural unless Count is 1
	Field string // label of the protecting foreign key, for protected objects
	Count string
	Items []changelist.Link // the first ten, if the user may view the model
	More  string            // number of objects that are not in Items, "" if there are none
}

// ClearedView is a foreign key that is set to NULL.
type ClearedView struct {
	Field string // label of the foreign key
	Model string // label of the model, plural unless Count is 1
	Count string
}

// namedObjects is the number of objects of a group that the page names.
const namedObjects = 10

// View returns the plan as the page shows it.
func (p *Plan) View() View {
	total := p.Total()
	v := View{Total: grouped(total), Single: total == 1}
	if p.NeedsConfirmation() {
		v.Confirm = strconv.FormatInt(total, 10)
	}
	for _, group := range p.deletion.Protected {
		view := p.group(group.Field.Model, group.Objects, int64(len(group.Objects)))
		view.Field = changelist.FieldLabel(group.Field)
		v.Protected = append(v.Protected, view)
	}
	for _, group := range p.forbidden {
		v.Forbidden = append(v.Forbidden, p.group(group.Model, group.Objects, group.Count))
	}
	for _, group := range p.deletion.Groups {
		if group.Model.Auto || group.Count == 0 {
			continue
		}
		v.Groups = append(v.Groups, p.group(group.Model, group.Objects, group.Count))
	}
	for _, update := range p.deletion.Updates {
		if update.Count > 0 {
			model := update.Field.Model
			v.Cleared = append(v.Cleared, ClearedView{
				Field: changelist.FieldLabel(update.Field), Model: label(model, update.Count), Count: grouped(update.Count),
			})
		}
	}
	return v
}

// group names some objects of a model, and counts those of a model that the user may not view.
func (p *Plan) group(model *schema.Model, objects []any, count int64) GroupView {
	v := GroupView{Label: changelist.Capitalize(label(model, count)), Count: grouped(count)}
	if !p.env.CanView(model) {
		return v
	}
	for _, obj := range objects[:min(len(objects), namedObjects)] {
		v.Items = append(v.Items, changelist.Link{
			Label: display.Cut(p.env.Name(model, obj), 120), URL: p.env.Link(model, model.PK.Value(obj)),
		})
	}
	if more := count - int64(len(v.Items)); more > 0 && len(v.Items) > 0 {
		v.More = grouped(more)
	}
	return v
}

func label(model *schema.Model, count int64) string {
	if count == 1 {
		return model.Label
	}
	return model.LabelPlural
}

func grouped(n int64) string { return display.Group(strconv.FormatInt(n, 10)) }
