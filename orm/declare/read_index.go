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
		x := &m.Indexes[i]
		columns := p.columns("Indexes", x.Fields)
		p.columns("Indexes", x.Include)
		p.expressions("Indexes", len(x.Fields), x.Expressions, x.OperatorClasses)
		p.search(*x)
		if x.Name == "" && x.Search {
			x.Name = schema.ConstraintName(m.Table, "search", columns...)
		}
		if x.Name == "" {
			x.Name = schema.ConstraintName(m.Table, "idx", append(columns, wordsOf(x.Expressions)...)...)
		}
	}
	p.searches()
	for i := range m.Unique {
		x := &m.Unique[i]
		columns := p.columns("Unique", x.Fields)
		p.columns("Unique", x.Include)
		p.expressions("Unique", len(x.Fields), x.Expressions, x.OperatorClasses)
		p.deferrable(*x)
		if x.Name == "" {
			x.Name = schema.ConstraintName(m.Table, "uniq", append(columns, wordsOf(x.Expressions)...)...)
		}
	}
	for _, f := range slices.Concat(m.Fields, m.ManyToMany) {
		if r := f.Relation; r != nil && r.RelatedName == "" {
			r.RelatedName = p.meta.DefaultRelatedName
		}
	}
	for i, c := range m.Checks {
		if c.Name == "" {
			m.Checks[i].Name = schema.ConstraintName(m.Table, "check", fmt.Sprint(i+1))
		}
	}
	p.permissions()
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

// version makes f the field that counts the writes of its model's rows.
func (p *parser) version(f *schema.Field) {
	m := p.model
	switch {
	case !f.Kind.IsInteger() || f.Null || f.PrimaryKey || f.Relation != nil:
		p.bad(
			"orm.E042",
			f.String(),
			"a version is a whole number that is neither a key nor NULL",
			"Make it an int64, or leave Version out.",
		)
	case m.Version != nil:
		p.bad("orm.E042", f.String(), fmt.Sprintf("%s has the version %q already", m, m.Version.Name), "Leave one of them out.")
	default:
		m.Version = f
	}
}
