package operations

import "github.com/quintetgo/quintet/orm/schema"

// Canonical spells out how field f of model m is stored: defaults are filled in, what has no effect is left out, and
// related models stand by their keys. Two fields that are stored alike have equal canonical forms, however they were
// written.
func (s *State) Canonical(m *Model, f Field) Field {
	f = f.settled()
	o := &f.Options
	if o.To != "" {
		o.To = s.Resolve(o.To)
	}
	if o.Through != "" {
		o.Through = s.Resolve(o.Through)
	}
	if f.Kind == schema.KindManyToMany {
		if o.Through == "" {
			if p, err := s.Pairs(m, f); err == nil {
				o.Table, o.FromColumn, o.ToColumn = p.Table, p.FromColumn, p.ToColumn
			}
		}
		return f
	}
	o.Column = f.ColumnName()
	if f.Kind.IsReference() || f.IsUnique() {
		o.Index = false
	}
	if f.IsPrimaryKey() {
		o.Null, o.Unique = false, false
	}
	if f.Options.Auto {
		o.PrimaryKey = false
	}
	if f.Kind == schema.KindOneToOne {
		o.Unique = false
	}
	if _, target, err := s.Target(f); f.Kind.IsReference() && err == nil && target.IsPrimaryKey() {
		o.ToField = ""
	}
	return f
}
