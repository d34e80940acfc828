package declare

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	gschema "gorm.io/gorm/schema"

	"github.com/quintetgo/quintet/orm/schema"
)

// column adds the field for a GORM column.
func (p *parser) column(gf *gschema.Field) {
	m := p.model
	f := &schema.Field{
		Model: m, GoName: strings.Join(gf.EmbeddedBindNames, "."), Column: gf.DBName, Type: gf.FieldType,
		PrimaryKey: gf.PrimaryKey, Unique: gf.Unique, Editable: true, Comment: gf.Comment,
		AutoNow: gf.AutoUpdateTime > 0, AutoNowAdd: gf.AutoCreateTime > 0,
	}
	f.Name = p.fieldName(gf)
	f.Attr = f.Name
	f.Label = schema.CapitalFirst(schema.LabelOf(gf.Name))
	f.Bind(gf)
	p.kind(f, gf)
	if f.Kind == schema.KindUnknown {
		p.bad("orm.E016", f.String(), "values of type "+gf.FieldType.String()+" cannot be stored",
			`Add the tag gorm:"serializer:json", or let the type implement driver.Valuer and sql.Scanner.`)
		return
	}
	nullType := gf.FieldType.Kind() == reflect.Pointer || schema.Nullable(gf.FieldType) != nil
	ownNull := nullType && !gf.NotNull && !gf.PrimaryKey
	throughNil := slices.ContainsFunc(gf.StructField.Index, func(i int) bool { return i < 0 }) // an embedded pointer, which may be nil
	unwritten := !gf.Creatable && gf.TagSettings["DEFAULT"] == ""                              // INSERTs omit the column
	f.Null = ownNull || (throughNil || unwritten) && !gf.NotNull && !gf.PrimaryKey
	f.Auto = gf.AutoIncrement && f.Kind.IsInteger()
	p.columnTags(f, gf)
	p.defaults(f, gf)
	f.Blank = ownNull || f.Auto || f.Kind == schema.KindBool || f.Kind == schema.KindJSON || f.AutoNow || f.AutoNowAdd
	if f.Auto || f.AutoNow || f.AutoNowAdd || !gf.Creatable && !gf.Updatable {
		f.Editable = false
	}
	if chooser, ok := reflect.New(gf.IndirectFieldType).Elem().Interface().(Chooser); ok {
		f.Choices = chooser.Choices()
	} else if chooser, ok := reflect.New(gf.IndirectFieldType).Interface().(Chooser); ok {
		f.Choices = chooser.Choices()
	}
	p.custom(f, gf.IndirectFieldType)
	p.fields[gf] = f
	m.Fields = append(m.Fields, f)
}

// fieldName returns the name in lookups: that of the Go field, with the prefix of an embedded struct.
func (p *parser) fieldName(gf *gschema.Field) string {
	name := schema.SnakeName(gf.Name)
	if prefix := gf.TagSettings["EMBEDDEDPREFIX"]; prefix != "" && strings.HasPrefix(gf.DBName, prefix) {
		return gf.DBName
	}
	return name
}

func (p *parser) kind(f *schema.Field, gf *gschema.Field) {
	own := schema.ParseColumnType(gf.TagSettings["TYPE"])
	f.Size, f.Precision, f.Scale = gf.Size, gf.Precision, gf.Scale
	natural := schema.KindOf(gf.FieldType)
	switch {
	case gf.Serializer != nil:
		f.Kind = schema.KindText
		switch strings.ToLower(gf.TagSettings["SERIALIZER"] + gf.TagSettings["JSON"]) {
		case "json":
			f.Kind = schema.KindJSON
		case "gob":
			f.Kind = schema.KindBinary
		case "unixtime":
			f.Kind = schema.KindDateTime
		}
	case own.Kind != schema.KindUnknown && compatible(own.Kind, natural):
		f.Kind = own.Kind
	default:
		f.Kind = natural
	}
	if f.Kind == schema.KindUnknown {
		f.Kind = map[gschema.DataType]schema.Kind{
			gschema.Bool: schema.KindBool, gschema.Int: schema.KindBigInt, gschema.Uint: schema.KindUint, gschema.Float: schema.KindFloat,
			gschema.String: schema.KindChar, gschema.Time: schema.KindDateTime, gschema.Bytes: schema.KindBinary,
		}[gf.GORMDataType]
	}
	if own.Size > 0 {
		f.Size = own.Size
	}
	if own.Precision > 0 {
		f.Precision, f.Scale = own.Precision, own.Scale
	}
	if f.Kind == schema.KindInt && natural == schema.KindBigInt && own.Kind == schema.KindInt {
		f.Kind = schema.KindBigInt // Go's int needs 64 bits, even if the tag is int
	}
	if natural == schema.KindBool || natural == schema.KindDuration {
		f.Kind = natural // even if it is stored as a number
	}
	switch {
	case f.Kind == schema.KindIP:
		f.Size = schema.IPSize
	case !f.Kind.IsText() && f.Kind != schema.KindBinary:
		f.Size = 0
	}
}

