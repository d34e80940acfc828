package modelforms

import (
	"context"
	"slices"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
)

// versionInput returns a hidden input with the version of an existing object, nil if its model has no version.
func (f *Form) versionInput() *forms.Field {
	version := f.Model.Version
	if f.Adding || version == nil || f.byName[version.Name] != nil {
		return nil
	}
	return &forms.Field{
		Name: version.Name, Kind: forms.Text, Widget: forms.HiddenInput, Initial: plain(version.Value(f.Object)),
		Format: func(v any) []string { return []string{text(v)} },
	}
}

// isStale reports whether the submitted page was made of another version of the object than the row now has. A request without the
// hidden input is not compared.
func (f *Form) isStale(row any) bool {
	version := f.Model.Version
	if version == nil || f.byName[version.Name] != nil {
		return false
	}
	sent, _ := f.Value(version.Name).(string)
	return sent != "" && sent != text(version.Value(row))
}

// resetVersion makes the version of the row the one that the form was shown with, so that submitting it again stores it.
func (f *Form) resetVersion(row any) {
	if version := f.Model.Version; version != nil && f.byName[version.Name] == nil {
		f.Reset(version.Name, plain(version.Value(row)))
	}
}

// refuseStale returns the error for a page of an older version, unless nothing was edited. Edited inputs keep what was submitted,
// other inputs show the stored value.
func (f *Form) refuseStale(ctx context.Context, row any) error {
	changed := f.Changed()
	edited := false
	for _, field := range slices.Concat(f.fields, f.many) {
		value, err := f.initial(ctx, field, row)
		if err != nil {
			return err
		}
		edited = edited || !f.byName[field.Name].Disabled && slices.Contains(changed, field.Name)
		f.Rebase(field.Name, value)
	}
	f.resetVersion(row)
	if !edited {
		return nil
	}
	return forms.Errors{"": {f.staleMessage()}}
}

func (f *Form) staleMessage() message.Message {
	return message.New("conflict", "Somebody else has changed this {model} since you opened the page. "+
		"Your input is kept, and the other fields show what is stored. Save again to store yours.",
		message.Args{"model": f.Model.Label})
}
