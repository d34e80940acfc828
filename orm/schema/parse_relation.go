package schema

import (
	"fmt"
	"reflect"
	"strings"

	gschema "gorm.io/gorm/schema"
)

// slot is a struct field that holds the way back of another model's relation: "Comments []Comment" in Post.
type slot struct {
	goName     string
	index      []int
	elem       reflect.Type
	foreignKey string // Go name of the key in the other model, if the tag says it
	references string // Go name of the field here that the key holds, if the tag says it
	constraint string
	relation   *Relation
}

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
			p.bad("orm.E016", place, fmt.Sprintf("values of type %s cannot be stored", gf.FieldType), `leave it out with the tag gorm:"-"`)
			return
		}
		p.bad("orm.E016", place, fmt.Sprintf("values of type %s cannot be stored", gf.FieldType), `add the tag gorm:"serializer:json", let the type implement driver.Valuer and sql.Scanner, or leave it out with gorm:"-"`)
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
		p.bad("orm.E021", place, fmt.Sprintf("%s has no field for the key of %s", p.model.Name, gf.Name), fmt.Sprintf("add %q next to it", gf.Name+"ID int64"))
		return
	}
	p.slot(gf, typ)
}

// keyOf finds the column that stores the key of a to-one field: the tag's foreignKey, or AuthorID for Author.
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

// keyName gives the Go name of a struct's primary key as its tags say it, also inside embedded structs.
func keyName(typ reflect.Type) string {
	for i := range typ.NumField() {
		sf := typ.Field(i)
		settings := gschema.ParseTagSetting(sf.Tag.Get("gorm"), ";")
		if settings["PRIMARYKEY"] != "" || settings["PRIMARY_KEY"] != "" {
			return sf.Name
		}
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct && !isScalarStruct(sf.Type) {
			if name := keyName(sf.Type); name != "" {
				return name
			}
		}
	}
	return ""
}

// foreignKey turns the column key into the foreign key that gf holds the object of.
func (p *parser) foreignKey(gf, key *gschema.Field, target reflect.Type, s *spec) {
	f := p.fields[key]
	f.Name = SnakeName(gf.Name)
	if prefix := gf.TagSettings["EMBEDDEDPREFIX"]; prefix != "" {
		f.Name = prefix + f.Name
	}
	f.Label = capitalFirst(labelOf(gf.Name))
	r := &Relation{
		Kind: KindForeignKey, From: p.model, Field: f, toType: target, Target: target.String(), Constraint: true,
		GoName: strings.Join(gf.EmbeddedBindNames, "."), goIndex: gf.StructField.Index, toRef: gf.TagSettings["REFERENCES"],
	}
	f.Relation, f.Kind, f.Auto = r, KindForeignKey, false
	r.constraintTag(gf.TagSettings["CONSTRAINT"])
	p.fields[gf] = f // what is said about the object goes to the key
	if s != nil {
		p.relationSpec(r, s)
	}
	if singleUnique(key) || s != nil && s.rel.oneToOne {
		f.Unique = true
	}
}

func singleUnique(gf *gschema.Field) bool {
	v := gf.TagSettings["UNIQUEINDEX"]
	return gf.Unique || v == "UNIQUEINDEX"
}

func (p *parser) relationSpec(r *Relation, s *spec) {
	if s.rel.onDelete != OnDeleteUnset {
		r.OnDelete = s.rel.onDelete
	}
	r.RelatedName = s.rel.related
	if s.rel.toField != "" {
		r.toRef = s.rel.toField
	}
	if s.rel.noConstraint {
		r.Constraint = false
	}
}

// constraintTag reads "constraint:OnUpdate:CASCADE,OnDelete:SET NULL".
func (r *Relation) constraintTag(text string) {
	if text == "" {
		return
	}
	if text == "false" || text == "-" {
		r.Constraint = false
		return
	}
	settings := gschema.ParseTagSetting(text, ",")
	if r.OnDelete == OnDeleteUnset {
		r.OnDelete = actions[strings.ToUpper(strings.TrimSpace(settings["ONDELETE"]))]
	}
	switch action := strings.ToUpper(strings.TrimSpace(settings["ONUPDATE"])); action {
	case "CASCADE", "SET NULL", "SET DEFAULT":
		r.OnUpdate = action
	}
}

// foreignKeysByName makes foreign keys of the columns that FKTo described.
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
			p.bad("orm.E022", f.String(), fmt.Sprintf("%s: orm.FK wants the related struct, not its key", s.place), "write orm.FK(f, &x.Author), or orm.FKTo(f, &x.AuthorID, \"app.Model\") when the type cannot be named")
			continue
		}
		p.used[s] = true
		f.Name = strings.TrimSuffix(f.Attr, "_id")
		f.Label = capitalFirst(labelOf(strings.TrimSuffix(f.GoName, "ID")))
		r := &Relation{Kind: KindForeignKey, From: p.model, Field: f, toName: s.rel.to, Target: s.rel.to, Constraint: true}
		f.Relation, f.Kind, f.Auto = r, KindForeignKey, false
		p.relationSpec(r, s)
		f.Unique = f.Unique || s.rel.oneToOne
	}
}

func (p *parser) manyToMany(gf *gschema.Field, target reflect.Type, s *spec) {
	f := &Field{
		Model: p.model, Name: SnakeName(gf.Name), GoName: strings.Join(gf.EmbeddedBindNames, "."), Kind: KindManyToMany,
		Type: gf.FieldType, Blank: true, Editable: true, Label: capitalFirst(labelOf(gf.Name)),
	}
	f.Attr = f.Name
	r := &Relation{
		Kind: KindManyToMany, From: p.model, Field: f, toType: target, Target: target.String(), Constraint: true,
		GoName: f.GoName, goIndex: gf.StructField.Index,
	}
	r.joinTable = gf.TagSettings["MANY2MANY"]
	r.joinFrom, r.joinTo = gf.TagSettings["JOINFOREIGNKEY"], gf.TagSettings["JOINREFERENCES"]
	if r.joinTable == "" {
		r.joinTable = p.model.Table + "_" + f.Name
	}
	f.Relation = r
	f.access.index = gf.StructField.Index
	r.oneWay = r.joinFrom != "" && r.joinTo != "" // the names of the two keys tell one end from the other
	if s != nil {
		p.relationSpec(r, s)
		r.Symmetrical, r.oneWay = s.rel.symmetrical, r.oneWay || s.rel.oneWay || s.rel.through != nil
		if s.rel.symmetrical {
			r.RelatedName = "-"
		}
		if s.rel.through != nil {
			r.throughType = reflect.TypeOf(s.rel.through)
			for r.throughType.Kind() == reflect.Pointer {
				r.throughType = r.throughType.Elem()
			}
		}
	}
	p.fields[gf] = f
	p.model.ManyToMany = append(p.model.ManyToMany, f)
}

func (p *parser) slot(gf *gschema.Field, elem reflect.Type) {
	p.model.slots = append(p.model.slots, &slot{
		goName: strings.Join(gf.EmbeddedBindNames, "."), index: gf.StructField.Index, elem: elem,
		foreignKey: gf.TagSettings["FOREIGNKEY"], references: gf.TagSettings["REFERENCES"], constraint: gf.TagSettings["CONSTRAINT"],
	})
}
