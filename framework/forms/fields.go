package forms

import (
	"context"
	"reflect"
	"strings"
	"time"
)

// Fields is the argument of a form struct's Fields method, which configures fields with Describe.
type Fields struct{ target *target }

// FieldOf configures the field of a struct's member of type T. Its methods change it and return it, so that they can be chained.
type FieldOf[T any] struct{ field *Field }

// Describe returns the field of a member: forms.Describe(f, &c.Name). It panics if p does not point to a member of the form's
// struct.
func Describe[T any](f *Fields, p *T) *FieldOf[T] {
	for _, m := range f.target.members {
		if m.value.Addr().Pointer() == reflect.ValueOf(p).Pointer() && m.value.Type() == reflect.TypeFor[T]() {
			return &FieldOf[T]{m.field}
		}
	}
	panic("forms: Describe got a pointer that does not point to one of the form's fields: " + strings.Join(f.target.names(), ", "))
}

// Field returns the field, for settings without a method here.
func (f *FieldOf[T]) Field() *Field { return f.field }

// Label sets the label. Default: made from the name, as "First name" from FirstName.
func (f *FieldOf[T]) Label(label string) *FieldOf[T] { f.field.Label = label; return f }

// Help sets the sentence that is shown with the input.
func (f *FieldOf[T]) Help(help string) *FieldOf[T] { f.field.Help = help; return f }

// Required rejects an empty field; a checkbox must be ticked.
func (f *FieldOf[T]) Required() *FieldOf[T] { f.field.Required = true; return f }

// Optional accepts an empty field.
func (f *FieldOf[T]) Optional() *FieldOf[T] { f.field.Required = false; return f }

// Disabled shows the field without parsing it.
func (f *FieldOf[T]) Disabled() *FieldOf[T] { f.field.Disabled = true; return f }

// Max sets the maximum number of characters of a text, or the maximum of a number.
func (f *FieldOf[T]) Max(n int) *FieldOf[T] {
	if f.numeric() {
		f.field.Max = int64(n)
	} else {
		f.field.MaxLength = n
	}
	return f
}

// Min sets the minimum number of characters of a text, or the minimum of a number.
func (f *FieldOf[T]) Min(n int) *FieldOf[T] {
	if f.numeric() {
		f.field.Min = int64(n)
	} else {
		f.field.MinLength = n
	}
	return f
}

func (f *FieldOf[T]) numeric() bool { return f.field.Kind == Integer || f.field.Kind == Float }

// Between sets the minimum and maximum of a number, duration or time.
func (f *FieldOf[T]) Between(low, high T) *FieldOf[T] {
	f.field.Min, f.field.Max = low, high
	return f
}

// Email makes the value an email address.
func (f *FieldOf[T]) Email() *FieldOf[T] { f.field.Kind = Email; return f }

// URL makes the value a URL, with http or https.
func (f *FieldOf[T]) URL() *FieldOf[T] { f.field.Kind = URL; return f }

// Slug restricts the value to ASCII letters, digits, hyphens and underscores.
func (f *FieldOf[T]) Slug() *FieldOf[T] { f.field.Kind = Slug; return f }

// Date makes a time.Time a date, at midnight UTC.
func (f *FieldOf[T]) Date() *FieldOf[T] { f.field.Kind = Date; return f }

// Clock makes a time.Time a time of day, on 1 January of year 0, UTC.
func (f *FieldOf[T]) Clock() *FieldOf[T] { f.field.Kind = Time; return f }

// In sets the time zone of values that are sent without one. Default: that of the request.
func (f *FieldOf[T]) In(location *time.Location) *FieldOf[T] { f.field.Location = location; return f }

// Textarea makes the input one of several lines.
func (f *FieldOf[T]) Textarea() *FieldOf[T] { f.field.Widget = Textarea; return f }

// Password makes the input one for a password: it hides the value, keeps white space, and is empty when the form is shown again.
func (f *FieldOf[T]) Password() *FieldOf[T] {
	f.field.Widget, f.field.KeepSpace = PasswordInput, true
	return f
}

// Hidden makes the input invisible. Visitors can still send any value.
func (f *FieldOf[T]) Hidden() *FieldOf[T] { f.field.Widget = HiddenInput; return f }

// Widget sets the input. Default: the one for the kind.
func (f *FieldOf[T]) Widget(widget Widget) *FieldOf[T] { f.field.Widget = widget; return f }

// Choices restricts the value to these.
func (f *FieldOf[T]) Choices(choices ...Choice) *FieldOf[T] {
	f.field.Choices = choices
	if f.field.Kind != MultipleChoice {
		f.field.Kind = Choose
	}
	return f
}

// ChoicesFrom restricts the value to those that load returns. It is called once for each form.
func (f *FieldOf[T]) ChoicesFrom(load func(ctx context.Context) ([]Choice, error)) *FieldOf[T] {
	f.Choices()
	f.field.LoadChoices = load
	return f
}

// Initial sets the value that is shown before the form is submitted. Default: that of the struct.
func (f *FieldOf[T]) Initial(value T) *FieldOf[T] { f.field.Initial = value; return f }

// Placeholder sets the example in the empty input. It does not replace a label.
func (f *FieldOf[T]) Placeholder(text string) *FieldOf[T] { return f.Attr("placeholder", text) }

// Attr sets an attribute of the input, such as autocomplete. See BoundField.HTMLAttrs for those that are rejected.
func (f *FieldOf[T]) Attr(name, value string) *FieldOf[T] {
	if f.field.Attrs == nil {
		f.field.Attrs = map[string]string{}
	}
	f.field.Attrs[name] = value
	return f
}

// Message replaces the text of a code, see Field.Messages. It can use the placeholders of the one that it replaces.
func (f *FieldOf[T]) Message(code, text string) *FieldOf[T] {
	if f.field.Messages == nil {
		f.field.Messages = map[string]string{}
	}
	f.field.Messages[code] = text
	return f
}

// Accept restricts files to extensions (".pdf") and content types ("image/*"). Default: all files.
func (f *FieldOf[T]) Accept(kinds ...string) *FieldOf[T] { f.field.Accept = kinds; return f }

// MaxSize sets the maximum size of each file in bytes. Default: 10 MiB.
func (f *FieldOf[T]) MaxSize(bytes int64) *FieldOf[T] { f.field.MaxSize = bytes; return f }

// Validate adds a validator, which is not called for an empty field. Its error is a message of the field: return Invalid("", text),
// or a message.Message for another code.
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
