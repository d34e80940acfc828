package registry

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/orm/declare"
	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// linkManyToMany resolves a many-to-many relation and creates its through model if there is none.
func (r *Registry) linkManyToMany(f *schema.Field) []problem.Problem {
	rel := f.Relation
	t, to := r.targets[rel], r.targetOf(rel)
	if to == nil || to.PK == nil || rel.From.PK == nil {
		return nil
	}
	for _, m := range []*schema.Model{rel.From, to} {
		if len(m.PrimaryKeys) > 1 {
			t.linked = true
			return []problem.Problem{problem.Error("orm.E025", f.String(),
				fmt.Sprintf("%s has a composite primary key, which many-to-many fields cannot point at", m), "Give it a single one.")}
		}
	}
	through := rel.Through
	explicit := through != nil
	switch {
	case through != nil:
	case t.Through != nil:
		if through = r.byType[t.Through]; through == nil {
			return nil
		}
		explicit = true
	default:
		if through = r.tableOf(t.JoinTable); through != nil {
			explicit = true
		} else {
			through = r.autoThrough(rel, t.Target, to)
		}
	}
	t.linked = true
	if problems := manyToManyProblems(f, t.Target, to, through); len(problems) > 0 {
		return problems
	}
	from, target := throughKeys(through, rel, t.Target, to)
	if explicit && (from == nil || target == nil) {
		return []problem.Problem{problem.Error("orm.E028", f.String(),
			fmt.Sprintf("the through model %s needs one foreign key to %s and one to %s", through, rel.From,
				to), "Add them, or name them with joinForeignKey and joinReferences.")}
	}
	rel.Through, rel.ThroughFrom, rel.ThroughTo = through, from, target
	rel.To, rel.ToField, rel.Target = to, to.PK, to.String()
	return r.addReverse(rel)
}

// manyToManyProblems reports fields to their own model that do not declare the direction of their links.
func manyToManyProblems(f *schema.Field, t *declare.Target, to, through *schema.Model) []problem.Problem {
	rel := f.Relation
	own := rel.From == to
	switch {
	case own && !rel.Symmetrical && !t.OneWay:
		return []problem.Problem{problem.Error("orm.E031", f.String(), fmt.Sprintf("links from %s to itself need a direction", to),
			fmt.Sprintf("Declare it in Fields: orm.M2M(f, &x.%s).Symmetrical() or .OneWay().", lastPart(rel.GoName)))}
	case rel.Symmetrical && (!own || !through.Auto):
		return []problem.Problem{problem.Error("orm.E031", f.String(),
			"only a many-to-many field to its own model without Through can be symmetrical", "Leave Symmetrical out.")}
	}
	return nil
}

// mirrors reports whether two fields declare the same many-to-many relation, on both of its models: they name one table.
func (r *Registry) mirrors(rel, other *schema.Relation) bool {
	if rel == other || rel.Kind != schema.KindManyToMany || other.Kind != schema.KindManyToMany || other.From != rel.To {
		return false
	}
	t, u := r.targets[rel], r.targets[other]
	return t.JoinTable == u.JoinTable && t.Through == u.Through
}

// throughKeys returns the two foreign keys of a through model.
func throughKeys(through *schema.Model, rel *schema.Relation, t *declare.Target, to *schema.Model) (from, target *schema.Field) {
	for _, f := range through.Fields {
		if f.Relation == nil || f.Relation.To == nil {
			continue
		}
		switch {
		case t.JoinFrom != "" && (f.GoName == t.JoinFrom || f.Column == t.JoinFrom):
			from = f
		case t.JoinTo != "" && (f.GoName == t.JoinTo || f.Column == t.JoinTo):
			target = f
		case from == nil && f.Relation.To == rel.From && t.JoinFrom == "":
			from = f
		case target == nil && f.Relation.To == to && t.JoinTo == "":
			target = f
		}
	}
	return from, target
}

// autoThrough registers the implicit through model of a many-to-many relation: an id and two foreign keys, unique together.
func (r *Registry) autoThrough(rel *schema.Relation, t *declare.Target, to *schema.Model) *schema.Model {
	fromName, toName := schema.CapitalFirst(rel.From.Name)+"ID", schema.CapitalFirst(to.Name)+"ID"
	if rel.From == to || fromName == toName {
		toName = singular(lastPart(rel.GoName)) + "ID"
	}
	if t.JoinFrom != "" {
		fromName = schema.CapitalFirst(t.JoinFrom) // as in GORM: "band_id" is the field Band_id with the column band_id
	}
	if t.JoinTo != "" {
		toName = schema.CapitalFirst(t.JoinTo)
	}
	t.JoinFrom, t.JoinTo = fromName, toName
	m := &schema.Model{
		App: rel.From.App, Name: rel.From.Name + lastPart(rel.GoName), Table: t.JoinTable, Auto: true,
		Label: rel.From.Label + " " + rel.Field.Name, LabelPlural: rel.From.Label + " " + rel.Field.Name, AutoOf: rel.Field,
	}
	if rel.GoName == "" {
		m.Name = rel.From.Name + "_" + rel.Field.Name
	}
	if rel.From.Type != nil && to.Type != nil {
		m.Type = reflect.StructOf([]reflect.StructField{
			{Name: "ID", Type: reflect.TypeFor[int64]()},
			{Name: fromName, Type: plainType(rel.From.PK.Type)},
			{Name: toName, Type: plainType(to.PK.Type)},
		})
	}
	id := &schema.Field{
		Name: "id", Attr: "id", GoName: "ID", Column: "id", Kind: schema.KindBigInt, Label: "ID", PrimaryKey: true,
		Auto: true, Blank: true,
	}
	m.Fields = []*schema.Field{id, r.throughKey(m, rel.From, fromName, rel), r.throughKey(m, to, toName, rel)}
	m.PK, m.PrimaryKeys = id, []*schema.Field{id}
	m.Unique = []schema.Unique{{
		Name:   schema.ConstraintName(m.Table, "uniq", m.Fields[1].Column, m.Fields[2].Column),
		Fields: []string{m.Fields[1].Name, m.Fields[2].Name},
	}}
	if m.Type != nil {
		for i, f := range m.Fields {
			sf := m.Type.Field(i)
			f.Type = sf.Type
			f.BindStruct(sf)
		}
	}
	m.BuildIndex()
	r.insert(m)
	for _, f := range m.Fields[1:] {
		r.linkKey(f)
	}
	return m
}

func (r *Registry) throughKey(m, to *schema.Model, goName string, rel *schema.Relation) *schema.Field {
	name := strings.TrimSuffix(schema.SnakeName(goName), "_id")
	f := &schema.Field{
		Model: m, Name: name, Attr: schema.SnakeName(goName), GoName: goName, Column: schema.SnakeName(goName), Kind: schema.KindForeignKey,
		Label: schema.CapitalFirst(strings.ReplaceAll(name, "_", " ")), Editable: true, Index: true,
	}
	f.Relation = &schema.Relation{
		Kind: schema.KindForeignKey, From: m, Field: f, Target: to.String(), OnDelete: schema.Cascade, RelatedName: "-",
		Constraint: rel.Constraint,
	}
	r.targets[f.Relation] = &target{Target: &declare.Target{Name: to.String()}}
	return f
}

func plainType(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func lastPart(goName string) string { return goName[strings.LastIndexByte(goName, '.')+1:] }

// singular returns the singular of a regular English plural. It is used for the column of a model that points at itself.
func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "ss"):
		return word
	case strings.HasSuffix(word, "s"):
		return word[:len(word)-1]
	}
	return word
}
