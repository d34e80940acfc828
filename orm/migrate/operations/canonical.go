package operations

import "github.com/quintetgo/quintet/orm/schema"

// Canonical returns a normal form of how the field f of the model m is stored: with defaults filled in, without options that
// have no effect, and with the keys of related models. Two fields that are stored in the same way have equal normal forms.
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
	if o.Generated == "" {
		o.Virtual = false
	}
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
