package forms

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/quintetgo/quintet/framework/message"
)

// Declarer is implemented by form structs that configure their fields.
type Declarer interface{ Fields(f *Fields) }

// Cleaner is implemented by form structs that validate several fields together. Clean runs if every field is valid, after the
// struct was filled. It returns Errors for messages of fields; other errors become messages of the form.
type Cleaner interface{ Clean() error }

// New returns a form for dst, a pointer to a struct. The struct's exported fields are the form's fields, in order, with their
// names in snake_case or the name in a `form:"name"` tag; `form:"-"` omits one. Fields of embedded structs are included. The
// values of the struct are the initial values, and Parse fills it.
//
// New panics if dst is something else, or has a field of a type without an input or of an unknown kind.
func New(dst any) *Form {
	v := reflect.ValueOf(dst)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("forms: New takes a pointer to a struct, not %T", dst))
	}
	t := &target{value: v.Elem()}
	t.collect(v.Elem(), v.Elem().Type().Name())
	fields := make([]*Field, len(t.members))
	for i := range t.members {
		fields[i] = t.members[i].field
	}
	f := Dynamic(fields...)
	f.target = t
	if declarer, ok := dst.(Declarer); ok {
		declarer.Fields(&Fields{target: t})
	}
	for _, field := range fields {
		if !slices.Contains(kinds, field.kind()) {
			panic("forms: " + field.unknownKind().Error())
		}
	}
	f.target.finish()
	if cleaner, ok := dst.(Cleaner); ok {
		f.OnClean(cleaner.Clean)
	}
	return f
}

// target is the struct that a form parses into.
type target struct {
	value   reflect.Value
	members []*member
}

type member struct {
	field *Field
	value reflect.Value // the struct's field
	path  string        // Type.Field, for error messages
}

func (t *target) collect(v reflect.Value, path string) {
	for i := range v.NumField() {
		structField := v.Type().Field(i)
		name, _, _ := strings.Cut(structField.Tag.Get("form"), ",")
		if name == "-" || !structField.IsExported() && !structField.Anonymous {
			continue
		}
		if structField.Anonymous && structField.Type.Kind() == reflect.Struct && name == "" {
			t.collect(v.Field(i), path+"."+structField.Name)
			continue
		}
		if !structField.IsExported() {
			continue
		}
		if name == "" {
			name = snakeCase(structField.Name)
		}
		m := &member{field: &Field{Name: name}, value: v.Field(i), path: path + "." + structField.Name}
		m.describe(structField.Type)
		t.members = append(t.members, m)
	}
}

var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	fileType        = reflect.TypeFor[*File]()
	timeType        = reflect.TypeFor[time.Time]()
	durationType    = reflect.TypeFor[time.Duration]()
)

// describe sets kind and bounds from the type of the struct's field.
func (m *member) describe(t reflect.Type) {
	f := m.field
	f.Required = true
	switch {
	case t == fileType:
		f.Kind, f.Required = FileUpload, false
		return
	case t.Kind() == reflect.Slice && t.Elem() == fileType:
		f.Kind, f.Required = FileUploads, false
		return
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		f.Kind, f.Required = MultipleChoice, false
		m.describeScalar(t.Elem())
		f.Kind = MultipleChoice
		f.Min, f.Max = nil, nil
		return
	case t.Kind() == reflect.Pointer:
		f.Required = false
		t = t.Elem()
	}
	m.describeScalar(t)
}

func (m *member) describeScalar(t reflect.Type) {
	f := m.field
	switch {
	case t == timeType:
		f.Kind = DateTime
	case t == durationType:
		f.Kind = Duration
	case reflect.PointerTo(t).Implements(textUnmarshaler):
		f.Kind = Text
		f.Parse = func(raw []string) (any, error) {
			into := reflect.New(t)
			if err := into.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(raw[0])); err != nil {
				return nil, f.invalidText("Please enter a valid value.")
			}
			return into.Elem().Interface(), nil
		}
	default:
		m.describeBasic(t)
	}
}

