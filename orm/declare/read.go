package declare

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	gschema "gorm.io/gorm/schema"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// parser reads one Go struct. GORM's parser reads the columns, in the mode that it uses for embedded structs, which ignores
// relations. The relations are read here, as they may point at models that are registered later.
type parser struct {
	model    *schema.Model
	targets  map[*schema.Relation]*Target
	slots    []*Slot
	gorm     *gschema.Schema
	meta     Meta
	specs    []*spec
	used     map[*spec]bool
	fields   map[*gschema.Field]*schema.Field
	problems []problem.Problem
}

// Read returns the declaration of a struct type as a model of the app. Its relations are not linked yet. If a problem is an
// error, the declaration is incomplete and must not be used.
func Read(app string, typ reflect.Type) (*Declaration, []check.Problem) {
	p := &parser{
		model: &schema.Model{App: app, Name: typ.Name(), Type: typ}, targets: map[*schema.Relation]*Target{},
		used: map[*spec]bool{}, fields: map[*gschema.Field]*schema.Field{},
	}
	p.read()
	return &Declaration{Model: p.model, Targets: p.targets, Slots: p.slots}, p.problems
}

func (p *parser) read() {
	m, app, typ := p.model, p.model.App, p.model.Type
	p.problems = append(p.problems, checkTags(m.String(), typ, map[reflect.Type]bool{})...)
	zero := reflect.New(typ)
	if metaer, ok := zero.Interface().(Metaer); ok {
		p.meta = metaer.Meta()
	}
	m.Table = tableOf(app, zero, p.meta)
	cache := &sync.Map{}
	cache.Store("embedded_cache_store", true)
	parsed, err := quietly(func() (*gschema.Schema, error) {
		return gschema.ParseWithSpecialTableName(zero.Interface(), cache, namer{app}, m.Table)
	})
	if err != nil {
		if !problem.HasErrors(p.problems) { // otherwise it has been reported already
			p.bad("orm.E010", m.String(), err.Error(), "")
		}
		return
	}
	p.gorm = parsed
	p.gormHooks()
	p.specs = p.collect(zero)
	p.describeModel()
	nameAddresses(parsed)
	soft := map[*gschema.Field]bool{}
	for _, gf := range parsed.Fields {
		soft[gf] = p.softDelete(gf)
	}
	for _, gf := range parsed.Fields {
		if soft[gf] {
			continue
		}
		if parsed.FieldsByDBName[gf.DBName] == gf && (gf.Creatable || gf.Updatable || gf.Readable) {
			p.column(gf)
		}
	}
	p.primaryKey()
	for _, gf := range parsed.Fields {
		if !soft[gf] && gf.DataType == "" && gf.GORMDataType == "" && (gf.Creatable || gf.Updatable || gf.Readable) {
			p.relationField(gf)
		}
	}
	p.foreignKeysByName()
	p.applySpecs()
	p.indexes()
	m.BuildIndex()
	p.scopes()
	p.finish()
}

// nameAddresses adds the columns of fields of the type netip.Addr, which GORM takes for relations.
func nameAddresses(parsed *gschema.Schema) {
	for _, gf := range parsed.Fields {
		if gf.DBName == "" && gf.DataType == "" && schema.KindOf(gf.FieldType) == schema.KindIP && (gf.Creatable || gf.Readable) {
			gf.DBName, gf.DataType = gf.TagSettings["EMBEDDEDPREFIX"]+schema.SnakeName(gf.Name), gschema.String
			parsed.FieldsByDBName[gf.DBName] = gf
		}
	}
}

func (p *parser) bad(id, place, message, hint string) {
	p.problems = append(p.problems, problem.Error(id, place, message, hint))
}

// tableOf returns the table of a struct: that of Meta, of a TableName method, or the names of app and model.
func tableOf(app string, zero reflect.Value, meta Meta) string {
	if meta.Table != "" {
		return meta.Table
	}
	switch t := zero.Interface().(type) {
	case gschema.Tabler:
		return t.TableName()
	case gschema.TablerWithNamer:
		return t.TableName(namer{app})
	}
	return schema.TableName(app, zero.Elem().Type().Name())
}

