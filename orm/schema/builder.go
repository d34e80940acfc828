package schema

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

// Fields collects what a model's Fields method says. It is only valid during that call.
type Fields struct {
	base  unsafe.Pointer
	model reflect.Type
	specs []*spec
	bad   []string
}

// spec is what was said about one struct field, kept until the model's fields are known.
type spec struct {
	offset uintptr
	typ    reflect.Type
	place  string
	apply  []func(*Field)
	rel    *relationSpec
}

type relationSpec struct {
	to           string
	manyToMany   bool
	oneToOne     bool
	symmetrical  bool
	oneWay       bool
	noConstraint bool
	onDelete     OnDelete
	related      string
	through      any
	toField      string
}

// add finds or makes the record for the struct field at p. The same source line starts afresh, so that a base struct's
// Fields method may run twice.
func (f *Fields) add(p unsafe.Pointer, typ reflect.Type) *spec {
	place := caller()
	offset := uintptr(p) - uintptr(f.base)
	if p == nil || uintptr(p) < uintptr(f.base) || offset+typ.Size() > f.model.Size() {
		f.bad = append(f.bad, fmt.Sprintf("%s: the pointer is to no field of %s", place, f.model))
		return &spec{typ: typ, place: place}
	}
	s := &spec{offset: offset, typ: typ, place: place}
	for i, old := range f.specs {
		if old.offset == offset && old.typ == typ && old.place == place {
			f.specs[i] = s
			return s
		}
	}
	f.specs = append(f.specs, s)
	return s
}

// caller gives file:line of the first frame outside the orm packages.
func caller() string {
	pcs := make([]uintptr, 12)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		inside := strings.HasPrefix(frame.Function, "github.com/quintetgo/quintet/orm.") ||
			strings.HasPrefix(frame.Function, "github.com/quintetgo/quintet/orm/schema.")
		if !inside || !more {
			file := frame.File
			if i := strings.LastIndexByte(file, '/'); i >= 0 {
				if j := strings.LastIndexByte(file[:i], '/'); j >= 0 {
					file = file[j+1:]
				}
			}
			return fmt.Sprintf("%s:%d", file, frame.Line)
		}
	}
}

// FieldBuilder says things about a field whose values are of type T. Methods may be chained and called in any order.
type FieldBuilder[T any] struct{ s *spec }

// Describe begins the description of the field that p points at.
func Describe[T any](f *Fields, p *T) *FieldBuilder[T] {
	return &FieldBuilder[T]{f.add(unsafe.Pointer(p), reflect.TypeFor[T]())}
}

func (b *FieldBuilder[T]) do(fn func(*Field)) *FieldBuilder[T] {
	b.s.apply = append(b.s.apply, fn)
	return b
}

// Label sets what people read as the field's name.
func (b *FieldBuilder[T]) Label(label string) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Label = label })
}

// Help sets the sentence shown under the field in forms.
func (b *FieldBuilder[T]) Help(text string) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Help = text })
}

// Blank lets the field be empty in forms and validation.
func (b *FieldBuilder[T]) Blank() *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Blank, f.blank = true, true })
}

// Required makes an empty value an error, also where the column takes NULL.
func (b *FieldBuilder[T]) Required() *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Blank, f.blank = false, false })
}

// Default sets the function that makes the value of new objects. It runs for New and forms, and never replaces a value
// that an object already has.
func (b *FieldBuilder[T]) Default(fn func() T) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Default = func() any { return fn() } })
}

// DBDefault sets an SQL expression that the database evaluates when a zero value is inserted.
func (b *FieldBuilder[T]) DBDefault(expression string) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.DBDefault = expression })
}

// Choices limits the field to these values.
func (b *FieldBuilder[T]) Choices(choices ...Choice) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Choices = choices })
}

// Validate adds functions that check a value before it is written. Their error texts are shown to people.
func (b *FieldBuilder[T]) Validate(fns ...func(T) error) *FieldBuilder[T] {
	return b.do(func(f *Field) {
		for _, fn := range fns {
			f.Validators = append(f.Validators, func(v any) error {
				t, ok := v.(T)
				if !ok {
					return nil
				}
				return fn(t)
			})
		}
	})
}

// Check adds validators that take any value, such as those made for several types.
func (b *FieldBuilder[T]) Check(fns ...func(any) error) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Validators = append(f.Validators, fns...) })
}

// ReadOnly keeps the field out of forms.
func (b *FieldBuilder[T]) ReadOnly() *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Editable = false })
}

// Widget names the form widget to use.
func (b *FieldBuilder[T]) Widget(name string) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Widget = name })
}

// Size limits a text to n characters.
func (b *FieldBuilder[T]) Size(n int) *FieldBuilder[T] { return b.do(func(f *Field) { f.Size = n }) }

// Unique allows a value only once.
func (b *FieldBuilder[T]) Unique() *FieldBuilder[T] { return b.do(func(f *Field) { f.Unique = true }) }

// Index gives the field an index.
func (b *FieldBuilder[T]) Index() *FieldBuilder[T] { return b.do(func(f *Field) { f.Index = true }) }

// AutoNow sets the field to the current time by every write.
func (b *FieldBuilder[T]) AutoNow() *FieldBuilder[T] {
	return b.do(func(f *Field) { f.AutoNow, f.Editable, f.Blank = true, false, true })
}

// AutoNowAdd sets the field to the current time by Create, if it is zero.
func (b *FieldBuilder[T]) AutoNowAdd() *FieldBuilder[T] {
	return b.do(func(f *Field) { f.AutoNowAdd, f.Editable, f.Blank = true, false, true })
}

// ErrorMessage replaces the text for one kind of mistake: required, unique, choices, max_length, invalid.
func (b *FieldBuilder[T]) ErrorMessage(code, text string) *FieldBuilder[T] {
	return b.do(func(f *Field) {
		if f.ErrorMessages == nil {
			f.ErrorMessages = map[string]string{}
		}
		f.ErrorMessages[code] = text
	})
}

// Comment sets the column's comment. It is part of the migrations; SQLite has no place for it.
func (b *FieldBuilder[T]) Comment(text string) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Comment = text })
}

// Collation names the rule by which the database compares and sorts the texts of the column: "NOCASE" of SQLite.
func (b *FieldBuilder[T]) Collation(name string) *FieldBuilder[T] {
	return b.do(func(f *Field) { f.Collation = name })
}

func (b *FieldBuilder[T]) kind(k Kind) *FieldBuilder[T] { return b.do(func(f *Field) { f.Kind = k }) }

// Text makes the field a text of several lines.
func (b *FieldBuilder[T]) Text() *FieldBuilder[T] { return b.kind(KindText) }

// Slug makes the field a slug: letters, digits, "-" and "_".
func (b *FieldBuilder[T]) Slug() *FieldBuilder[T] { return b.kind(KindSlug) }

// Email makes the field an email address.
func (b *FieldBuilder[T]) Email() *FieldBuilder[T] { return b.kind(KindEmail) }

// URL makes the field a web address.
func (b *FieldBuilder[T]) URL() *FieldBuilder[T] { return b.kind(KindURL) }

// Date makes the field a date without a time of day.
func (b *FieldBuilder[T]) Date() *FieldBuilder[T] { return b.kind(KindDate) }

// TimeOfDay makes the field a time without a date.
func (b *FieldBuilder[T]) TimeOfDay() *FieldBuilder[T] { return b.kind(KindTime) }
