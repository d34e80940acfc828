package audit

import (
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
)

// View is an entry as pages show it.
type View struct {
	Action   string // Add, Change or Delete
	Who      string // the user's name at that time
	Own      bool   // the current user did it
	Singular string // label of the model
	Label    string // name of the object at that time
	URL      string // page of the object, "" if it is deleted or the user may not view it

	ISO, Absolute, Relative string // the time of the action

	Changes []ChangeView
}

// ChangeView is the change of one field as pages show it: either a note or the parts of the texts.
type ChangeView struct {
	Label string
	Note  message.Message
	Parts []display.Part
}

// Viewer turns entries into views for the current user.
type Viewer struct {
	Env env.Env

	// Model returns the model with the key that an entry holds, nil if it is not registered (any more).
	Model func(key string) *schema.Model
}

// Views returns the entries as pages show them, in the same order. Values of relations to models that the user may
// not view are replaced by a note.
func (v Viewer) Views(entries []*LogEntry) []View {
	views := make([]View, len(entries))
	for i, entry := range entries {
		views[i] = v.view(entry)
	}
	return views
}

func (v Viewer) view(entry *LogEntry) View {
	p := v.Env.Printer
	view := View{
		Action: entry.Action, Who: display.Line(entry.UserName), Own: entry.UserID != nil && *entry.UserID == v.Env.UserID,
		Singular: entry.Model, Label: display.Line(entry.ObjectLabel),
		ISO: entry.At.UTC().Format(time.RFC3339), Absolute: p.Exact(entry.At), Relative: p.Ago(entry.At),
	}
	model := v.Model(entry.Model)
	if model != nil {
		view.Singular = model.Label
		if entry.Action != Delete {
			view.URL = v.Env.Link(model, entry.ObjectPK)
		}
	}
	for _, d := range entry.Diffs() {
		change := ChangeView{Label: d.Label, Note: d.Note.Message(), Parts: d.Parts()}
		if v.hidden(model, d.Field) {
			change = ChangeView{Label: d.Label, Note: NoteHidden.Message()}
		}
		view.Changes = append(view.Changes, change)
	}
	return view
}

// hidden reports whether the recorded values of a field name objects that the user may not view.
func (v Viewer) hidden(model *schema.Model, field string) bool {
	if model == nil {
		return false
	}
	f := model.Lookup(field)
	return f != nil && f.Relation != nil && !v.Env.CanView(f.Relation.To)
}
