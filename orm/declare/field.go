package declare

import (
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/schema"
)

// FieldBuilder says things about a field whose values are of type T. Methods may be chained and called in any order.
type FieldBuilder[T any] struct{ s *spec }

// Describe begins the description of the field that p points at.
func Describe[T any](f *Fields, p *T) *FieldBuilder[T] {
	return &FieldBuilder[T]{f.add(unsafe.Pointer(p), reflect.TypeFor[T]())}
}

func (b *FieldBuilder[T]) do(fn func(*schema.Field)) *FieldBuilder[T] {
	b.s.apply = append(b.s.apply, fn)
	return b
}

// Label sets what people read as the field's name.
func (b *FieldBuilder[T]) Label(label string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Label = label })
}

// Help sets the sentence shown under the field in forms.
func (b *FieldBuilder[T]) Help(text string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Help = text })
}

// Blank lets the field be empty in forms and validation.
func (b *FieldBuilder[T]) Blank() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Blank, f.Optional = true, true })
}

// Required makes an empty value an error, also where the column takes NULL.
func (b *FieldBuilder[T]) Required() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Blank, f.Optional = false, false })
}

// Default sets the function that makes the value of new objects. It runs for New and forms, and never replaces a value
// that an object already has.
func (b *FieldBuilder[T]) Default(fn func() T) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Default = func() any { return fn() } })
}

// DBDefault sets an SQL expression that the database evaluates when a zero value is inserted.
func (b *FieldBuilder[T]) DBDefault(expression string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.DBDefault = expression })
}

// Choices limits the field to these values.
func (b *FieldBuilder[T]) Choices(choices ...schema.Choice) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Choices = choices })
}

// Validate adds functions that check a value before it is written. Their error texts are shown to people.
func (b *FieldBuilder[T]) Validate(fns ...func(T) error) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) {
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
	return b.do(func(f *schema.Field) { f.Validators = append(f.Validators, fns...) })
}

// ReadOnly keeps the field out of forms.
func (b *FieldBuilder[T]) ReadOnly() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Editable = false })
}

// Widget names the form widget to use.
func (b *FieldBuilder[T]) Widget(name string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Widget = name })
}

// Size limits a text to n characters.
func (b *FieldBuilder[T]) Size(n int) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Size = n })
}

// Unique allows a value only once.
func (b *FieldBuilder[T]) Unique() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Unique = true })
}

// Index gives the field an index.
func (b *FieldBuilder[T]) Index() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Index = true })
}

// AutoNow sets the field to the current time by every write.
func (b *FieldBuilder[T]) AutoNow() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.AutoNow, f.Editable, f.Blank = true, false, true })
}

// AutoNowAdd sets the field to the current time by Create, if it is zero.
func (b *FieldBuilder[T]) AutoNowAdd() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.AutoNowAdd, f.Editable, f.Blank = true, false, true })
}

// ErrorMessage replaces the text for one kind of mistake: required, unique, choices, max_length, invalid.
func (b *FieldBuilder[T]) ErrorMessage(code, text string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) {
		if f.ErrorMessages == nil {
			f.ErrorMessages = map[string]string{}
		}
		f.ErrorMessages[code] = text
	})
}

// Comment sets the column's comment. It is part of the migrations; SQLite has no place for it.
func (b *FieldBuilder[T]) Comment(text string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Comment = text })
}

// Collation names the rule by which the database compares and sorts the texts of the column: "NOCASE" of SQLite.
func (b *FieldBuilder[T]) Collation(name string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Collation = name })
}

func (b *FieldBuilder[T]) kind(k schema.Kind) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Kind = k })
}

// Text makes the field a text of several lines.
func (b *FieldBuilder[T]) Text() *FieldBuilder[T] { return b.kind(schema.KindText) }

// Slug makes the field a slug: letters, digits, "-" and "_".
func (b *FieldBuilder[T]) Slug() *FieldBuilder[T] { return b.kind(schema.KindSlug) }

// Email makes the field an email address.
func (b *FieldBuilder[T]) Email() *FieldBuilder[T] { return b.kind(schema.KindEmail) }

// URL makes the field a web address.
func (b *FieldBuilder[T]) URL() *FieldBuilder[T] { return b.kind(schema.KindURL) }

// Date makes the field a date without a time of day.
func (b *FieldBuilder[T]) Date() *FieldBuilder[T] { return b.kind(schema.KindDate) }

// TimeOfDay makes the field a time without a date.
func (b *FieldBuilder[T]) TimeOfDay() *FieldBuilder[T] { return b.kind(schema.KindTime) }
