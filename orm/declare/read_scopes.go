package declare

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// scopes reads the model's default scopes, its tenant, and the field that marks deleted rows.
func (p *parser) scopes() {
	m := p.model
	for _, f := range m.Fields {
		if isDeletedAt(f.Type) {
			f.MarksDeleted, f.Null, f.Editable = true, true, false
		}
		if !f.MarksDeleted {
			continue
		}
		switch {
		case f.Kind != schema.KindDateTime || !f.Null || f.ReadOnly():
			p.bad(
				"orm.E070",
				f.String(),
				"a field that marks deleted rows must be a time that accepts NULL and is written",
				"Make it a *time.Time.",
			)
		case m.SoftDelete != nil:
			p.bad(
				"orm.E071",
				m.String(),
				fmt.Sprintf("%s and %s both mark deleted rows", m.SoftDelete.GoName, f.GoName),
				"Keep one of them.",
			)
		default:
			m.SoftDelete = f
		}
	}
	if name := p.meta.Tenant; name != "" {
		m.Tenant = m.ByName(name)
		if f := m.Tenant; f == nil || f.Column == "" || f.PrimaryKey || f.ReadOnly() {
			p.bad("orm.E072", m.String(), fmt.Sprintf("Meta.Tenant names %q, which is not a column that can hold a tenant", name),
				problem.DidYouMean(name, m.FieldNames(), ""))
		} else {
			f.Editable = false
		}
	}
	for _, scope := range p.meta.Scopes {
		switch {
		case scope.Name == "" || scope.Name == schema.AllScopes || scope.Where == nil:
			p.bad(
				"orm.E073",
				m.String(),
				fmt.Sprintf("Meta.Scopes has a scope %q without a name of its own, or without a condition", scope.Name),
				"Make scopes with orm.DefaultScope.",
			)
		case slices.Contains(m.ScopeNames(), scope.Name):
			p.bad("orm.E073", m.String(), fmt.Sprintf("two default scopes are called %q", scope.Name), "Rename one of them.")
		default:
			m.Scopes = append(m.Scopes, scope)
		}
	}
}
