package operations

import (
	"cmp"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// FromModels returns the State of registered models. Relations declared with an alias keep it. aliases is as for [NewState].
func FromModels(models []*schema.Model, aliases map[string][]string) *State {
	s := NewState(aliases)
	for _, m := range models {
		if !m.Auto {
			s.Put(fromModel(m))
		}
	}
	return s
}

func fromModel(from *schema.Model) *Model {
	m := &Model{App: from.App, Name: from.Name, Table: from.Table, Unmanaged: from.Unmanaged}
	for _, f := range from.Fields {
		m.Fields = append(m.Fields, fromField(f))
	}
	for _, f := range from.ManyToMany {
		if t := f.Relation.Through; t != nil && t.Auto && t.AutoOf != f {
			continue // declared in both models; the table belongs to the field of the other one
		}
		m.Fields = append(m.Fields, fromPairs(m, f))
	}
	for _, x := range from.Indexes {
		x.Fields, x.Include = fieldNames(from, x.Fields), fieldNames(from, x.Include)
		m.Indexes = append(m.Indexes, Index(x))
	}
	for _, x := range from.Unique {
		m.Unique = append(m.Unique, Unique{
			Name: x.Name, Fields: fieldNames(from, x.Fields), Expressions: x.Expressions, Where: x.Where,
			Include: fieldNames(from, x.Include), OperatorClasses: x.OperatorClasses,
			NullsNotDistinct: x.NullsNotDistinct, Deferrable: x.Deferrable,
		})
	}
	for _, x := range from.Checks {
		m.Checks = append(m.Checks, Check{Name: x.Name, SQL: x.SQL})
	}
	return m
}

// fieldNames returns the names of fields, which an index may also name by the attribute of a foreign key, "author_id".
func fieldNames(m *schema.Model, names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		plain, descending := strings.CutPrefix(name, "-")
		if f := m.Lookup(plain); f != nil {
			plain = f.Name
		}
		if descending {
			plain = "-" + plain
		}
		list[i] = plain
	}
	return list
}

func fromField(from *schema.Field) Field {
	f := Field{Name: from.Name}
	var auto bool
	f.Kind, auto = fromKind(from)
	f.Options = Options{
		Auto: auto,
		Null: from.Null, Index: from.Index, Collation: from.Collation,
		DBDefault: cmp.Or(from.DBDefault, from.ColumnDefault), Comment: from.Comment,
		Generated: from.Generated, Virtual: from.Virtual, Types: dialect.JoinTypes(from.ColumnTypes),
		Unique:     from.Unique && f.Kind != schema.KindOneToOne && !from.PrimaryKey,
		PrimaryKey: from.PrimaryKey && !auto,
	}
	switch {
	case f.Kind == schema.KindChar, f.Kind == schema.KindBinary:
		f.Options.Size = from.Size
	case f.Kind == schema.KindDecimal:
		f.Options.Precision, f.Options.Scale = from.Precision, from.Scale
	case f.Kind.IsReference():
		r := from.Relation
		f.Options.To = targetName(r)
		f.Options.Index = false
		f.Options.NoConstraint = !r.Constraint
		if r.Constraint {
			f.Options.OnUpdate, f.Options.OnDelete = r.OnUpdate, r.OnDelete.Action()
		}
		if r.To != nil && r.ToField != nil && r.ToField != r.To.PK {
			f.Options.ToField = r.ToField.Name
		}
	}
	if from.Unique || from.PrimaryKey {
		f.Options.Index = false
	}
	if f.ColumnName() != from.Column {
		f.Options.Column = from.Column
	}
	return f
}

// fromKind returns the kind by which a field is stored, an email address as any other text, and whether the database numbers it.
func fromKind(f *schema.Field) (kind schema.Kind, auto bool) {
	switch f.Kind {
	case schema.KindForeignKey:
		if f.Unique {
			return schema.KindOneToOne, false
		}
	case schema.KindBigInt, schema.KindInt, schema.KindUint, schema.KindSmallInt:
		switch {
		case !f.Auto || !f.PrimaryKey:
		case f.Kind == schema.KindInt, f.Kind == schema.KindSmallInt:
			return f.Kind, true
		default:
			return schema.KindBigInt, true
		}
	case schema.KindIP:
		return schema.KindChar, false
	case schema.KindChar, schema.KindSlug, schema.KindEmail, schema.KindURL:
		if f.Size == 0 {
			return schema.KindText, false
		}
		return schema.KindChar, false
	}
	return f.Kind, false
}

func fromPairs(m *Model, from *schema.Field) Field {
	r := from.Relation
	f := ManyToMany(from.Name, targetName(r))
	if r.Through == nil {
		return f
	}
	if !r.Through.Auto {
		return f.Through(r.Through.String())
	}
	if r.Through.Table != m.Table+"_"+f.Name {
		f = f.Table(r.Through.Table)
	}
	if r.To != nil {
		a, b := pairColumns(m, &Model{Name: r.To.Name})
		if r.ThroughFrom.Column != a || r.ThroughTo.Column != b {
			f = f.Columns(r.ThroughFrom.Column, r.ThroughTo.Column)
		}
	}
	return f
}

// targetName is the alias a relation was declared with, or the model's name.
func targetName(r *schema.Relation) string {
	if r.To != nil && (r.Alias == "" || strings.EqualFold(r.Alias, r.To.String())) {
		return r.To.String()
	}
	if r.Alias != "" {
		return r.Alias
	}
	return r.Target
}
