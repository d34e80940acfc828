package message

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
)

// Args holds the arguments of a message by name.
type Args = map[string]any

// Message is a user-facing text that is not rendered yet. The zero value is no message: it renders as "".
//
// Messages are passed by value and must not be changed once others may hold them, in particular not their Args; then
// they are safe for concurrent use. A message without arguments allocates nothing.
//
// A Message is also an error, so that validators and Clean methods can return one.
type Message struct {
	// Code identifies the reason to programs, such as "max_length"; see the package's list. It may be empty.
	Code string
	// Text is a constant English text with placeholders. With Plural it is the text for the number one.
	Text string
	// Plural is the text for all other numbers. Default: "", the text does not depend on a number.
	Plural string
	// Count names the argument, a whole number, that selects between Text and Plural. It is used only with Plural.
	Count string
	// Args holds the values of the placeholders; nil if there are none.
	Args Args
	// Context distinguishes texts that are equal in English and differ in other languages, as msgctxt of gettext does: "May"
	// can be a month or a verb. It is not shown. Default: "", none.
	Context string
}

// New returns a message with the given code, constant text and arguments, which are merged if there are several maps.
func New(code, text string, args ...Args) Message {
	m := Message{Code: code, Text: text}
	for _, part := range args {
		m = m.With(part)
	}
	return m
}

// Text returns a message without a code, for labels and other texts that are only shown.
func Text(text string) Message { return Message{Text: text} }

// With returns m with additional arguments. It neither changes the arguments of m nor keeps the map args if m has
// arguments already.
func (m Message) With(args Args) Message {
	if len(m.Args) == 0 {
		m.Args = args
		return m
	}
	m.Args = maps.Clone(m.Args)
	maps.Copy(m.Args, args)
	return m
}

// WithText returns m with another text for all numbers, keeping its code and arguments. It is how a project replaces
// the text of a built-in message.
func (m Message) WithText(text string) Message {
	m.Text, m.Plural, m.Count = text, "", ""
	return m
}

// IsZero reports whether m has neither a code nor a text.
func (m Message) IsZero() bool { return m.Code == "" && m.Text == "" }

// Equal reports whether both messages have the same code, texts and arguments.
func (m Message) Equal(other Message) bool {
	if m.Code != other.Code || m.Context != other.Context || m.Text != other.Text || m.Plural != other.Plural || m.Count != other.Count {
		return false
	}
	return len(m.Args) == 0 && len(other.Args) == 0 || reflect.DeepEqual(m.Args, other.Args)
}

// String returns the English text with its arguments. Templates print it, escaped.
func (m Message) String() string { return m.Render(nil) }

// Error returns the same text as String.
func (m Message) Error() string { return m.Render(nil) }

// MarshalJSON returns the message as clients receive it: its code, the English text and the arguments, as
//
//	{"code": "max_length", "message": "Please use at most 20 characters (this has 25).", "args": {"length": 25, "limit": 20}}
//
// Arguments are omitted if there are none. Decoding it returns a message with the text as it was rendered.
func (m Message) MarshalJSON() ([]byte, error) { return json.Marshal(m.View(nil)) }

// UnmarshalJSON reads what MarshalJSON returns.
func (m *Message) UnmarshalJSON(data []byte) error {
	var v View
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*m = Message{Code: v.Code, Text: v.Message, Args: v.Args}
	return nil
}

// View is a rendered message for clients, the form that JSON responses use.
type View struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Args    Args   `json:"args,omitempty"`
}

// View renders m in the language of t, which may be nil for English. Arguments are texts, booleans and numbers as they
// are, and others as rendered.
func (m Message) View(t Translator) View {
	v := View{Code: m.Code, Message: m.Render(t)}
	if len(m.Args) == 0 {
		return v
	}
	v.Args = make(Args, len(m.Args))
	for name, value := range m.Args {
		switch reflect.ValueOf(value).Kind() {
		case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
			reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
			v.Args[name] = value
		default:
			v.Args[name] = format(value, t)
		}
	}
	return v
}

// List is a list of messages, such as labels of fields, rendered with commas and a last "and". As an argument it is
// part of a sentence.
type List []Message

// String returns the English text: "", "a", "a and b" or "a, b and c".
func (l List) String() string { return l.Render(nil) }

// Render returns the list in the language of t; nil is English.
func (l List) Render(t Translator) string {
	items := make([]string, len(l))
	for i, item := range l {
		items[i] = item.Render(t)
	}
	if f, ok := t.(Formatter); ok {
		return f.FormatList(items)
	}
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	first, last := strings.Join(items[:len(items)-1], ", "), items[len(items)-1]
	return New("", "{first} and {last}", Args{"first": first, "last": last}).Render(t)
}
