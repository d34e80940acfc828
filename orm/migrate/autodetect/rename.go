package autodetect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// missingModels lists the models of a that b lacks.
func (d *detector) missingModels(a, b *operations.State) []*operations.Model {
	var list []*operations.Model
	for _, m := range a.Models() {
		if d.wanted(m.App) && (b.Find(m.Key()) == nil || b.Find(m.Key()).Key() != m.Key()) {
			list = append(list, m)
		}
	}
	return list
}

func (d *detector) renameModels() error {
	var errs []error
	for _, r := range d.o.ModelRenames {
		from, err1 := findModel(d.missingModels(d.from, d.to), r.From, "--rename-model", "no removed model")
		to, err2 := findModel(d.missingModels(d.to, d.from), r.To, "--rename-model", "no new model")
		if err := errors.Join(err1, err2); err != nil {
			errs = append(errs, err)
			continue
		}
		if from.App != to.App {
			errs = append(errs, fmt.Errorf("--rename-model %s=%s: a model cannot move to another app by being renamed", from, to))
			continue
		}
		errs = append(errs, d.renameModel(from, to))
	}
	if err := errors.Join(errs...); err != nil || d.o.Ask == nil {
		return err
	}
	for _, from := range d.missingModels(d.work, d.to) {
		for _, to := range d.missingModels(d.to, d.work) {
			if from.App != to.App || !alike(from, to) {
				continue
			}
			yes, err := d.o.Ask.RenamedModel(from, to)
			if err != nil {
				return err
			}
			if yes {
				if err := d.renameModel(from, to); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

func (d *detector) renameModel(from, to *operations.Model) error {
	op := operations.RenameModel{From: from.Name, To: to.Name}
	s := &step{app: from.App, op: op, effects: []string{"+" + to.Key()}}
	for _, r := range d.work.Referrers(from.Key()) {
		if r.Model.App != from.App && !slices.Contains(s.apps, r.Model.App) {
			s.apps = append(s.apps, r.Model.App)
		}
	}
	d.steps = append(d.steps, s)
	return op.Apply(from.App, d.work)
}

// alike reports whether two models have the same fields, so that one may be a renamed form of the other.
func alike(a, b *operations.Model) bool {
	if len(a.Fields) != len(b.Fields) {
		return false
	}
	for _, f := range a.Fields {
		other, ok := b.Field(f.Name)
		if strings.EqualFold(f.Options.To, a.String()) {
			f.Options.To = b.String()
		}
		if f.Kind == schema.KindManyToMany { // the names of its table depend on the model's name
			f.Options = operations.Options{To: f.Options.To, Through: f.Options.Through}
			other.Options = operations.Options{To: other.Options.To, Through: other.Options.Through}
		}
		if !ok || !f.Same(other) {
			return false
		}
	}
	return true
}

func (d *detector) renameFields() error {
	var errs []error
	for _, r := range d.o.Renames {
		errs = append(errs, d.namedRename(r))
	}
	if err := errors.Join(errs...); err != nil || d.o.Ask == nil {
		return err
	}
	for _, m := range d.work.Models() {
		target := d.same(m)
		if target == nil {
			continue
		}
		for _, from := range missing(m, target) {
			fresh := slices.DeleteFunc(missing(target, d.work.Find(m.Key())),
				func(to operations.Field) bool { return likeness(m, from, target, to) == 0 })
			slices.SortStableFunc(fresh, func(a, b operations.Field) int {
				return likeness(m, from, target, b) - likeness(m, from,
					target, a)
			})
			for _, to := range fresh {
				yes, err := d.o.Ask.RenamedField(m, from, to)
				if err != nil {
					return err
				}
				if yes {
					if err := d.renameField(m, from, to); err != nil {
						return err
					}
					break
				}
			}
		}
	}
	return nil
}

func (d *detector) namedRename(r Rename) error {
	flag := fmt.Sprintf("--rename %s.%s=%s", r.Model, r.From, r.To)
	var kept []*operations.Model
	for _, m := range d.work.Models() {
		if d.same(m) != nil {
			kept = append(kept, m)
		}
	}
	m, err := findModel(kept, r.Model, flag, "no model")
	if err != nil {
		return err
	}
	target := d.same(m)
	from, err := findField(m, target, r.From, flag+": the migrations of "+m.String()+" have no field %q that was removed from the model%s")
	if err != nil {
		return err
	}
	to, err := findField(target, m, r.To, flag+": model "+m.String()+" has no new field %q%s")
	if err != nil {
		return err
	}
	if from.HasColumn() != to.HasColumn() {
		return fmt.Errorf("%s: a column cannot become a many-to-many relation, nor a many-to-many relation a column", flag)
	}
	return d.renameField(m, from, to)
}

func (d *detector) renameField(m *operations.Model, from, to operations.Field) error {
	op := operations.RenameField{Model: m.Name, From: from.Name, To: to.Name}
	d.steps = append(d.steps, &step{app: m.App, op: op})
	return op.Apply(m.App, d.work)
}

// same returns the model of the code that corresponds to the model m of the migrations, or nil.
func (d *detector) same(m *operations.Model) *operations.Model {
	if t := d.to.Find(m.Key()); t != nil && t.Key() == m.Key() && d.wanted(m.App) {
		return t
	}
	return nil
}

// missing lists the fields of a that b lacks.
func missing(a, b *operations.Model) []operations.Field {
	var list []operations.Field
	for _, f := range a.Fields {
		if _, ok := b.Field(f.Name); !ok {
			list = append(list, f)
		}
	}
	return list
}

// findModel returns the model with a name such as "Post" or "blog.Post". The error begins with the flag and none, "no model".
func findModel(models []*operations.Model, name, flag, none string) (*operations.Model, error) {
	var found []*operations.Model
	var names []string
	for _, m := range models {
		names = append(names, m.String())
		if strings.EqualFold(m.String(), name) || strings.EqualFold(m.Name, name) {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("%s: there is %s called %q%s", flag, none, name, nearestModel(name, names))
	}
	return nil, fmt.Errorf("%s: %q may be %s or %s; add the app to the name", flag, name, found[0], found[1])
}

func nearestModel(name string, names []string) string {
	if strings.Contains(name, ".") {
		return check.DidYouMean(name, names)
	}
	short := make([]string, len(names))
	for i, n := range names {
		_, short[i], _ = strings.Cut(n, ".")
	}
	return check.DidYouMean(name, short)
}

// findField returns a field of a that b lacks.
func findField(a, b *operations.Model, name, format string) (operations.Field, error) {
	var names []string
	for _, f := range missing(a, b) {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return operations.Field{}, fmt.Errorf(format, name, check.DidYouMean(name, names))
}
