package changeform

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// snapshot holds the values of the saved fields: text for plain fields, the texts of keys for relations.
type snapshot map[string][]string

// Diffs returns how the saved fields of a changed object differ from the row as Save found it. Values of secret
// fields are not included. Call it after Save, in the same transaction.
func (f *Form) Diffs(ctx context.Context) ([]audit.Diff, error) {
	before, err := f.snapshot(ctx, f.Stored())
	if err != nil {
		return nil, err
	}
	after, err := f.snapshot(ctx, f.Object)
	if err != nil {
		return nil, err
	}
	var diffs []audit.Diff
	for _, name := range f.Saved() {
		field := f.Model.Lookup(name)
		d := audit.Diff{Field: name, Label: changelist.FieldLabel(field)}
		switch {
		case slices.Equal(before[name], after[name]):
			d.Note = audit.NoteSameText
		case Secret(field):
			d.Note = audit.NoteSecret
		case field.Relation != nil:
			if d.Before, d.After, err = f.relatedNames(ctx, field, before[name], after[name]); err != nil {
				return nil, err
			}
		default:
			d.Before, d.After = strings.Join(before[name], ""), strings.Join(after[name], "")
		}
		diffs = append(diffs, d)
	}
	return diffs, nil
}

// snapshot reads the object's values, those of relations to many from the database.
func (f *Form) snapshot(ctx context.Context, obj any) (snapshot, error) {
	s := snapshot{}
	printer := display.Printer{Location: f.env.Printer.Location, Now: f.env.Printer.Now}
	for _, name := range f.Saved() {
		field := f.Model.Lookup(name)
		switch {
		case field == nil:
		case field.Kind == schema.KindManyToMany:
			if f.Model.PK.IsZero(obj) {
				continue
			}
			keys := f.StoredKeys(name)
			if obj != f.Stored() {
				var err error
				if keys, err = f.env.DB.Related(obj, name).IDs(ctx); err != nil {
					return nil, err
				}
			}
			for _, key := range keys {
				s[name] = append(s[name], fmt.Sprint(key))
			}
			slices.Sort(s[name])
		case field.Relation != nil:
			if value := schema.Indirect(field.Value(obj)); value != nil && !reflect.ValueOf(value).IsZero() {
				s[name] = []string{fmt.Sprint(value)}
			}
		default:
			if text := recordedText(printer, field, obj); text != "" {
				s[name] = []string{text}
			}
		}
	}
	return s, nil
}

// recordedText returns a value as the history records it: complete, and times absolute.
func recordedText(printer display.Printer, field *schema.Field, obj any) string {
	cell := printer.Field(field, obj)
	if cell.Kind != display.Time {
		return cell.Text
	}
	if t, ok := schema.Indirect(field.Value(obj)).(time.Time); ok && field.ColumnKind() != schema.KindDate {
		return printer.Exact(t)
	}
	return cell.Title
}

// secretWords are parts of the names of fields whose values are not recorded.
var secretWords = []string{"password", "secret", "token", "api_key", "private_key"}

// Secret reports whether the values of a field are left out of the history: its name contains "password", "secret",
// "token", "api_key" or "private_key".
func Secret(f *schema.Field) bool {
	return f.Relation == nil && slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(f.Name, word) })
}

// recordedKeys is the number of related objects whose names are recorded.
const recordedKeys = 500

// relatedNames returns the names of the objects of a relation before and after a change, with one query.
func (f *Form) relatedNames(ctx context.Context, field *schema.Field, before, after []string) (textBefore, textAfter string, err error) {
	to := field.Relation.To
	target := to.PK
	if field.Relation.ToField != nil && field.Kind != schema.KindManyToMany {
		target = field.Relation.ToField
	}
	var keys []any
	for _, text := range slices.Concat(before, after) {
		if key, err := target.Convert(text); err == nil && len(keys) < recordedKeys {
			keys = append(keys, key)
		}
	}
	found, err := dynamic.From(f.env.DB, to).Where(target.Name+"__in", keys).All(ctx)
	if err != nil {
		return "", "", err
	}
	names := make(map[string]string, len(found))
	for _, obj := range found {
		names[fmt.Sprint(target.Value(obj))] = display.Cut(display.Line(to.Display(obj)), 200)
	}
	join := func(keys []string) string {
		labels := make([]string, len(keys))
		for i, key := range keys {
			labels[i] = key
			if name := names[key]; name != "" {
				labels[i] = name
			}
		}
		return strings.Join(labels, ", ")
	}
	return join(before), join(after), nil
}
