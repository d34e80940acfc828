package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	gschema "gorm.io/gorm/schema"
)

// column makes a field of a GORM column.
func (p *parser) column(gf *gschema.Field) {
	m := p.model
	f := &Field{
		Model: m, GoName: strings.Join(gf.EmbeddedBindNames, "."), Column: gf.DBName, Type: gf.FieldType,
		PrimaryKey: gf.PrimaryKey, Unique: gf.Unique, Editable: true, Comment: gf.Comment,
		AutoNow: gf.AutoUpdateTime > 0, AutoNowAdd: gf.AutoCreateTime > 0,
	}
	f.Name = p.fieldName(gf)
	f.Attr = f.Name
	f.Label = capitalFirst(labelOf(gf.Name))
	f.access = accessOf(m.Type, gf)
	p.kind(f, gf)
	if f.Kind == KindUnknown {
		p.bad("orm.E016", f.String(), "values of type "+gf.FieldType.String()+" cannot be stored", `add the tag gorm:"serializer:json", or let the type implement driver.Valuer and sql.Scanner`)
		return
	}
	nullType := gf.FieldType.Kind() == reflect.Pointer || nullable(gf.FieldType) != nil
	ownNull := nullType && !gf.NotNull && !gf.PrimaryKey
	throughNil := slices.ContainsFunc(gf.StructField.Index, func(i int) bool { return i < 0 }) // an embedded pointer, which may be nil
	unwritten := !gf.Creatable && !gf.Updatable && gf.TagSettings["DEFAULT"] == ""             // inserts leave the column out
	f.Null = ownNull || (throughNil || unwritten) && !gf.NotNull && !gf.PrimaryKey
	f.Auto = gf.AutoIncrement && f.Kind.IsInteger()
	p.columnTags(f, gf)
	p.defaults(f, gf)
	f.Blank = ownNull || f.Auto || f.Kind == KindBool || f.Kind == KindJSON || f.AutoNow || f.AutoNowAdd
	if f.Auto || f.AutoNow || f.AutoNowAdd || !gf.Creatable && !gf.Updatable {
		f.Editable = false
	}
	f.access.readOnly = !gf.Creatable && !gf.Updatable
	if chooser, ok := reflect.New(gf.IndirectFieldType).Elem().Interface().(Chooser); ok {
		f.Choices = chooser.Choices()
	} else if chooser, ok := reflect.New(gf.IndirectFieldType).Interface().(Chooser); ok {
		f.Choices = chooser.Choices()
	}
	p.fields[gf] = f
	m.Fields = append(m.Fields, f)
}

// fieldName is the name in lookups: that of the Go field, with the prefix of an embedded struct.
func (p *parser) fieldName(gf *gschema.Field) string {
	name := SnakeName(gf.Name)
	if prefix := gf.TagSettings["EMBEDDEDPREFIX"]; prefix != "" && strings.HasPrefix(gf.DBName, prefix) {
		return gf.DBName
	}
	return name
}

func (p *parser) kind(f *Field, gf *gschema.Field) {
	own := parseStorage(gf.TagSettings["TYPE"])
	f.Size, f.Precision, f.Scale = gf.Size, gf.Precision, gf.Scale
	natural := kindOfType(gf.FieldType)
	switch {
	case gf.Serializer != nil:
		f.Kind = KindText
		switch strings.ToLower(gf.TagSettings["SERIALIZER"] + gf.TagSettings["JSON"]) {
		case "json":
			f.Kind = KindJSON
		case "gob":
			f.Kind = KindBinary
		case "unixtime":
			f.Kind = KindDateTime
		}
	case own.kind != KindUnknown && compatible(own.kind, natural):
		f.Kind = own.kind
	default:
		f.Kind = natural
	}
	if f.Kind == KindUnknown {
		f.Kind = map[gschema.DataType]Kind{
			gschema.Bool: KindBool, gschema.Int: KindBigInt, gschema.Uint: KindUint, gschema.Float: KindFloat,
			gschema.String: KindChar, gschema.Time: KindDateTime, gschema.Bytes: KindBinary,
		}[gf.GORMDataType]
	}
	if own.size > 0 {
		f.Size = own.size
	}
	if own.prec > 0 {
		f.Precision, f.Scale = own.prec, own.scal
	}
	if f.Kind == KindInt && natural == KindBigInt && own.kind == KindInt {
		f.Kind = KindBigInt // Go's int needs 64 bits, whatever the tag calls it
	}
	if natural == KindBool || natural == KindDuration {
		f.Kind = natural // whatever number holds it
	}
	if !f.Kind.IsText() && f.Kind != KindBinary {
		f.Size = 0
	}
}

// compatible reports whether a column of kind stored can hold Go values of kind natural.
func compatible(stored, natural Kind) bool {
	switch {
	case natural == KindUnknown, stored == natural:
		return true
	case natural.IsText():
		return stored.IsText() || stored == KindUUID || stored == KindJSON || stored == KindDecimal
	case natural.IsNumber():
		return stored.IsNumber()
	case natural == KindBool:
		return stored.IsInteger() // MySQL's tinyint(1)
	case natural == KindDuration:
		return stored.IsInteger()
	case natural.IsTime():
		return stored.IsTime()
	case natural == KindBinary:
		return stored == KindJSON || stored == KindUUID || stored.IsText()
	case natural == KindUUID:
		return stored.IsText() || stored == KindBinary
	case natural == KindJSON:
		return stored.IsText() || stored == KindBinary
	}
	return false
}

// defaults reads GORM's default: a constant becomes the value of new objects and the column's default, an expression is
// left to the database.
func (p *parser) defaults(f *Field, gf *gschema.Field) {
	text := strings.TrimSpace(gf.TagSettings["DEFAULT"])
	switch {
	case text == "" || text == "(-)" || strings.EqualFold(text, "null"):
	case gf.DefaultValueInterface != nil:
		value, err := f.Convert(gf.DefaultValueInterface)
		if err != nil {
			p.bad("orm.E017", f.String(), "the default "+text+" does not fit the field: "+err.Error(), "")
			return
		}
		f.Default, f.ColumnDefault = func() any { return value }, f.constant(value, text)
	case strings.Contains(text, "(") || strings.HasPrefix(strings.ToUpper(text), "CURRENT_"):
		f.DBDefault = text
	default:
		value, err := f.Convert(strings.Trim(text, `'"`))
		if err != nil {
			f.DBDefault = text
			return
		}
		f.Default, f.ColumnDefault = func() any { return value }, f.constant(value, strings.Trim(text, `'"`))
	}
}

// constant writes a default as an SQL expression that every database takes.
func (f *Field) constant(value any, text string) string {
	switch {
	case f.Kind.IsInteger(), f.Kind == KindFloat, f.Kind == KindDuration:
		if v := reflect.ValueOf(Indirect(value)); v.CanInt() || v.CanUint() || v.CanFloat() {
			if f.Kind == KindDuration {
				return fmt.Sprint(v.Int())
			}
			return fmt.Sprint(v.Interface())
		}
	case f.Kind == KindDecimal:
		return strings.Trim(text, `'"`)
	case f.Kind == KindBool:
		return fmt.Sprint(Indirect(value))
	}
	if t, ok := Indirect(value).(time.Time); ok {
		layout := map[Kind]string{KindDate: time.DateOnly, KindTime: "15:04:05.999999"}[f.Kind]
		if layout == "" {
			layout, t = "2006-01-02 15:04:05.999999-07:00", t.UTC()
		}
		text = t.Format(layout)
	}
	return "'" + strings.ReplaceAll(strings.Trim(text, `'"`), "'", "''") + "'"
}
