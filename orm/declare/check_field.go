package declare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

func (p *parser) checkField(f *schema.Field) {
	if strings.Contains(f.Name, "__") || strings.HasSuffix(f.Name, "_") || strings.HasPrefix(f.Name, "_") {
		p.bad("orm.E006", f.String(), fmt.Sprintf("the name %q cannot be used in lookups, where \"__\" separates parts", f.Name),
			"Rename the field.")
	}
	if f.Name == "pk" && !f.PrimaryKey {
		p.bad("orm.E006", f.String(), `the name "pk" is reserved for the primary key`, "Rename the field.")
	}
	choices := slices.Clone(f.Choices)
	for i, c := range choices {
		value, err := f.Convert(c.Value)
		if err != nil {
			p.bad("orm.E017", f.String(), fmt.Sprintf("the choice %q does not fit the field: %v", c.Label, err), "")
			continue
		}
		choices[i].Value = schema.Indirect(value)
		if f.Kind == schema.KindChar && f.Size > 0 && len([]rune(fmt.Sprint(choices[i].Value))) > f.Size {
			p.bad("orm.E017", f.String(), fmt.Sprintf("the choice %v is longer than the field's %d characters", choices[i].Value, f.Size),
				"Make the field longer.")
		}
	}
	f.Choices = choices
	if r := f.Relation; r != nil && r.Kind != schema.KindManyToMany {
		p.deleteProblems(f)
		if f.Unique || f.PrimaryKey && len(p.model.PrimaryKeys) == 1 {
			r.Kind, f.Kind = schema.KindOneToOne, schema.KindOneToOne
		}
	}
	p.checkOptions(f)
	if f.Version {
		p.version(f)
	}
	if (f.AutoNow || f.AutoNowAdd) && !f.Kind.IsTime() && !f.Kind.IsInteger() {
		p.bad("orm.E019", f.String(), "only times can be set to the current time", "Leave AutoNow out.")
	}
}

// checkOptions reports options that would have no effect on a field, or that exclude each other.
func (p *parser) checkOptions(f *schema.Field) {
	serialized := f.Serialized()
	natural := schema.KindOf(f.Type)
	switch {
	case f.Kind.IsRelation():
	case !serialized && !compatible(f.Kind, natural):
		p.refuseOption(
			f,
			fmt.Sprintf("values of type %s cannot be stored as %s", f.Type, f.Kind),
			"Change the field's Go type, or leave the kind out.",
		)
	case f.Size > 0 && !f.Kind.IsText() && f.Kind != schema.KindBinary:
		p.refuseOption(f, fmt.Sprintf("a %s has no size", f.Kind), "Leave Size out; the size of numbers is that of their Go type.")
	}
	if f.Collation != "" && !f.ColumnKind().IsText() {
		p.refuseOption(f, fmt.Sprintf("a %s has no collation", f.Kind), "Leave Collation out; it is for texts.")
	}
	if f.LoadChoices != nil && len(f.Choices) > 0 {
		p.refuseOption(f, "the field has both choices and a function that loads them", "Leave one of Choices and LoadChoices out.")
	}
	for _, other := range []struct{ option, name string }{
		{"UniqueForDate", f.UniqueForDate}, {"UniqueForMonth", f.UniqueForMonth}, {"UniqueForYear", f.UniqueForYear},
	} {
		if other.name == "" {
			continue
		}
		date := p.model.ByName(other.name)
		if date == nil || date.Kind != schema.KindDate && date.Kind != schema.KindDateTime {
			p.bad("orm.E051", f.String(), fmt.Sprintf("%s names %q, which is not a date of the model", other.option, other.name),
				didYouMeanDate(p.model, other.name))
		}
	}
	p.checkGenerated(f)
}

func (p *parser) checkGenerated(f *schema.Field) {
	if f.Generated == "" {
		return
	}
	for _, other := range []struct {
		set  bool
		name string
	}{
		{f.Default != nil, "Default"},
		{f.DBDefault != "" || f.ColumnDefault != "", "DBDefault"},
		{f.AutoNow, "AutoNow"},
		{f.AutoNowAdd, "AutoNowAdd"},
		{f.PrimaryKey, "a primary key"},
		{f.Relation != nil, "a foreign key"},
		{len(f.Validators) > 0, "Validate"},
		{f.HasChoices() && f.LoadChoices != nil, "LoadChoices"},
	} {
		if other.set {
			p.bad("orm.E050", f.String(), fmt.Sprintf("the database computes the field, which excludes %s", other.name),
				"Leave one of the two out.")
		}
	}
}

func (p *parser) refuseOption(f *schema.Field, text, hint string) {
	p.bad("orm.E052", f.String(), text, hint)
}

func didYouMeanDate(m *schema.Model, name string) string {
	var dates []string
	for _, f := range m.Fields {
		if f.Kind == schema.KindDate || f.Kind == schema.KindDateTime {
			dates = append(dates, f.Name)
		}
	}
	return problem.DidYouMean(name, dates, "Name a date or a date and time.")
}
