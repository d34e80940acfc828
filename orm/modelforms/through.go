package modelforms

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// checkThrough returns an error if the form cannot create the links of one of its fields, and for an entry of Options.Through
// that does not belong to a field of the form.
func checkThrough(model *orm.Model, chosen []*orm.Field, options Options) error {
	var names []string
	for _, f := range chosen {
		if f.Kind != schema.KindManyToMany || f.Relation.Through.Auto {
			continue
		}
		names = append(names, f.Name)
		through := f.Relation.Through
		values := options.Through[f.Name]
		if values == nil {
			if needed := required(f.Relation); len(needed) > 0 {
				return fmt.Errorf("modelforms: %s cannot be in a form: new rows of its through model %s require %s, which has no default; "+
					"set it in Options.Through, or declare a default", f, through, strings.Join(needed, ", "))
			}
			continue
		}
		if rv := reflect.ValueOf(values); rv.Kind() != reflect.Pointer || rv.IsNil() || rv.Elem().Type() != through.Type {
			return fmt.Errorf("modelforms: Options.Through[%q] is a %T, and the links of %s are of the model %s; pass a *%s",
				f.Name, values, f, through, through.Type)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(options.Through)) {
		if !slices.Contains(names, name) {
			return fmt.Errorf("modelforms: Options.Through has the key %q, which is not a many-to-many field of %s with a through model "+
				"in this form%s", name, model, check.DidYouMean(name, names))
		}
	}
	return nil
}

// required returns the names of the columns that a new row of a through model needs besides its two keys.
func required(r *schema.Relation) []string {
	var names []string
	for _, f := range r.Through.Fields {
		given := f == r.ThroughFrom || f == r.ThroughTo || f.Auto || f.AutoNow || f.AutoNowAdd || f.Version || f.ReadOnly()
		if !given && f.Required() && f.Default == nil && f.DBDefault == "" && f != r.Through.Tenant {
			names = append(names, f.Name)
		}
	}
	return names
}
