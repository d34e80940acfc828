package schema

import (
	"context"
	"database/sql/driver"
	"fmt"
	"net/mail"
	"net/url"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
)

// Message returns m with the text in ErrorMessages for its code, if there is one. The text can use the arguments of m.
func (f *Field) Message(m message.Message) message.Message {
	if own := f.ErrorMessages[m.Code]; own != "" {
		return m.WithText(own)
	}
	return m
}

// invalid returns Message for the code "invalid" and a text without arguments.
func (f *Field) invalid(text string) error { return f.Message(message.New("invalid", text)) }

// IsBlank reports whether v is the value of an empty input: nil, an empty text, a zero time or key. Numbers are never blank.
func (f *Field) IsBlank(v any) bool {
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return true
		}
		rv = rv.Elem()
		if f.Kind != KindForeignKey && f.Kind != KindOneToOne && !f.Kind.IsText() {
			return false // a pointer to a zero value was set on purpose
		}
	}
	if !rv.IsValid() {
		return true
	}
	if Nullable(rv.Type()) != nil {
		return rv.IsZero()
	}
	switch {
	case f.Kind == KindForeignKey, f.Kind == KindOneToOne, f.Kind.IsText(), f.Kind.IsTime(), f.Kind == KindUUID:
		return rv.IsZero()
	case f.Kind == KindBinary:
		return rv.Kind() == reflect.Slice && rv.Len() == 0
	case f.Kind == KindDecimal && rv.Kind() == reflect.String:
		return rv.Len() == 0
	case f.PrimaryKey:
		return rv.IsZero()
	}
	return false
}

// Validate checks a value that is not blank (pointers followed) against the field's kind, size and choices, and that the
// column returns it unchanged. It does not run Validators. The error is a [message.Message], unless the choices could not
// be loaded.
func (f *Field) Validate(ctx context.Context, v any) error {
	if f.HasChoices() {
		choices, err := f.ChoicesFor(ctx)
		if err != nil {
			return err
		}
		if Allows(choices, v) {
			return nil
		}
		return f.Message(message.New("invalid_choice", "“{value}” is not one of the choices.", message.Args{"value": fmt.Sprint(v)}))
	}
	if f.Kind.IsText() && f.Kind != KindIP {
		return f.validateText(v)
	}
	if err := f.Check(v); err != nil {
		if refused := Refused(err); refused != nil {
			return refused.Message()
		}
		return err
	}
	return nil
}

func (f *Field) validateText(v any) error {
	text, ok := textOf(v)
	if !ok {
		return nil
	}
	if refused := Refused(f.fitsText(text)); refused != nil {
		return refused.Message()
	}
	switch f.Kind {
	case KindSlug:
		for _, r := range text {
			if r != '-' && r != '_' && (r > unicodeASCII || !isLetterOrDigit(byte(r))) {
				return f.invalid("Use only letters, digits, hyphens and underscores.")
			}
		}
	case KindEmail:
		if !validEmail(text) {
			return f.invalid("Enter a valid email address.")
		}
	case KindURL:
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ftp" {
			return f.invalid("Enter a valid web address, such as https://example.org/.")
		}
	}
	return nil
}

const unicodeASCII = 127

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func validEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || len(text) > 254 {
		return false
	}
	local, domain, _ := strings.Cut(text, "@")
	if strings.ContainsAny(local, "\" ") || strings.Contains(domain, "@") || strings.Contains(domain, "_") {
		return false
	}
	return strings.Contains(domain, ".") && !strings.HasPrefix(domain, "[") || domain == "localhost"
}

// textOf returns the text of a string type, or of a type that stores itself as text.
func textOf(v any) (string, bool) {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.String {
		return rv.String(), true
	}
	if valuer, ok := v.(driver.Valuer); ok {
		if plain, err := valuer.Value(); err == nil {
			text, ok := plain.(string)
			return text, ok
		}
	}
	return "", false
}
