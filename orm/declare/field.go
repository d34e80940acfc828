package declare

import (
	"context"
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/schema"
)

// FieldBuilder describes a field whose values are of type T. Its methods return the builder, so that they can be
// chained, in any order.
type FieldBuilder[T any] struct{ s *spec }

// Describe returns the description of the field that p points at: declare.Describe(f, &post.Title). A pointer that is
// not to a field of the model is reported as a problem of the model, orm.E015.
func Describe[T any](f *Fields, p *T) *FieldBuilder[T] {
	return &FieldBuilder[T]{f.add(unsafe.Pointer(p), reflect.TypeFor[T]())}
}

func (b *FieldBuilder[T]) do(fn func(*schema.Field)) *FieldBuilder[T] {
	b.s.apply = append(b.s.apply, fn)
	return b
}

// Label sets the user-facing name of the field. The default is the Go name, split into words.
func (b *FieldBuilder[T]) Label(label string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Label = label })
}

// Help sets the user-facing sentence that forms show below the field. The default is none.
func (b *FieldBuilder[T]) Help(text string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Help = text })
}

// Blank lets the field be empty in forms and validation. By default only fields that take NULL, booleans, JSON and
// fields that are set automatically may be empty.
func (b *FieldBuilder[T]) Blank() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Blank, f.Optional = true, true })
}

// Required makes an empty value an error, even if the column takes NULL.
func (b *FieldBuilder[T]) Required() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Blank, f.Optional = false, false })
}

// Default sets the function that returns the value of new objects. It is called by Model.New and for new forms; values
// that an object already has are not replaced.
func (b *FieldBuilder[T]) Default(fn func() T) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Default = func() any { return fn() } })
}

// Generated lets the database compute the column by an SQL expression over other columns of the row. The field is never
// written and is read back after every write. stored keeps the value in the table, where it can be indexed; otherwise it
// is computed when it is read, which some databases cannot do.
func (b *FieldBuilder[T]) Generated(expression string, stored bool) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) {
		f.Generated, f.Virtual, f.Editable, f.Blank = expression, !stored, false, true
	})
}

// DBDefault sets an SQL expression that the database evaluates when an object with the zero value is inserted.
func (b *FieldBuilder[T]) DBDefault(expression string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.DBDefault = expression })
}

// MarksDeleted makes the field, a time that accepts NULL, record when a row was deleted: deleting an object sets it, and
// queries leave the row out. Forms do not include the field.
func (b *FieldBuilder[T]) MarksDeleted() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.MarksDeleted, f.Editable = true, false })
}

// Choices sets the permitted values. Forms show a select box with their labels.
func (b *FieldBuilder[T]) Choices(choices ...schema.Choice) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Choices = choices })
}

// LoadChoices sets the function that returns the permitted values. It is called with the context of a write or a form
// whenever they are needed, so that they may come from a table or depend on the user.
func (b *FieldBuilder[T]) LoadChoices(fn func(ctx context.Context) ([]schema.Choice, error)) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.LoadChoices = fn })
}

// UniqueForDate makes the value unique among the rows with the same day in another field, which it names. Create, Save and
// SaveFields check it by a query; no database enforces it, and writes of many rows do not check it.
func (b *FieldBuilder[T]) UniqueForDate(field string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.UniqueForDate = field })
}

// UniqueForMonth makes the value unique among the rows with the same year and month in another field, which it names.
func (b *FieldBuilder[T]) UniqueForMonth(field string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.UniqueForMonth = field })
}

// UniqueForYear makes the value unique among the rows with the same year in another field, which it names.
func (b *FieldBuilder[T]) UniqueForYear(field string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.UniqueForYear = field })
}

// Validate adds functions that are called with a value before it is written, unless it is blank. Their errors are
// user-facing; a message.Message is shown in the language of the user.
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

// Check adds validators of values of any type, to share them between fields of different types.
func (b *FieldBuilder[T]) Check(fns ...func(any) error) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Validators = append(f.Validators, fns...) })
}

// ReadOnly excludes the field from forms.
func (b *FieldBuilder[T]) ReadOnly() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Editable = false })
}

// Widget sets the form widget by its name. The default is that of the kind.
func (b *FieldBuilder[T]) Widget(name string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Widget = name })
}

// Size limits a text to n characters, or a []byte to n bytes. The default is the size in the GORM tag.
func (b *FieldBuilder[T]) Size(n int) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Size = n })
}

// Unique makes the values unique: no two rows have the same one.
func (b *FieldBuilder[T]) Unique() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Unique = true })
}

// Index creates an index of the field.
func (b *FieldBuilder[T]) Index() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Index = true })
}

// AutoNow sets the field to the current time on every write, and excludes it from forms.
func (b *FieldBuilder[T]) AutoNow() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.AutoNow, f.Editable, f.Blank = true, false, true })
}

// Version makes the field, a whole number, the version of its row: Create stores 1, and every other write adds 1. A write of
// an object whose row has been written since it was read is refused with an error, so that no change is lost unnoticed.
// Forms do not show the field.
func (b *FieldBuilder[T]) Version() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Version, f.Editable = true, false })
}

// AutoNowAdd sets the field to the current time in Create, if it is zero, and excludes it from forms.
func (b *FieldBuilder[T]) AutoNowAdd() *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.AutoNowAdd, f.Editable, f.Blank = true, false, true })
}

// ErrorMessage replaces the user-facing text of one kind of error. The codes are required, unique, invalid_choice,
// max_length, invalid and those of validators. The text may use the arguments of the message it replaces: "Use at most
// {limit} letters."
func (b *FieldBuilder[T]) ErrorMessage(code, text string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) {
		if f.ErrorMessages == nil {
			f.ErrorMessages = map[string]string{}
		}
		f.ErrorMessages[code] = text
	})
}

// Comment sets the column's comment. SQLite stores none, which the check orm.W020 reports.
func (b *FieldBuilder[T]) Comment(text string) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Comment = text })
}

// Collation sets the name of the rule by which the database compares and sorts the column's texts, such as SQLite's "NOCASE".
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

// IP makes the field an IP address, of version 4 or 6. It is stored in canonical form, as text.
func (b *FieldBuilder[T]) IP() *FieldBuilder[T] { return b.ip(0) }

// IPv4 makes the field an IP address of version 4.
func (b *FieldBuilder[T]) IPv4() *FieldBuilder[T] { return b.ip(4) }

// IPv6 makes the field an IP address of version 6.
func (b *FieldBuilder[T]) IPv6() *FieldBuilder[T] { return b.ip(6) }

func (b *FieldBuilder[T]) ip(version int) *FieldBuilder[T] {
	return b.do(func(f *schema.Field) { f.Kind, f.IPVersion, f.Size = schema.KindIP, version, schema.IPSize })
}

// Date makes the field a date without a time of day.
func (b *FieldBuilder[T]) Date() *FieldBuilder[T] { return b.kind(schema.KindDate) }

// TimeOfDay makes the field a time without a date.
func (b *FieldBuilder[T]) TimeOfDay() *FieldBuilder[T] { return b.kind(schema.KindTime) }
