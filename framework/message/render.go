package message

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Translator is a catalog of translations into one language, such as i18n.Language. A request's context has the one of the
// request. A Translator must be safe for concurrent use.
type Translator interface {
	// Translate returns the text of m in the translator's language with its placeholders in place, or "" if there is
	// no translation, and the English text is used. If m has a Plural, n is the number that selects its form, otherwise
	// n is 0. A gettext catalog looks up m.Text, or m.Text and m.Plural with n.
	Translate(m Message, n int64) string
}

// Formatter is implemented by translators that also know how their language writes values.
type Formatter interface {
	// FormatArgument returns numbers and times as text, and false for values of other types.
	FormatArgument(value any) (string, bool)
	// FormatList returns texts as an enumeration in a sentence, "a, b and c" in English; "" for none.
	FormatList(items []string) string
}

type contextKey struct{}

// NewContext returns a context whose messages are rendered by t.
func NewContext(ctx context.Context, t Translator) context.Context {
	return context.WithValue(ctx, contextKey{}, t)
}

// FromContext returns the translator of a context, or nil for English.
func FromContext(ctx context.Context) Translator {
	t, _ := ctx.Value(contextKey{}).(Translator)
	return t
}

// Render returns the text in the language of t, with all arguments filled in; nil is English.
func (m Message) Render(t Translator) string {
	n := int64(0)
	text := m.Text
	if m.Plural != "" {
		if n = number(m.Args[m.Count]); n != 1 {
			text = m.Plural
		}
	}
	if t != nil {
		if translated := t.Translate(m, n); translated != "" {
			text = translated
		}
	}
	if len(m.Args) == 0 {
		return text
	}
	return fill(text, m.Args, t)
}

// fill replaces the placeholders of text that have an argument.
func fill(text string, args Args, t Translator) string {
	var out strings.Builder
	for {
		start := strings.IndexByte(text, '{')
		if start < 0 {
			break
		}
		length := nameLength(text[start+1:])
		end := start + 1 + length
		if length == 0 || end >= len(text) || text[end] != '}' {
			out.WriteString(text[:start+1])
			text = text[start+1:]
			continue
		}
		out.WriteString(text[:start])
		if value, ok := args[text[start+1:end]]; ok {
			out.WriteString(format(value, t))
		} else {
			out.WriteString(text[start : end+1])
		}
		text = text[end+1:]
	}
	out.WriteString(text)
	return out.String()
}

// nameLength returns the length of the placeholder name at the beginning of text, 0 if there is none.
func nameLength(text string) int {
	for i := range len(text) {
		c := text[i]
		if c >= 'a' && c <= 'z' || i > 0 && (c == '_' || c >= '0' && c <= '9') {
			continue
		}
		return i
	}
	return len(text)
}

// format returns an argument as text. Without a [Formatter], numbers have no separators of thousands: these depend on the
// language.
func format(value any, t Translator) string {
	if f, ok := t.(Formatter); ok {
		if text, ok := f.FormatArgument(value); ok {
			return text
		}
	}
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case Message:
		return value.Render(t)
	case List:
		return value.Render(t)
	case int:
		return strconv.Itoa(value)
	case int64:
		return strconv.FormatInt(value, 10)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(value), 'f', -1, 32)
	case time.Time:
		return value.Format("2006-01-02 15:04")
	}
	return fmt.Sprint(value)
}

// number returns a whole number of any type, or 0.
func number(value any) int64 {
	switch v := reflect.ValueOf(value); {
	case !v.IsValid():
		return 0
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return int64(v.Uint()) //nolint:gosec // only the form of the plural depends on it
	}
	return 0
}
