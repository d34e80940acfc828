package declare

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// indexes reads the indexes, unique sets and checks of tags and Meta.
func (p *parser) indexes() {
	m := p.model
	for _, idx := range p.gorm.ParseIndexes() {
		var names []string
		for _, option := range idx.Fields {
			f := p.fields[option.Field]
			if f == nil || option.Expression != "" {
				names = nil
				break
			}
			name := f.Name
			if strings.EqualFold(option.Sort, "desc") {
				name = "-" + name
			}
			names = append(names, name)
		}
		if names == nil {
			p.problems = append(p.problems, problem.Warning("orm.W002", m.String(),
				fmt.Sprintf("the index %q uses an expression and is not migrated", idx.Name), "Create it with a RunSQL operation."))
			continue
		}
		unique, single := idx.Class == "UNIQUE", len(names) == 1 && idx.Where == "" && !strings.HasPrefix(names[0], "-")
		switch {
		case unique && single:
			p.fields[idx.Fields[0].Field].Unique = true
		case unique:
			for i, name := range names {
				names[i] = strings.TrimPrefix(name, "-")
			}
			m.Unique = append(m.Unique, schema.Unique{Name: idx.Name, Fields: names, Where: idx.Where})
		case single:
			p.fields[idx.Fields[0].Field].Index = true
		default:
			m.Indexes = append(m.Indexes, schema.Index{Name: idx.Name, Fields: names, Where: idx.Where})
		}
	}
	checks := p.gorm.ParseCheckConstraints()
	for name, c := range checks {
		m.Checks = append(m.Checks, schema.Check{Name: name, SQL: c.Constraint})
	}
	sort.Slice(m.Checks, func(i, j int) bool { return m.Checks[i].Name < m.Checks[j].Name })
	m.Checks = append(m.Checks, p.meta.Checks...)
	m.Indexes = append(m.Indexes, slices.Clone(p.meta.Indexes)...)
	m.Unique = append(m.Unique, slices.Clone(p.meta.Unique)...)
}

// finish checks Meta and the descriptions of the Fields method, and generates missing names.
func (p *parser) finish() {
	m := p.model
	for i := range m.Indexes {
		columns := p.columns("Indexes", m.Indexes[i].Fields)
		if m.Indexes[i].Name == "" {
			m.Indexes[i].Name = schema.ConstraintName(m.Table, "idx", columns...)
		}
	}
	for i := range m.Unique {
		columns := p.columns("Unique", m.Unique[i].Fields)
		if m.Unique[i].Name == "" {
			m.Unique[i].Name = schema.ConstraintName(m.Table, "uniq", columns...)
		}
	}
	for i, c := range m.Checks {
		if c.Name == "" {
			m.Checks[i].Name = schema.ConstraintName(m.Table, "check", fmt.Sprint(i+1))
		}
	}
	seen := map[string]*schema.Field{}
	for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
		p.checkField(f)
		for _, name := range slices.Compact([]string{f.Name, f.Attr}) {
			if other := seen[name]; other != nil && other != f {
				p.bad("orm.E005", f.String(), fmt.Sprintf("%s and %s are both called %q", other.GoName, f.GoName, name),
					"Rename one of them.")
			}
			seen[name] = f
		}
	}
}

func (p *parser) columns(what string, names []string) []string {
	var columns []string
	for _, name := range names {
		plain := strings.TrimPrefix(name, "-")
		f := p.model.ByName(plain)
		if f == nil || f.Column == "" {
			p.bad("orm.E018", p.model.String(), fmt.Sprintf("Meta.%s names %q, which is not a column", what, plain),
				problem.DidYouMean(plain, p.model.FieldNames(), ""))
			continue
		}
		columns = append(columns, f.Column)
	}
	return columns
}

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
	if (f.AutoNow || f.AutoNowAdd) && !f.Kind.IsTime() && !f.Kind.IsInteger() {
		p.bad("orm.E019", f.String(), "only times can be set to the current time", "Leave AutoNow out.")
	}
}
