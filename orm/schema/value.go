package schema

import (
	"bytes"
	"fmt"
	"reflect"
	"time"
	"unsafe"

	gschema "gorm.io/gorm/schema"
)

// access is the position of a field's value in its struct.
type access struct {
	direct   bool    // at a fixed offset; otherwise index goes through a pointer
	offset   uintptr // of the value, if direct
	index    []int   // GORM's index path: negative numbers go through embedded pointers
	gorm     *gschema.Field
	noInsert bool // a GORM tag forbids writing the column of new rows
	noUpdate bool // a GORM tag forbids changing the column
}

// Bind connects a field with the struct field that holds its value, as GORM's parser described it. The field's Model must
// be set. Fields of models without a Go type are not bound.
func (f *Field) Bind(gf *gschema.Field) {
	f.access = access{index: gf.StructField.Index, gorm: gf, noInsert: !gf.Creatable, noUpdate: !gf.Updatable}
	f.access.offset, f.access.direct = Offset(f.Model.Type, gf.StructField.Index)
}

// BindStruct is Bind for a struct field that GORM has not parsed.
func (f *Field) BindStruct(sf reflect.StructField) {
	f.access = access{direct: true, offset: sf.Offset, index: sf.Index}
}

// Offset returns the position in a struct of the field at the end of GORM's index path, in bytes. It is false if the path
// goes through a pointer.
func Offset(typ reflect.Type, index []int) (uintptr, bool) {
	var offset uintptr
	for _, i := range index {
		if i < 0 || typ.Kind() != reflect.Struct {
			return 0, false
		}
		sf := typ.Field(i)
		offset += sf.Offset
		typ = sf.Type
	}
	return offset, true
}

// Offset returns the offset of the field's value in its struct, in bytes. It is false if the path goes through an embedded
// pointer, and for fields without a Go type.
func (f *Field) Offset() (uintptr, bool) { return f.access.offset, f.access.direct }

// ReadOnly reports whether the column is never written: the database computes it, or a GORM tag forbids it ("->").
func (f *Field) ReadOnly() bool { return !f.Insertable() && !f.Updatable() }

// Insertable reports whether the column is written when a row is inserted. The tag "<-:update" forbids it.
func (f *Field) Insertable() bool { return !f.access.noInsert && f.Generated == "" }

// Updatable reports whether the column is written when a row is updated. The tag "<-:create" forbids it.
func (f *Field) Updatable() bool { return !f.access.noUpdate && f.Generated == "" }

// Serialized reports whether a GORM serializer converts the field's values.
func (f *Field) Serialized() bool { return f.access.gorm != nil && f.access.gorm.Serializer != nil }