// compatible reports whether a column of kind stored can hold Go values of kind natural.
func compatible(stored, natural schema.Kind) bool {
	switch {
	case natural == schema.KindUnknown, stored == natural:
		return true
	case natural.IsText():
		return stored.IsText() || stored == schema.KindUUID || stored == schema.KindJSON || stored == schema.KindDecimal
	case natural.IsNumber():
		return stored.IsNumber()
	case natural == schema.KindBool:
		return stored.IsInteger() // MySQL's tinyint(1)
	case natural == schema.KindDuration:
		return stored.IsInteger()
	case natural.IsTime():
		return stored.IsTime()
	case natural == schema.KindBinary:
		return stored == schema.KindJSON || stored == schema.KindUUID || stored.IsText()
	case natural == schema.KindUUID:
		return stored.IsText() || stored == schema.KindBinary
	case natural == schema.KindJSON:
		return stored.IsText() || stored == schema.KindBinary
	}
	return false
}

// defaults reads GORM's default: a constant becomes the value of new objects and the column's default, an
// expression is evaluated by the database.
func (p *parser) defaults(f *schema.Field, gf *gschema.Field) {
	text := strings.TrimSpace(gf.TagSettings["DEFAULT"])
	switch {
	case text == "" || text == "(-)" || strings.EqualFold(text, "null"):
	case gf.DefaultValueInterface != nil:
		value, err := f.Convert(gf.DefaultValueInterface)
		if err != nil {
			p.bad("orm.E017", f.String(), "the default "+text+" does not fit the field: "+err.Error(), "")
			return
		}
		f.Default, f.ColumnDefault = func() any { return value }, constant(f, value, text)
	case strings.Contains(text, "(") || strings.HasPrefix(strings.ToUpper(text), "CURRENT_"):
		f.DBDefault = text
	default:
		value, err := f.Convert(strings.Trim(text, `'"`))
		if err != nil {
			f.DBDefault = text
			return
		}
		f.Default, f.ColumnDefault = func() any { return value }, constant(f, value, strings.Trim(text, `'"`))
	}
}

// constant returns a default as an SQL expression that every database accepts.
func constant(f *schema.Field, value any, text string) string {
	switch {
	case f.Kind.IsInteger(), f.Kind == schema.KindFloat, f.Kind == schema.KindDuration:
		if v := reflect.ValueOf(schema.Indirect(value)); v.CanInt() || v.CanUint() || v.CanFloat() {
			if f.Kind == schema.KindDuration {
				return fmt.Sprint(v.Int())
			}
			return fmt.Sprint(v.Interface())
		}
	case f.Kind == schema.KindDecimal:
		return strings.Trim(text, `'"`)
	case f.Kind == schema.KindBool:
		return fmt.Sprint(schema.Indirect(value))
	}
	if t, ok := schema.Indirect(value).(time.Time); ok {
		layout := map[schema.Kind]string{schema.KindDate: time.DateOnly, schema.KindTime: "15:04:05.999999"}[f.Kind]
		if layout == "" {
			layout, t = "2006-01-02 15:04:05.999999-07:00", t.UTC()
		}
		text = t.Format(layout)
	}
	return "'" + strings.ReplaceAll(strings.Trim(text, `'"`), "'", "''") + "'"
}
