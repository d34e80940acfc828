package forms

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/quintetgo/quintet/framework/message"
)

// Kind is the type of a field's value. It selects the widget, the parser and the Go type of the value.
type Kind string

// The kinds, with the Go type that Form.Value returns. The value of an empty field is nil, except for Text, Email, URL, Slug
// ("") and Bool (false).
const (
	Text           Kind = "text"     // string
	Email          Kind = "email"    // string
	URL            Kind = "url"      // string, http or https
	Slug           Kind = "slug"     // string
	Integer        Kind = "integer"  // int64
	Float          Kind = "float"    // float64
	Decimal        Kind = "decimal"  // string in canonical form
	Bool           Kind = "bool"     // bool
	Date           Kind = "date"     // time.Time at midnight UTC
	Time           Kind = "time"     // time.Time on 1 January of year 0, UTC
	DateTime       Kind = "datetime" // time.Time
	Duration       Kind = "duration" // time.Duration
	UUID           Kind = "uuid"     // string in canonical form
	JSON           Kind = "json"     // string
	Choose         Kind = "choice"   // string, one of Choices
	MultipleChoice Kind = "choices"  // []string, each one of Choices
	FileUpload     Kind = "file"     // *File
	FileUploads    Kind = "files"    // []*File
)

// Widget is the kind of input that shows a field. Another name than those below selects a template of the project,
// forms/widgets/<name>.html, which receives the BoundField as .field.
type Widget string

// The widgets with built-in templates.
const (
	TextInput     Widget = "text"
	Textarea      Widget = "textarea"
	NumberInput   Widget = "number"
	EmailInput    Widget = "email"
	URLInput      Widget = "url"
	PasswordInput Widget = "password"
	HiddenInput   Widget = "hidden"
	Checkbox      Widget = "checkbox"
	Select        Widget = "select"
	MultiSelect   Widget = "multiselect"
	Radio         Widget = "radio"
	Checkboxes    Widget = "checkboxes"
	DateInput     Widget = "date"
	TimeInput     Widget = "time"
	DateTimeInput Widget = "datetime"
	FileInput     Widget = "file"
	SearchInput   Widget = "search"
	ColorInput    Widget = "color"
	TelInput      Widget = "tel"
)

// Choice is one option of a field.
type Choice struct {
	Value string // what the browser sends
	Label string // what the page shows
	// Group is the label of the group that contains the option; consecutive options of one group are shown together.
	// Default: no group.
	Group    string
	Selected bool // set by BoundField.Choices
}

// Field describes one input. Only Name is required.
type Field struct {
	// Name is the name of the input, in snake_case.
	Name string
	// Label is shown beside the input. Default: made from Name, as "First name" from "first_name".
	Label string
	// Help is a sentence shown with the input. Default: none.
	Help string
	// Kind is the type of the value. Default: Text.
	Kind Kind

	// Required rejects an empty field; a checkbox must be ticked. Default: false.
	Required bool
	// Disabled shows the field without parsing it: its value is Initial. Default: false.
	Disabled bool
	// Widget selects the input. Default: the one for Kind.
	Widget Widget
	// Initial is shown before the form is submitted, and is the value of an untouched field, see Form.Untouched.
	// Default: none.
	Initial any
	// Stored declares that Initial is already stored: while the field is untouched it is neither parsed nor validated, so
	// that an old value which is invalid today does not prevent other changes. Default: false.
	Stored bool

	// Choices are the allowed values. Default: any value.
	Choices []Choice
	// LoadChoices returns the allowed values instead of Choices. It is called once for each form.
	LoadChoices func(ctx context.Context) ([]Choice, error)

	// MinLength and MaxLength bound the number of characters. Default: 0, no limit except 1 MiB.
	MinLength, MaxLength int
	// Min and Max bound numbers, durations and times, in the kind's type. Default: nil, no bound.
	Min, Max any
	// Step is the step attribute of the input. Default: "1" for integers, otherwise "any".
	Step string
	// Digits and Decimals bound a Decimal: its digits, and those after the point. Default: 0 digits, no limit.
	Digits, Decimals int

	// KeepSpace keeps surrounding white space, as for passwords. Default: values are trimmed.
	KeepSpace bool
	// Layouts are the Go layouts that Date, Time and DateTime are parsed with. Default: common ones.
	Layouts []string
	// Location is the time zone of a DateTime that is sent without one. Default: that of the form.
	Location *time.Location
	// Schemes are the allowed schemes of a URL. Default: http and https.
	Schemes []string
	// Accept lists extensions (".pdf") and content types ("image/*") of files, compared with the name and the content.
	// Default: all files.
	Accept []string
	// MaxSize is the maximum size of a file in bytes. Default: 10 MiB.
	MaxSize int64

	// Parse replaces the parser of Kind. It receives the values as sent, trimmed and without NUL characters, and is not
	// called for an empty field. Its error is a message of the field. Default: the parser of Kind.
	Parse func(raw []string) (any, error)
	// Format replaces how a value is written into the input. Default: the format of Kind.
	Format func(value any) []string
	// Validators run after parsing, in order, until one returns an error, which is a message of the field. They are not
	// called for an empty field.
	Validators []func(value any) error
	// Messages replaces texts by code: required, invalid, invalid_choice, min_length, max_length, min_value, max_value
	// and the others that package message lists. A text can use the placeholders of the one it replaces. That of
	// invalid also replaces the texts of codes that refine it, such as max_decimal_places and encoding. Default: none.
	Messages map[string]string
	// Attrs holds additional attributes of the input, such as placeholder and autocomplete.
	Attrs map[string]string
}

// label returns Label, or one made from the name: "first_name" is "First name".
func (f *Field) label() string {
	if f.Label != "" {
		return f.Label
	}
	words := strings.ReplaceAll(f.Name, "_", " ")
	for i, r := range words {
		return string(unicode.ToUpper(r)) + words[i+len(string(r)):]
	}
	return words
}

// widget returns Widget, or the one for the kind.
func (f *Field) widget() Widget {
	if f.Widget != "" {
		return f.Widget
	}
	switch f.kind() {
	case Email:
		return EmailInput
	case URL:
		return URLInput
	case Integer, Float:
		return NumberInput
	case Bool:
		return Checkbox
	case Date:
		return DateInput
	case Time:
		return TimeInput
	case DateTime:
		return DateTimeInput
	case JSON:
		return Textarea
	case Choose:
		return Select
	case MultipleChoice:
		return MultiSelect
	case FileUpload, FileUploads:
		return FileInput
	}
	return TextInput
}

func (f *Field) kind() Kind {
	if f.Kind == "" {
		return Text
	}
	return f.Kind
}

// multiple reports whether the field takes more than one value.
func (f *Field) multiple() bool {
	return f.Kind == MultipleChoice || f.Kind == FileUploads || f.Widget == MultiSelect || f.Widget == Checkboxes
}

func (f *Field) isFile() bool { return f.Kind == FileUpload || f.Kind == FileUploads }

// independentCodes are those that the field's text for "invalid" does not replace.
var independentCodes = []string{"required", "invalid_choice", "min_length", "max_length", "min_value", "max_value"}

// invalid returns m as an error, with the field's own text for its code if there is one.
func (f *Field) invalid(m message.Message) error {
	own := f.Messages[m.Code]
	if own == "" && !slices.Contains(independentCodes, m.Code) {
		own = f.Messages["invalid"]
	}
	if own != "" {
		return m.WithText(own)
	}
	return m
}

// invalidText is invalid for a message of the code "invalid" without arguments.
func (f *Field) invalidText(text string) error { return f.invalid(message.New("invalid", text)) }
