package constraint

import (
	"slices"

	"github.com/quintetgo/quintet/orm/internal/sqltext"
	"github.com/quintetgo/quintet/orm/schema"
)

// rule is one constraint: a unique one, a check, or a value that is unique for a period of a date.
type rule struct {
	name        string
	fields      []*schema.Field // that are unique together; of a check, the only one that it mentions
	expressions []string        // unique too
	where       string          // SQL condition of the rows of a unique constraint
	nullsEqual  bool            // NULL equals NULL
	check       string          // SQL condition
	uses        []*schema.Field // fields whose values are needed

	date   *schema.Field // of a value that is unique for a period
	period string        // "date", "month" or "year"
}

// rulesOf returns the constraints of a model.
func rulesOf(m *schema.Model) []rule {
	var list []rule
	for _, f := range m.Fields {
		if f.Unique && !f.Auto && f.Column != "" {
			name := schema.ConstraintName(m.Table, "uniq", f.Column)
			if f.PrimaryKey {
				name = ""
			}
			list = append(list, rule{name: name, fields: []*schema.Field{f}})
		}
		for _, one := range []struct{ period, date string }{
			{"date", f.UniqueForDate}, {"month", f.UniqueForMonth}, {"year", f.UniqueForYear},
		} {
			if date := m.ByName(one.date); date != nil {
				list = append(list, rule{fields: []*schema.Field{f}, date: date, period: one.period})
			}
		}
	}
	for _, u := range m.Unique {
		r := rule{name: u.Name, expressions: u.Expressions, where: u.Where, nullsEqual: u.NullsNotDistinct}
		for _, name := range u.Fields {
			r.fields = append(r.fields, m.ByName(name))
		}
		list = append(list, r)
	}
	for _, c := range m.Checks {
		list = append(list, rule{name: c.Name, check: c.SQL})
	}
	for _, f := range m.Fields {
		if f.Kind == schema.KindUint {
			list = append(list, rule{
				name: schema.ConstraintName(m.Table, "check", f.Column), check: sqltext.Name(f.Column) + " >= 0",
			})
		}
	}
	list = slices.DeleteFunc(list, func(r rule) bool { return slices.Contains(r.fields, nil) })
	for i := range list {
		list[i].findUses(m)
	}
	return list
}

// findUses lists the fields that a rule needs, by the columns that its SQL mentions.
func (r *rule) findUses(m *schema.Model) {
	r.uses = slices.Clone(r.fields)
	if r.date != nil {
		r.uses = append(r.uses, r.date)
	}
	texts := append([]string{r.where, r.check}, r.expressions...)
	for _, f := range m.Fields {
		mentioned := slices.ContainsFunc(texts, func(sql string) bool { return sqltext.MentionsColumn(sql, f.Column) })
		if mentioned && !slices.Contains(r.uses, f) {
			r.uses = append(r.uses, f)
		}
	}
	if r.check != "" && len(r.uses) == 1 {
		r.fields = r.uses
	}
}

// concerns reports whether a rule uses one of some fields.
func (r *rule) concerns(names []string) bool {
	return slices.ContainsFunc(r.uses, func(f *schema.Field) bool {
		return slices.Contains(names, f.Name) || slices.Contains(names, f.Attr)
	})
}
