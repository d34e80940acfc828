package declare

import (
	"fmt"

	"github.com/quintetgo/quintet/orm/schema"
)

// deleteProblems reports a rule for the deletion of a foreign key's target that the column or the database cannot carry out.
func (p *parser) deleteProblems(f *schema.Field) {
	r := f.Relation
	rule := r.OnDelete.String()
	switch r.OnDelete {
	case schema.SetNull, schema.DBSetNull:
		if !f.Null {
			p.bad("orm.E023", f.String(), fmt.Sprintf("OnDelete is %s, but the field does not take NULL", rule),
				fmt.Sprintf("Make %s a pointer.", f.GoName))
		}
	case schema.SetDefault:
		if f.Default == nil {
			p.bad("orm.E023", f.String(), "OnDelete is SetDefault, but the field has no default",
				"Set one with orm.Describe(f, &x."+f.GoName+").Default.")
		}
	case schema.DBSetDefault:
		if f.DBDefault == "" && f.ColumnDefault == "" {
			p.bad("orm.E023", f.String(), "OnDelete is DBSetDefault, but the column has no default",
				"Set one with orm.Describe(f, &x."+f.GoName+").DBDefault.")
		}
	}
	if r.OnDelete.Action() != "" && !r.Constraint {
		p.bad("orm.E040", f.String(), fmt.Sprintf("OnDelete is %s, but without a constraint the database does nothing", rule),
			"Leave NoConstraint out, or use a rule that Quintet applies.")
	}
}
