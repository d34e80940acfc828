package session

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// constraintColumns returns the columns of a broken constraint for which the database reports only a name: those of the
// primary key, of a unique field, or of a foreign key. Constraints of several fields have names of their own; see describe.
func (s *Session) constraintColumns(v *dialect.Violation) []string {
	for _, m := range s.Models() {
		if v.Table != "" && m.Table != v.Table {
			continue
		}
		if v.PrimaryKey && v.Table != "" {
			return columnsOf(m.PrimaryKeys)
		}
		if v.Constraint == "" {
			continue
		}
		for _, f := range m.Fields {
			if f.Column == "" {
				continue
			}
			unique := v.Kind == dialect.ConstraintUnique && v.Constraint == schema.ConstraintName(m.Table, "uniq", f.Column)
			foreign := v.Kind == dialect.ConstraintForeignKey && v.Constraint == schema.ConstraintName(m.Table, "fk", f.Column)
			if unique || foreign {
				return []string{f.Column}
			}
		}
	}
	return nil
}

func columnsOf(fields []*schema.Field) []string {
	columns := make([]string, len(fields))
	for i, f := range fields {
		columns[i] = f.Column
	}
	return columns
}
