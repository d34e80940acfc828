package forms

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/quintetgo/quintet/framework/message"
)

// Kind says what a field holds; it decides the widget, the parser and the type of the value.
type Kind string

// The kinds, with the type that Form.Value returns. An empty field that is not required has the
// value nil, except for Text and its relatives ("") and Bool (false).
const (
	Text           Kind = "text"     // string
	Email          Kind = "email"    // string
	URL            Kind = "url"      // string, http or https
	Slug           Kind = "slug"     // string
	Integer        Kind = "integer"  // int64
	Float          Kind = "float"    // float64
	Decimal        Kind = "decimal"  // string in canonical form
	Bool           Kind = "bool"     // bool
	Date           Kind = "date"     // time.Time at midnight
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

// Widget names how a field is shown. Other names mean a template of the project,
// forms/widgets/<name>.html, which gets the BoundField as .field.
type Widget string

// The widgets that have templates here.
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
	Value, Label string
	Group        string // options of one group stand together under its name
	Selected     bool   // set by BoundField.Choices
}

// Field describes one input. The zero value of everything but Name is sensible.
type Field struct {
	Name  string // the input's name, in snake_case
	Label string // made from Name when empty
	Help  string
	Kind  Kind // Text by default

	Required bool
	Disabled bool // shown, but what is sent is ignored: the value is Initial
	Widget   Widget
	Initial  any // shown before anything was sent; an untouched field keeps it, see Form.Untouched
	// Stored says that Initial is what is stored already: as long as the field is untouched it is neither parsed nor
	// validated, so that an old value which would be refused today does not keep the rest of the form from being saved.
	Stored bool

	Choices     []Choice
	LoadChoices func(ctx context.Context) ([]Choice, error) // instead of Choices, called once a form

	MinLength, MaxLength int // in characters; 0 is no limit of the field's own
	Min, Max             any // bounds of numbers and times, in the kind's type; nil is none
	Step                 string
	Digits, Decimals     int // of Decimal; 0 digits is no limit

	KeepSpace bool           // do not trim white space (passwords)
	Layouts   []string       // Go layouts that Date, Time and DateTime are read with, instead of the default ones
	Location  *time.Location // of DateTime without a zone; the form's by default
	Schemes   []string       // of URL; http and https by default
	Accept    []string       // of files: extensions (".pdf") and types ("image/*"), checked against name and content
	MaxSize   int64          // of a file in bytes; 10 MiB by default

	// Parse replaces the parser of Kind. It gets the values as sent, trimmed, without NUL bytes; an
	// error's text is shown to people. It is not called for an empty field.
	Parse func(raw []string) (any, error)
	// Format replaces the way a value, from Initial, is written into the input.
	Format func(value any) []string
	// Validators run after parsing; the text of their errors is shown to people.
	Validators []func(value any) error
	// Messages replaces texts by code: required, invalid, invalid_choice, min_length, max_length, min_value, max_value
	// and the others that package message lists. A text can use the placeholders of the one it replaces. That of
	// invalid also replaces the texts of codes that refine it, such as max_decimal_places and encoding. Default: none.
	Messages map[string]string
	// Attrs are further attributes of the input, such as placeholder and autocomplete.
	Attrs map[string]string
}

// label returns the given label or one made from the name: "first_name" is "First name".
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

// widget returns the given widget or the one that suits the kind.
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
