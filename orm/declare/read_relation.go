package declare

import (
	"fmt"
	"reflect"
	"strings"

	gschema "gorm.io/gorm/schema"

	"github.com/quintetgo/quintet/orm/schema"
)

// relationField reads a struct field whose type is another struct or a slice of them.
func (p *parser) relationField(gf *gschema.Field) {
	place := p.model.String() + "." + gf.Name
	typ, many := gf.IndirectFieldType, false
	if typ.Kind() == reflect.Slice || typ.Kind() == reflect.Array {
		typ, many = typ.Elem(), true
	}
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || typ.Name() == "" {
		if typ.Kind() == reflect.Func || typ.Kind() == reflect.Chan {
			p.bad("orm.E016", place, fmt.Sprintf("values of type %s cannot be stored", gf.FieldType), `Leave it out with the tag gorm:"-".`)
			return
		}
		p.bad("orm.E016", place, fmt.Sprintf("values of type %s cannot be stored", gf.FieldType),
			`Add the tag gorm:"serializer:json", let the type implement driver.Valuer and sql.Scanner, or leave it out with gorm:"-".`)
		return
	}
	if !p.relationTags(gf) {
		return
	}
	s := p.specOf(gf, func(s *spec) bool { return s.rel != nil })
	if s != nil {
		p.used[s] = true
	}
	if many {
		if gf.TagSettings["MANY2MANY"] != "" || s != nil && s.rel.manyToMany {
			p.manyToMany(gf, typ, s)
			return
		}
		p.slot(gf, typ)
		return
	}
	if key := p.keyOf(gf, typ); key != nil {
		p.foreignKey(gf, key, typ, s)
		return
	}
	if s != nil {
		p.bad("orm.E021", place, fmt.Sprintf("%s has no field for the key of %s", p.model.Name, gf.Name),
			fmt.Sprintf("Add %q next to it.", gf.Name+"ID int64"))
		return
	}
	p.slot(gf, typ)
}

// keyOf returns the column that stores the key of a to-one field: the tag's foreignKey, or AuthorID for Author.
func (p *parser) keyOf(gf *gschema.Field, target reflect.Type) *gschema.Field {
	names := []string{gf.Name + "ID", gf.Name + "Id"}
	if pk := keyName(target); pk != "" && pk != "ID" {
		names = append(names, gf.Name+pk)
	}
	if ref := gf.TagSettings["REFERENCES"]; ref != "" {
		names = append([]string{gf.Name + ref}, names...)
	}
	if key := gf.TagSettings["FOREIGNKEY"]; key != "" {
		names = []string{key}
	}
	for _, name := range names {
		for _, key := range []*gschema.Field{p.gorm.LookUpFieldByBindName(gf.BindNames, name), p.gorm.LookUpField(name)} {
			if key != nil && p.fields[key] != nil {
				return key
			}
		}
	}
	return nil
}

// keyName returns the Go name of a struct's primary key according to its tags, also inside embedded structs.
func keyName(typ reflect.Type) string {
	for i := range typ.NumField() {
		sf := typ.Field(i)
		settings := gschema.ParseTagSetting(sf.Tag.Get("gorm"), ";")
		if settings["PRIMARYKEY"] != "" || settings["PRIMARY_KEY"] != "" {
			return sf.Name
		}
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct && !schema.IsScalarStruct(sf.Type) {
			if name := keyName(sf.Type); name != "" {
				return name
			}
		}
	}
	return ""
}

// foreignKey makes the column key a foreign key whose object is in gf.
func (p *parser) foreignKey(gf, key *gschema.Field, target reflect.Type, s *spec) {
	f := p.fields[key]
	f.Name = schema.SnakeName(gf.Name)
	if prefix := gf.TagSettings["EMBEDDEDPREFIX"]; prefix != "" {
		f.Name = prefix + f.Name
	}
	f.Label = schema.CapitalFirst(schema.LabelOf(gf.Name))
	r := &schema.Relation{
		Kind: schema.KindForeignKey, From: p.model, Field: f, Target: target.String(), Constraint: true,
		GoName: strings.Join(gf.EmbeddedBindNames, "."), GoIndex: gf.StructField.Index,
	}
	t := &Target{Type: target, Field: gf.TagSettings["REFERENCES"]}
	p.targets[r] = t
	f.Relation, f.Kind, f.Auto = r, schema.KindForeignKey, false
	parseConstraint(gf.TagSettings["CONSTRAINT"]).Apply(r)
	p.fields[gf] = f // descriptions of the object apply to the key
	if s != nil {
		s.rel.apply(r, t)
	}
	if singleUnique(key) || s != nil && s.rel.oneToOne {
		f.Unique = true
	}
}

