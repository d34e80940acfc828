package declare

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"
	gschema "gorm.io/gorm/schema"

	"github.com/quintetgo/quintet/orm/internal/problem"
	"github.com/quintetgo/quintet/orm/schema"
)

// isSoftDelete reports whether GORM would change how rows of a model are deleted, read or written because of a field of
// this type: gorm.DeletedAt, and every type with GORM clauses, such as those of gorm.io/plugin/soft_delete.
func isSoftDelete(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch reflect.New(t).Interface().(type) {
	case gschema.DeleteClausesInterface, gschema.QueryClausesInterface, gschema.UpdateClausesInterface, gschema.CreateClausesInterface:
		return true
	}
	return false
}

// isDeletedAt reports whether t is GORM's type of the time at which a row was marked as deleted.
func isDeletedAt(t reflect.Type) bool { return t == reflect.TypeFor[gorm.DeletedAt]() }

// softDelete reports fields that make GORM keep deleted rows in ways that the orm does not know; it would delete them.
func (p *parser) softDelete(gf *gschema.Field) bool {
	settings := gschema.ParseTagSetting(gf.Tag.Get("gorm"), ";")
	_, out := settings["-"]
	used := gf.Creatable || gf.Updatable || gf.Readable
	if out && !used || !isSoftDelete(gf.FieldType) || isDeletedAt(gf.FieldType) && used {
		return false
	}
	p.bad("orm.E014", p.model.String()+"."+p.fieldName(gf), fmt.Sprintf("%s has no effect here: deleting would remove the row",
		gf.FieldType),
		"Use gorm.DeletedAt, or embed orm.SoftDelete.")
	return true
}

// noEffect reports a part of a tag that GORM implements and the orm does not.
func (p *parser) noEffect(gf *gschema.Field, part, hint string) {
	p.bad("orm.E030", p.model.String()+"."+gf.Name, fmt.Sprintf("the gorm tag %q has no effect here", part), hint)
}

// columnTags reports the parts of a column's tag that have no effect. f is the column's field.
func (p *parser) columnTags(f *schema.Field, gf *gschema.Field) {
	tag := gschema.ParseTagSetting(gf.Tag.Get("gorm"), ";")
	if v, ok := tag["-"]; ok && strings.EqualFold(v, "migration") {
		p.noEffect(gf, "-:migration", `Migrations would create the column; leave the field out with gorm:"-", or remove the tag.`)
	}
	if !gf.Readable {
		p.noEffect(gf, "->:false", "Columns that are written are read too; leave the field out of templates and forms instead.")
	}
	if text := tag["TYPE"]; text != "" && gf.Serializer == nil {
		p.typeTag(f, gf, text)
	}
	natural := f.Kind.IsText() || f.Kind == schema.KindBinary || f.Kind == schema.KindUUID
	if text, ok := tag["SIZE"]; ok && !natural && gf.Serializer == nil {
		p.noEffect(gf, "size:"+text, fmt.Sprintf("A size is for texts and bytes; the size of a %s is that of its Go type.", f.Kind))
	}
	for _, key := range []string{"PRECISION", "SCALE"} {
		if text, ok := tag[key]; ok && f.Kind != schema.KindDecimal {
			p.noEffect(gf, strings.ToLower(key)+":"+text, "It applies to decimals, which have the type decimal(10,2); omit it otherwise.")
		}
	}
	if gf.AutoIncrement && tag["AUTOINCREMENT"] != "" && !gf.PrimaryKey {
		p.noEffect(gf, "autoIncrement", "Only a primary key is numbered by the database.")
	}
	if text, ok := tag["AUTOINCREMENTINCREMENT"]; ok && strings.TrimSpace(text) != "1" {
		p.noEffect(gf, "autoIncrementIncrement:"+text, "Keys are numbered one by one.")
	}
	if _, ok := tag["NULL"]; ok && gf.FieldType.Kind() != reflect.Pointer && schema.Nullable(gf.FieldType) == nil {
		p.noEffect(gf, "null", fmt.Sprintf("Make the field a pointer, *%s.", gf.FieldType))
	}
	p.indexTags(gf)
}

// typeTag reports a type that has no effect.
func (p *parser) typeTag(f *schema.Field, gf *gschema.Field, text string) {
	own, natural := schema.ParseColumnType(text), schema.KindOf(gf.FieldType)
	switch {
	case strings.HasPrefix(strings.ToLower(strings.TrimSpace(text)), "enum"):
		p.noEffect(gf, "type:"+text, "Give the field a type with a Choices method, which limits its values, and a size.")
	case own.Kind == schema.KindUnknown:
		p.noEffect(gf, "type:"+text, fmt.Sprintf("The column is a %s; write one of the types of the table in the guide to models, or none.",
			f.Kind))
	case !compatible(own.Kind, natural):
		p.noEffect(gf, "type:"+text, fmt.Sprintf("A %s is stored as %s; change the field's Go type, or leave the type out.", gf.FieldType,
			natural))
	}
}