func (m *member) describeBasic(t reflect.Type) {
	f := m.field
	switch t.Kind() {
	case reflect.String:
		f.Kind = Text
	case reflect.Bool:
		f.Kind, f.Required = Bool, false
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		f.Kind = Integer
		if bits := t.Bits(); bits < 64 {
			f.Min, f.Max = int64(-1)<<(bits-1), int64(1)<<(bits-1)-1
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		f.Kind, f.Min = Integer, int64(0)
		if bits := t.Bits(); bits < 64 {
			f.Max = int64(1)<<bits - 1
		}
	case reflect.Float32:
		f.Kind, f.Min, f.Max = Float, -math.MaxFloat32, math.MaxFloat32
	case reflect.Float64:
		f.Kind = Float
	default:
		panic(fmt.Sprintf("forms: there is no input for %s of type %s; "+
			"omit it with `form:\"-\"`, or add an UnmarshalText method to the type", m.path, t))
	}
}

// finish sets the initial values from the struct. It runs after Fields, which may have changed kinds.
func (t *target) finish() {
	for _, m := range t.members {
		if m.field.Initial == nil && !m.value.IsZero() {
			m.field.Initial = m.value.Interface()
		}
		if m.field.Kind == Choose && m.value.Kind() != reflect.String {
			m.field.Kind = kindOfNumber(m.value.Type())
			m.field.Widget = widgetOr(m.field.Widget, Select)
		}
	}
}

func kindOfNumber(t reflect.Type) Kind {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Float32, reflect.Float64:
		return Float
	case reflect.String:
		return Choose
	}
	return Integer
}

func widgetOr(widget, otherwise Widget) Widget {
	if widget != "" {
		return widget
	}
	return otherwise
}

// fill writes the form's values into the struct and returns a function that restores it.
func (t *target) fill(f *Form) (undo func()) {
	before := reflect.New(t.value.Type()).Elem()
	before.Set(t.value)
	for _, m := range t.members {
		if m.field.Disabled {
			continue
		}
		if err := assign(m.value, f.values[m.field.Name]); err != nil {
			f.addFieldError(m.field, err)
		}
	}
	return func() { t.value.Set(before) }
}

// errInvalid is the error of a value that does not fit the type of its field.
var errInvalid error = message.New("invalid", "Please enter a valid value.")

// assign converts a cleaned value to the type of the struct's field.
func assign(to reflect.Value, value any) error {
	invalid := errInvalid
	if value == nil {
		to.SetZero()
		return nil
	}
	v := reflect.ValueOf(value)
	if v.Type().AssignableTo(to.Type()) {
		to.Set(v)
		return nil
	}
	switch {
	case to.Kind() == reflect.Pointer:
		if v.Kind() == reflect.String && v.String() == "" && to.Type().Elem().Kind() == reflect.String {
			to.SetZero() // an empty optional text is nil
			return nil
		}
		inner := reflect.New(to.Type().Elem())
		if err := assign(inner.Elem(), value); err != nil {
			return err
		}
		to.Set(inner)
		return nil
	case to.Kind() == reflect.Slice && v.Kind() == reflect.Slice:
		out := reflect.MakeSlice(to.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			if err := assignText(out.Index(i), v.Index(i)); err != nil {
				return err
			}
		}
		to.Set(out)
		return nil
	case v.Kind() == reflect.String:
		return assignText(to, v)
	case v.CanInt() && to.CanUint():
		if v.Int() < 0 || to.OverflowUint(uint64(v.Int())) {
			return invalid
		}
		to.SetUint(uint64(v.Int()))
		return nil
	case v.CanInt() && to.CanInt() && to.OverflowInt(v.Int()):
		return invalid
	case v.Type().ConvertibleTo(to.Type()) && (to.Kind() != reflect.String || v.Kind() == reflect.String):
		to.Set(v.Convert(to.Type()))
		return nil
	}
	return invalid
}

// assignText parses text into strings, numbers and types with an UnmarshalText method.
func assignText(to, v reflect.Value) error {
	if v.Kind() != reflect.String {
		return assign(to, v.Interface())
	}
	if into, ok := to.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := into.UnmarshalText([]byte(v.String())); err != nil {
			return errInvalid
		}
		return nil
	}
	if to.Kind() == reflect.String {
		to.SetString(v.String())
		return nil
	}
	if to.Kind() == reflect.Float32 || to.Kind() == reflect.Float64 {
		if n, ok := parseFloat(v.String()); ok {
			return assign(to, n)
		}
		return errInvalid
	}
	if n, ok := parseInteger(v.String()); ok {
		return assign(to, n)
	}
	return errInvalid
}

// snakeCase turns GoName into go_name; initialisms stay together: UserID is user_id.
func snakeCase(name string) string {
	runes := []rune(name)
	var out []rune
	for i, r := range runes {
		upper := unicode.IsUpper(r)
		if upper && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) && runes[i-1] != '_' {
			out = append(out, '_')
		}
		out = append(out, unicode.ToLower(r))
	}
	return string(out)
}

// names returns the fields, for error messages.
func (t *target) names() []string {
	names := make([]string, 0, len(t.members))
	for _, m := range t.members {
		names = append(names, m.path)
	}
	return slices.Clip(names)
}