func singleUnique(gf *gschema.Field) bool {
	v := gf.TagSettings["UNIQUEINDEX"]
	return gf.Unique || v == "UNIQUEINDEX"
}

// apply changes a relation as the Fields method described it.
func (s *relationSpec) apply(r *schema.Relation, t *Target) {
	if s.onDelete != nil {
		s.onDelete.ApplyTo(r)
	}
	r.RelatedName, r.LookupName, r.LimitChoices = s.related, s.lookup, s.limit
	if s.toField != "" {
		t.Field = s.toField
	}
	if s.noConstraint {
		r.Constraint = false
	}
}

// foreignKeysByName creates foreign keys of the columns that FKTo described.
func (p *parser) foreignKeysByName() {
	for _, s := range p.specs {
		if s.rel == nil || p.used[s] || s.rel.manyToMany {
			continue
		}
		f := p.specField(s)
		if f == nil {
			continue
		}
		if s.rel.to == "" {
			p.used[s] = true
			p.bad("orm.E022", f.String(), fmt.Sprintf("%s: orm.FK requires the related struct, not its key", s.place),
				"Write orm.FK(f, &x.Author), or orm.FKTo(f, &x.AuthorID, \"app.Model\") when the type cannot be named.")
			continue
		}
		p.used[s] = true
		f.Name = strings.TrimSuffix(f.Attr, "_id")
		f.Label = schema.CapitalFirst(schema.LabelOf(strings.TrimSuffix(f.GoName, "ID")))
		r := &schema.Relation{Kind: schema.KindForeignKey, From: p.model, Field: f, Target: s.rel.to, Constraint: true}
		t := &Target{Name: s.rel.to}
		p.targets[r] = t
		f.Relation, f.Kind, f.Auto = r, schema.KindForeignKey, false
		s.rel.apply(r, t)
		f.Unique = f.Unique || s.rel.oneToOne
	}
}

func (p *parser) manyToMany(gf *gschema.Field, target reflect.Type, s *spec) {
	f := &schema.Field{
		Model: p.model, Name: schema.SnakeName(gf.Name), GoName: strings.Join(gf.EmbeddedBindNames, "."), Kind: schema.KindManyToMany,
		Type: gf.FieldType, Blank: true, Editable: true, Label: schema.CapitalFirst(schema.LabelOf(gf.Name)),
	}
	f.Attr = f.Name
	r := &schema.Relation{
		Kind: schema.KindManyToMany, From: p.model, Field: f, Target: target.String(), Constraint: true,
		GoName: f.GoName, GoIndex: gf.StructField.Index,
	}
	t := &Target{
		Type: target, JoinTable: gf.TagSettings["MANY2MANY"],
		JoinFrom: gf.TagSettings["JOINFOREIGNKEY"], JoinTo: gf.TagSettings["JOINREFERENCES"],
	}
	p.targets[r] = t
	if t.JoinTable == "" {
		t.JoinTable = p.model.Table + "_" + f.Name
	}
	f.Relation = r
	f.Bind(gf)
	t.OneWay = t.JoinFrom != "" && t.JoinTo != "" // the names of the keys distinguish the two ends
	if s != nil {
		s.rel.apply(r, t)
		r.Symmetrical, t.OneWay = s.rel.symmetrical, t.OneWay || s.rel.oneWay || s.rel.through != nil
		if s.rel.symmetrical {
			r.RelatedName = "-"
		}
		if s.rel.through != nil {
			t.Through = reflect.TypeOf(s.rel.through)
			for t.Through.Kind() == reflect.Pointer {
				t.Through = t.Through.Elem()
			}
		}
	}
	p.fields[gf] = f
	p.model.ManyToMany = append(p.model.ManyToMany, f)
}

// slot adds a struct field for the objects of another model's relation.
func (p *parser) slot(gf *gschema.Field, elem reflect.Type) {
	p.slots = append(p.slots, &Slot{
		GoName: strings.Join(gf.EmbeddedBindNames, "."), GoIndex: gf.StructField.Index, Type: elem,
		ForeignKey: gf.TagSettings["FOREIGNKEY"], References: gf.TagSettings["REFERENCES"],
		Constraint: parseConstraint(gf.TagSettings["CONSTRAINT"]),
	})
}