// indexTags reports options of indexes that are not migrated.
func (p *parser) indexTags(gf *gschema.Field) {
	for _, part := range splitTag(gf.Tag.Get("gorm")) {
		key, text, _ := strings.Cut(part, ":")
		if key = strings.TrimSpace(key); !strings.EqualFold(key, "index") && !strings.EqualFold(key, "uniqueIndex") {
			continue
		}
		_, options, _ := strings.Cut(text, ",")
		settings := gschema.ParseTagSetting(options, ",")
		for _, name := range []string{"CLASS", "TYPE", "COLLATE", "LENGTH", "COMMENT", "OPTION"} {
			value, ok := settings[name]
			if !ok || name == "CLASS" && strings.EqualFold(value, "unique") || name == "TYPE" && strings.EqualFold(value, "btree") {
				continue
			}
			p.noEffect(gf, part, fmt.Sprintf("The option %s is not migrated; create the index with a RunSQL operation.",
				strings.ToLower(name)))
		}
	}
}

// columnKeys are the keys of tags that describe a column.
var columnKeys = []string{
	"COLUMN", "TYPE", "SIZE", "PRIMARYKEY", "PRIMARY_KEY", "UNIQUE", "DEFAULT", "PRECISION", "SCALE", "NOT NULL", "NOTNULL", "NULL",
	"AUTOINCREMENT", "AUTOINCREMENTINCREMENT", "AUTOCREATETIME", "AUTOUPDATETIME", "CHECK", "COMMENT", "SERIALIZER", "JSON",
}

// relationTags reports the parts of the tag of a struct field that holds related objects that have no effect.
func (p *parser) relationTags(gf *gschema.Field) (usable bool) {
	tag := gschema.ParseTagSetting(gf.Tag.Get("gorm"), ";")
	usable = true
	for _, key := range []string{"POLYMORPHIC", "POLYMORPHICTYPE", "POLYMORPHICID", "POLYMORPHICVALUE"} {
		if text, ok := tag[key]; ok && usable {
			usable = false
			p.noEffect(gf, strings.ToLower(key)+":"+text,
				`There are no relations to several models; give the other model one key for each, or leave the field out with gorm:"-".`)
		}
	}
	for _, key := range columnKeys {
		if _, ok := tag[key]; ok {
			p.noEffect(gf, strings.ToLower(key), fmt.Sprintf("%s holds objects and has no column; put it on the field of the key.",
				gf.Name))
		}
	}
	if _, many := tag["MANY2MANY"]; many {
		p.manyToManyTags(gf, tag)
	}
	return usable
}

// manyToManyTags reports keys that are not primary keys, which a join table does not store.
func (p *parser) manyToManyTags(gf *gschema.Field, tag map[string]string) {
	own := "ID"
	if f := p.gorm.PrioritizedPrimaryField; f != nil {
		own = f.Name
	}
	target := gf.IndirectFieldType
	for target.Kind() == reflect.Pointer || target.Kind() == reflect.Slice || target.Kind() == reflect.Array {
		target = target.Elem()
	}
	theirs := "ID"
	if target.Kind() == reflect.Struct {
		if name := keyName(target); name != "" {
			theirs = name
		}
	}
	for key, primary := range map[string]string{"FOREIGNKEY": own, "REFERENCES": theirs} {
		if text, ok := tag[key]; ok && !strings.EqualFold(text, primary) {
			p.noEffect(gf, strings.ToLower(key)+":"+text,
				"A join table holds primary keys; name its columns with joinForeignKey and joinReferences.")
		}
	}
}

// structTags reports keys of a tag that require another key.
func structTags(at string, sf reflect.StructField) []problem.Problem {
	tag := gschema.ParseTagSetting(sf.Tag.Get("gorm"), ";")
	_, embedded := tag["EMBEDDED"]
	if _, prefix := tag["EMBEDDEDPREFIX"]; prefix && !embedded && !sf.Anonymous {
		return []problem.Problem{problem.Error("orm.E030", at, `the gorm tag "embeddedPrefix" has no effect here`, `Add "embedded" to it.`)}
	}
	if text := tag["CONSTRAINT"]; text != "" {
		return constraintProblems(at, text)
	}
	return nil
}

var actions = map[string]schema.OnDelete{
	"CASCADE": schema.Cascade, "RESTRICT": schema.Protect, "SET NULL": schema.SetNull,
	"SET DEFAULT": schema.SetDefault, "NO ACTION": schema.DoNothing,
}

func constraintProblems(at, text string) []problem.Problem {
	var found []problem.Problem
	settings := gschema.ParseTagSetting(text, ",")
	for _, key := range []string{"ONDELETE", "ONUPDATE"} {
		value, ok := settings[key]
		if _, valid := actions[strings.ToUpper(strings.TrimSpace(value))]; ok && !valid {
			found = append(found, problem.Error("orm.E013", at, fmt.Sprintf("the gorm tag \"constraint\" has the unknown action %q", value),
				problem.DidYouMean(strings.ToUpper(value), []string{"CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"},
					"Write CASCADE, RESTRICT, SET NULL, SET DEFAULT or NO ACTION.")))
		}
	}
	return slices.Clip(found)
}
