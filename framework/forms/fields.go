package forms

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Fields is what a form struct's Fields method refines its fields with, through Describe.
type Fields struct{ target *target }

// FieldOf refines the field that a struct's member of type T became. Its methods return it, so that
// they can be chained.
type FieldOf[T any] struct{ field *Field }

// Describe returns the field of a member: forms.Describe(f, &c.Name). It panics when p does not point at a
// member of the form's struct.
func Describe[T any](f *Fields, p *T) *FieldOf[T] {
	for _, m := range f.target.members {
		if m.value.Addr().Pointer() == reflect.ValueOf(p).Pointer() && m.value.Type() == reflect.TypeFor[T]() {
			return &FieldOf[T]{m.field}
		}
	}
	panic(fmt.Sprintf("forms: Describe got a pointer that is none of the form's fields: %s", strings.Join(f.target.names(), ", ")))
}

// Field returns the description itself, for what has no method here.
func (f *FieldOf[T]) Field() *Field { return f.field }

// Label sets what the field is called.
func (f *FieldOf[T]) Label(label string) *FieldOf[T] { f.field.Label = label; return f }

// Help sets the sentence below the label.
func (f *FieldOf[T]) Help(help string) *FieldOf[T] { f.field.Help = help; return f }

// Required wants the field filled in; a checkbox must be ticked.
func (f *FieldOf[T]) Required() *FieldOf[T] { f.field.Required = true; return f }

// Optional lets the field stay empty.
func (f *FieldOf[T]) Optional() *FieldOf[T] { f.field.Required = false; return f }

// Disabled shows the field and ignores what is sent for it.
func (f *FieldOf[T]) Disabled() *FieldOf[T] { f.field.Disabled = true; return f }

// Max bounds the length of text and the value of numbers.
func (f *FieldOf[T]) Max(n int) *FieldOf[T] {
	if f.numeric() {
		f.field.Max = int64(n)
	} else {
		f.field.MaxLength = n
	}
	return f
}

// Min bounds the length of text and the value of numbers.
func (f *FieldOf[T]) Min(n int) *FieldOf[T] {
	if f.numeric() {
		f.field.Min = int64(n)
	} else {
		f.field.MinLength = n
	}
	return f
}

func (f *FieldOf[T]) numeric() bool { return f.field.Kind == Integer || f.field.Kind == Float }

// Between bounds numbers, durations and times, both ends included.
func (f *FieldOf[T]) Between(low, high T) *FieldOf[T] {
	f.field.Min, f.field.Max = low, high
	return f
}

// Email wants an email address.
func (f *FieldOf[T]) Email() *FieldOf[T] { f.field.Kind = Email; return f }

// URL wants a web address.
func (f *FieldOf[T]) URL() *FieldOf[T] { f.field.Kind = URL; return f }

// Slug wants letters without accents, digits, hyphens and underscores.
func (f *FieldOf[T]) Slug() *FieldOf[T] { f.field.Kind = Slug; return f }

// Date reads a time.Time as a day.
func (f *FieldOf[T]) Date() *FieldOf[T] { f.field.Kind = Date; return f }

// Clock reads a time.Time as a time of day.
func (f *FieldOf[T]) Clock() *FieldOf[T] { f.field.Kind = Time; return f }

// In sets the zone of times that are sent without one.
func (f *FieldOf[T]) In(location *time.Location) *FieldOf[T] { f.field.Location = location; return f }

// Textarea shows several lines.
func (f *FieldOf[T]) Textarea() *FieldOf[T] { f.field.Widget = Textarea; return f }

// Password hides what is typed, keeps spaces, and is never shown again.
func (f *FieldOf[T]) Password() *FieldOf[T] {
	f.field.Widget, f.field.KeepSpace = PasswordInput, true
	return f
}

// Hidden keeps the field from people's sight. It is still something that anybody can send.
func (f *FieldOf[T]) Hidden() *FieldOf[T] { f.field.Widget = HiddenInput; return f }

// Widget sets how the field is shown.
func (f *FieldOf[T]) Widget(widget Widget) *FieldOf[T] { f.field.Widget = widget; return f }

// Choices allows these values only.
func (f *FieldOf[T]) Choices(choices ...Choice) *FieldOf[T] {
	f.field.Choices = choices
	if f.field.Kind != MultipleChoice {
		f.field.Kind = Choose
	}
	return f
}

// ChoicesFrom allows the values that load returns. It is called once a form.
func (f *FieldOf[T]) ChoicesFrom(load func(ctx context.Context) ([]Choice, error)) *FieldOf[T] {
	f.Choices()
	f.field.LoadChoices = load
	return f
}

// Initial is shown before anything was sent.
func (f *FieldOf[T]) Initial(value T) *FieldOf[T] { f.field.Initial = value; return f }

// Placeholder sets the example inside of the empty input. It is no replacement for a label.
func (f *FieldOf[T]) Placeholder(text string) *FieldOf[T] { return f.Attr("placeholder", text) }

// Attr sets an attribute of the input, such as autocomplete.
func (f *FieldOf[T]) Attr(name, value string) *FieldOf[T] {
	if f.field.Attrs == nil {
		f.field.Attrs = map[string]string{}
	}
	f.field.Attrs[name] = value
	return f
}

// Message replaces a text: see Field.Messages for the keys.
func (f *FieldOf[T]) Message(key, text string) *FieldOf[T] {
	if f.field.Messages == nil {
		f.field.Messages = map[string]string{}
	}
	f.field.Messages[key] = text
	return f
}

// Accept limits files to extensions (".pdf") and types ("image/*").
func (f *FieldOf[T]) Accept(kinds ...string) *FieldOf[T] { f.field.Accept = kinds; return f }

// MaxSize limits each file to a number of bytes.
func (f *FieldOf[T]) MaxSize(bytes int64) *FieldOf[T] { f.field.MaxSize = bytes; return f }

// Validate adds a check. The text of its error is shown to people.
func (f *FieldOf[T]) Validate(check func(T) error) *FieldOf[T] {
	f.field.Validators = append(f.field.Validators, func(value any) error {
		var typed T
		if err := assign(reflect.ValueOf(&typed).Elem(), value); err != nil {
			return err
		}
		return check(typed)
	})
	return f
}
