package admin

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
	"github.com/quintetgo/quintet/orm/schema"
)

// snapshot remembers the values of the fields that a form has saved: text for plain fields, keys for relations.
type snapshot map[string][]string

// snapshot reads the object's values, those of relations to many from the database.
func (q *request) snapshot(ctx context.Context, f *objectForm, obj any) (snapshot, error) {
	s := snapshot{}
	printer := display.Printer{Location: q.location(), Now: q.app.config.Now}
	for _, name := range f.Saved() {
		field := f.Model.Lookup(name)
		switch {
		case field == nil:
		case field.Kind == schema.KindManyToMany:
			if f.Model.PK.IsZero(obj) {
				continue
			}
			ids := f.StoredKeys(name)
			if obj != f.Stored() {
				var err error
				if ids, err = q.app.db.Related(obj, name).IDs(ctx); err != nil {
					return nil, err
				}
			}
			for _, id := range ids {
				s[name] = append(s[name], fmt.Sprint(id))
			}
			slices.Sort(s[name])
		case field.Relation != nil:
			if value := schema.Indirect(field.Value(obj)); value != nil && !reflect.ValueOf(value).IsZero() {
				s[name] = []string{fmt.Sprint(value)}
			}
		default:
			text := recorded(printer, field, obj)
			if text != "" {
				s[name] = []string{text}
			}
		}
	}
	return s, nil
}

// recorded writes a value for the history: in full, unlike in lists.
func recorded(printer display.Printer, field *schema.Field, obj any) string {
	cell := printer.Field(field, obj)
	if moment, ok := schema.Indirect(field.Value(obj)).(time.Time); ok && cell.Kind == display.Time && field.ColumnKind() != schema.KindDate {
		return printer.Exact(moment)
	}
	if cell.Kind == display.Time {
		return cell.Title
	}
	return cell.Text
}

// diffs compares two snapshots. Values of secret fields are left out.
func (q *request) diffs(ctx context.Context, f *objectForm, before, after snapshot) ([]audit.Diff, error) {
	var diffs []audit.Diff
	for _, name := range f.Saved() {
		was, is := before[name], after[name]
		field := f.Model.Lookup(name)
		d := audit.Diff{Field: name, Label: changelist.FieldLabel(field)}
		switch {
		case slices.Equal(was, is):
			d.Note = "The value was changed; its text looks the same."
		case secret(field):
			d.Note = "A new value was set."
		case field.Relation != nil:
			var err error
			if d.Before, d.After, err = q.relatedNames(ctx, field, was, is); err != nil {
				return nil, err
			}
		default:
			d.Before, d.After = strings.Join(was, ""), strings.Join(is, "")
		}
		diffs = append(diffs, d)
	}
	return diffs, nil
}

// secret reports whether the values of a field are kept out of the history.
func secret(f *schema.Field) bool {
	return f.Relation == nil && slices.ContainsFunc([]string{"password", "secret", "token", "api_key", "private_key"}, func(word string) bool {
		return strings.Contains(f.Name, word)
	})
}

// relatedNames names the objects that a relation pointed at before and after, with one query.
func (q *request) relatedNames(ctx context.Context, field *schema.Field, was, is []string) (before, after string, err error) {
	target := field.Relation.To.PK
	if field.Relation.ToField != nil && field.Kind != schema.KindManyToMany {
		target = field.Relation.ToField
	}
	var keys []any
	for _, text := range slices.Concat(was, is) {
		if key, err := target.Convert(text); err == nil && len(keys) < 500 {
			keys = append(keys, key)
		}
	}
	found, err := q.app.db.Objects(field.Relation.To).Where(target.Name+"__in", keys).All(ctx)
	if err != nil {
		return "", "", err
	}
	names := map[string]string{}
	for _, obj := range found {
		names[fmt.Sprint(target.Value(obj))] = display.Cut(display.Line(field.Relation.To.Display(obj)), 200)
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
	return join(was), join(is), nil
}