// collect runs the Fields methods: first those of embedded structs, so that they apply even if the outer method does not
// call them, then that of the model.
func (p *parser) collect(zero reflect.Value) []*spec {
	f := &Fields{base: zero.UnsafePointer(), model: zero.Elem().Type()}
	collectEmbedded(f, zero.Elem())
	if fielder, ok := zero.Interface().(Fielder); ok {
		fielder.Fields(f)
	}
	for _, text := range f.bad {
		p.bad("orm.E015", p.model.String(), text, "Take the address of a field of the method's receiver.")
	}
	return f.specs
}

func collectEmbedded(f *Fields, v reflect.Value) {
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		if !sf.Anonymous || !sf.IsExported() || sf.Type.Kind() != reflect.Struct || schema.IsScalarStruct(sf.Type) {
			continue
		}
		collectEmbedded(f, v.Field(i))
		if fielder, ok := v.Field(i).Addr().Interface().(Fielder); ok {
			fielder.Fields(f)
		}
	}
}

func (p *parser) describeModel() {
	m := p.model
	m.Label = p.meta.Label
	if m.Label == "" {
		m.Label = strings.ToLower(schema.LabelOf(m.Name))
	}
	m.LabelPlural = p.meta.LabelPlural
	if m.LabelPlural == "" {
		m.LabelPlural = schema.Plural(m.Label)
	}
	m.Ordering, m.Permissions, m.Latest = p.meta.Ordering, p.meta.Permissions, p.meta.Latest
	m.Unmanaged, m.DefaultPermissions = p.meta.Unmanaged, p.meta.DefaultPermissions
	if m.DefaultPermissions == nil {
		m.DefaultPermissions = slices.Clone(schema.ModelActions)
	}
}

// primaryKey sets the fields that identify a row.
func (p *parser) primaryKey() {
	m := p.model
	for _, gf := range p.gorm.PrimaryFields {
		if f := p.fields[gf]; f != nil {
			m.PrimaryKeys = append(m.PrimaryKeys, f)
		}
	}
	if f := p.fields[p.gorm.PrioritizedPrimaryField]; f != nil && p.gorm.PrioritizedPrimaryField != nil {
		m.PK = f
	} else if len(m.PrimaryKeys) > 0 {
		m.PK = m.PrimaryKeys[0]
	}
	if m.PK == nil {
		p.bad("orm.E004", m.String(), "the model has no primary key", `Add "ID int64", or the tag gorm:"primaryKey" to one field.`)
		return
	}
	if len(m.PrimaryKeys) == 1 {
		m.PK.Unique, m.PK.Null = false, false // a primary key is unique and not NULL
	}
}

// applySpecs applies the descriptions of the Fields method, which override the derived values.
func (p *parser) applySpecs() {
	for _, s := range p.specs {
		f := p.specField(s)
		if f == nil {
			if !p.used[s] {
				p.bad("orm.E015", p.model.String(),
					fmt.Sprintf("%s: the pointer (*%s) is not to a column of %s", s.place, s.typ, p.model.Name),
					"Describe columns with orm.Describe, related structs with orm.FK and slices with orm.M2M.")
			}
			continue
		}
		for _, apply := range s.apply {
			apply(f)
		}
	}
}

// specField returns the column or relation that a spec's pointer is to, or nil.
func (p *parser) specField(s *spec) *schema.Field {
	for gf, f := range p.fields {
		if offset, ok := schema.Offset(p.model.Type, gf.StructField.Index); ok && offset == s.offset && gf.FieldType == s.typ {
			return f
		}
	}
	return nil
}

// specOf returns the last description of a struct field that want accepts, or nil.
func (p *parser) specOf(gf *gschema.Field, want func(*spec) bool) *spec {
	offset, ok := schema.Offset(p.model.Type, gf.StructField.Index)
	for _, s := range slices.Backward(p.specs) {
		if ok && s.offset == offset && s.typ == gf.FieldType && want(s) {
			return s
		}
	}
	return nil
}