// Value returns the field's value in obj, a pointer to a struct of the model (or the struct): the id of a foreign key, the
// slice of a many-to-many field. It is nil if obj is of another type.
func (f *Field) Value(obj any) any {
	if f.access.direct {
		if base := f.pointer(obj); base != nil {
			at := unsafe.Add(base, f.access.offset)
			switch f.Type {
			case int64Type:
				return *(*int64)(at)
			case stringType:
				return *(*string)(at)
			case boolType:
				return *(*bool)(at)
			case intType:
				return *(*int)(at)
			case float64Type:
				return *(*float64)(at)
			case timeType:
				return *(*time.Time)(at)
			}
			return reflect.NewAt(f.Type, at).Elem().Interface()
		}
	}
	v := f.reflectValue(obj, false)
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

var (
	int64Type   = reflect.TypeFor[int64]()
	intType     = reflect.TypeFor[int]()
	stringType  = reflect.TypeFor[string]()
	boolType    = reflect.TypeFor[bool]()
	float64Type = reflect.TypeFor[float64]()
)

// Set stores v in obj, which must be a pointer to a struct of the model. v may have any type that [Field.Convert] takes.
func (f *Field) Set(obj any, v any) error {
	if f.access.direct {
		if base := f.pointer(obj); base != nil {
			at := unsafe.Add(base, f.access.offset)
			switch x := v.(type) {
			case int64:
				if f.Type == int64Type {
					*(*int64)(at) = x
					return nil
				}
			case string:
				if f.Type == stringType {
					*(*string)(at) = x
					return nil
				}
			case bool:
				if f.Type == boolType {
					*(*bool)(at) = x
					return nil
				}
			case time.Time:
				if f.Type == timeType {
					*(*time.Time)(at) = x
					return nil
				}
			}
		}
	}
	target := f.reflectValue(obj, true)
	if !target.IsValid() || !target.CanSet() {
		return fmt.Errorf("orm: %s cannot be set in a %T", f, obj)
	}
	converted, err := f.Convert(v)
	if err != nil {
		return err
	}
	if converted == nil {
		target.SetZero()
		return nil
	}
	target.Set(reflect.ValueOf(converted))
	return nil
}

// SetNow stores the current time, or its number for integer fields (GORM's autoCreateTime and autoUpdateTime: seconds
// unless the tag has milli or nano).
func (f *Field) SetNow(obj any, now time.Time) error {
	if !f.ColumnKind().IsInteger() {
		return f.Set(obj, now.UTC().Truncate(time.Microsecond))
	}
	unit := gschema.UnixSecond
	if gf := f.access.gorm; gf != nil {
		unit = max(gf.AutoCreateTime, gf.AutoUpdateTime)
	}
	switch unit {
	case gschema.UnixMillisecond:
		return f.Set(obj, now.UnixMilli())
	case gschema.UnixNanosecond:
		return f.Set(obj, now.UnixNano())
	}
	return f.Set(obj, now.Unix())
}

// IsZero reports whether the field's value in obj is the zero value of its type.
func (f *Field) IsZero(obj any) bool {
	v := f.reflectValue(obj, false)
	return !v.IsValid() || v.IsZero()
}

// pointer returns the address of the model's struct, or nil if obj is not a pointer to one.
func (f *Field) pointer(obj any) unsafe.Pointer {
	v := reflect.ValueOf(obj)
	if v.Kind() != reflect.Pointer || f.Model == nil || v.Type().Elem() != f.Model.Type || v.IsNil() {
		return nil
	}
	return v.UnsafePointer()
}

// reflectValue returns the struct field, or the zero Value. With fill, nil embedded pointers on the path are set.
func (f *Field) reflectValue(obj any, fill bool) reflect.Value {
	if f.Model == nil {
		return reflect.Value{}
	}
	return at(reflect.ValueOf(obj), f.Model.Type, f.access.index, fill)
}

// at follows GORM's index path in a struct of type typ.
func at(v reflect.Value, typ reflect.Type, index []int, fill bool) reflect.Value {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return reflect.Value{}
		}
		v = v.Elem()
	}
	if !v.IsValid() || v.Type() != typ || len(index) == 0 {
		return reflect.Value{}
	}
	for _, i := range index {
		if i >= 0 {
			v = v.Field(i)
			continue
		}
		v = v.Field(-i - 1)
		if v.IsNil() {
			if !fill || !v.CanSet() {
				return reflect.Value{}
			}
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	return v
}

// Object returns the loaded object of a to-one relation, a pointer to its struct, or nil.
func (r *Relation) Object(obj any) any {
	v := at(reflect.ValueOf(obj), r.From.Type, r.GoIndex, false)
	switch {
	case !v.IsValid(), v.Kind() == reflect.Pointer && v.IsNil():
		return nil
	case v.Kind() == reflect.Pointer:
		return v.Interface()
	case v.Kind() != reflect.Struct, v.IsZero():
		return nil
	case v.CanAddr():
		return v.Addr().Interface()
	}
	return v.Interface()
}

// KeyOf returns what a foreign key holds to point at v: the value of ToField if v is an object of To, else v itself.
func (r *Relation) KeyOf(v any) any {
	if rv := reflect.ValueOf(v); r.To != nil && r.To.Type != nil && rv.Kind() == reflect.Pointer && rv.Type().Elem() == r.To.Type &&
		!rv.IsNil() {
		return Indirect(r.ToField.Value(v))
	}
	return v
}

// SetObject stores a loaded object, a pointer to the target's struct, in the relation's struct field; nil clears it. It
// does nothing where the model has no such field.
func (r *Relation) SetObject(obj, related any) {
	setSlot(at(reflect.ValueOf(obj), r.From.Type, r.GoIndex, true), related)
}

// SetObjects stores loaded objects, pointers to structs, in the many-to-many field of obj.
func (r *Relation) SetObjects(obj any, related []any) {
	setSlice(at(reflect.ValueOf(obj), r.From.Type, r.GoIndex, true), related)
}

// SetReverse stores the objects that point at obj in its struct field for them, one or many. It reports whether there is
// such a field.
func (r *Relation) SetReverse(obj any, related []any) bool {
	if r.ReverseGoName == "" {
		return false
	}
	v := at(reflect.ValueOf(obj), r.To.Type, r.ReverseGoIndex, true)
	if !v.IsValid() {
		return false
	}
	if v.Kind() == reflect.Slice {
		setSlice(v, related)
		return true
	}
	if len(related) == 0 {
		setSlot(v, nil)
	} else {
		setSlot(v, related[0])
	}
	return true
}

// Objects returns pointers to the objects that are stored in obj's struct field for the relation, one or many.
func (s Step) Objects(obj any) []any {
	r := s.Relation
	model, index := r.From, r.GoIndex
	if s.Reverse {
		model, index = r.To, r.ReverseGoIndex
	}
	if len(index) == 0 {
		return nil
	}
	return pointers(at(reflect.ValueOf(obj), model.Type, index, false))
}

// pointers returns pointers to the objects in a struct field for one or several.
func pointers(v reflect.Value) []any {
	switch {
	case !v.IsValid(), v.Kind() == reflect.Pointer && v.IsNil():
		return nil
	case v.Kind() == reflect.Pointer:
		return []any{v.Interface()}
	case v.Kind() != reflect.Slice:
		return []any{v.Addr().Interface()}
	}
	list := make([]any, v.Len())
	for i := range list {
		item := v.Index(i)
		if item.Kind() != reflect.Pointer {
			item = item.Addr()
		}
		list[i] = item.Interface()
	}
	return list
}

func setSlot(v reflect.Value, related any) {
	if !v.IsValid() || !v.CanSet() {
		return
	}
	if related == nil {
		v.SetZero()
		return
	}
	rv := reflect.ValueOf(related)
	if v.Kind() != reflect.Pointer && rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	v.Set(rv)
}

func setSlice(v reflect.Value, related []any) {
	if !v.IsValid() || !v.CanSet() || v.Kind() != reflect.Slice {
		return
	}
	list := reflect.MakeSlice(v.Type(), len(related), len(related))
	for i, obj := range related {
		setSlot(list.Index(i), obj)
	}
	v.Set(list)
}

// Equal reports whether a and b, values that the field may have or pointers to them, are stored as the same value. Nil
// equals only nil and nil pointers. Values that cannot be stored equal nothing.
func (f *Field) Equal(a, b any) bool {
	left, err := f.Encode(Indirect(a))
	if err != nil {
		return false
	}
	right, err := f.Encode(Indirect(b))
	if err != nil {
		return false
	}
	switch x := left.(type) {
	case []byte:
		y, ok := right.([]byte)
		return ok && bytes.Equal(x, y)
	case time.Time:
		y, ok := right.(time.Time)
		return ok && x.Equal(y)
	}
	if _, isBytes := right.([]byte); isBytes {
		return false
	}
	return left == right
}
