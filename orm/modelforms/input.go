package modelforms

import (
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/duration"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// input returns the input for a field of the model.
func (f *Form) input(ctx context.Context, field *orm.Field) (*forms.Field, error) {
	input := &forms.Field{
		Name: field.Name, Label: capitalized(label(field)), Help: field.Help, Required: field.Required(),
		Widget: forms.Widget(field.Widget), Messages: field.ErrorMessages,
		Stored: !f.Adding, Disabled: !f.Adding && field.PrimaryKey, // a row keeps its key
	}
	if field.Relation != nil {
		return input, f.describeRelation(ctx, field, input)
	}
	describeKind(field, input)
	input.Format = func(v any) []string { return formatted(input.Kind, v, f.zone(input)) }
	if field.Kind == schema.KindBinary {
		input.Format = func(v any) []string {
			if bytes, ok := plain(v).([]byte); ok {
				return []string{hex.EncodeToString(bytes)}
			}
			return nil
		}
	}
	if field.HasChoices() {
		choices, err := field.ChoicesFor(ctx)
		if err != nil {
			return nil, err
		}
		describeChoices(choices, input)
	}
	if custom, ok := reflect.New(indirect(field.Type)).Interface().(FormFielder); ok {
		custom.FormField(input)
	}
	input.Initial = plain(field.Value(f.Object))
	if f.Adding && field.IsZero(f.Object) {
		input.Initial = nil
		if field.Default != nil {
			input.Initial = plain(field.Default())
		}
	}
	return input, nil
}

// FormFielder is implemented by types of fields that change their own form field: its widget, its hints, how it is parsed.
// The method is called on the zero value. An input of the type's kind, which shows the text of a value, is passed.
type FormFielder interface {
	FormField(input *forms.Field)
}

func indirect(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// zone returns the time zone in which times are shown and parsed.
func (f *Form) zone(input *forms.Field) *time.Location { return f.LocationOf(input) }

var kinds = map[schema.Kind]forms.Kind{
	schema.KindBigInt: forms.Integer, schema.KindInt: forms.Integer, schema.KindSmallInt: forms.Integer, schema.KindUint: forms.Integer,
	schema.KindBool: forms.Bool, schema.KindFloat: forms.Float, schema.KindDecimal: forms.Decimal,
	schema.KindChar: forms.Text, schema.KindText: forms.Text,
	schema.KindSlug: forms.Slug, schema.KindEmail: forms.Email, schema.KindURL: forms.URL,
	schema.KindDate: forms.Date, schema.KindTime: forms.Time,
	schema.KindDateTime: forms.DateTime, schema.KindDuration: forms.Duration, schema.KindUUID: forms.UUID, schema.KindJSON: forms.JSON,
}

func describeKind(field *orm.Field, input *forms.Field) {
	input.Kind = kinds[field.Kind]
	switch field.Kind {
	case schema.KindChar, schema.KindSlug, schema.KindEmail, schema.KindURL:
		input.MaxLength = field.Size
	case schema.KindText:
		input.MaxLength = field.Size
		if input.Widget == "" {
			input.Widget = forms.Textarea
		}
	case schema.KindBinary:
		describeBytes(input)
	case schema.KindDecimal:
		input.Digits, input.Decimals = field.Precision, field.Scale
	case schema.KindBool:
		input.Required = false
		if field.Null {
			input.Kind, input.Widget = forms.Choose, forms.Select
			input.Choices = []forms.Choice{{Label: "Unknown"}, {Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}}
		}
	case schema.KindBigInt, schema.KindInt, schema.KindSmallInt, schema.KindUint:
		input.Min, input.Max = bounds(field)
	}
}

// describeBytes configures an input for bytes as hexadecimal digits.
func describeBytes(input *forms.Field) {
	input.Widget = cmp.Or(input.Widget, forms.Textarea)
	if input.Help == "" {
		input.Help = "Bytes as hexadecimal digits, two for each byte."
	}
	input.Parse = func(sent []string) (any, error) {
		bytes, err := hex.DecodeString(strings.Join(strings.Fields(sent[0]), ""))
		if err != nil {
			return nil, message.New("invalid", "Please enter an even number of hexadecimal digits, such as 48 69.")
		}
		return bytes, nil
	}
}

// bounds returns the range of both the column and the Go type.
func bounds(field *orm.Field) (low, high any) {
	bits, unsigned := 64, field.Kind == schema.KindUint
	switch field.Kind {
	case schema.KindSmallInt:
		bits = 16
	case schema.KindInt:
		bits = 32
	}
	if t := field.Type; t != nil {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int:
			bits = min(bits, t.Bits())
		case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
			unsigned = true
			if t.Bits() < bits || bits < 64 && t.Bits() == bits {
				bits = t.Bits()
			}
		}
	}
	switch {
	case unsigned && bits < 64:
		return int64(0), int64(1)<<bits - 1
	case unsigned:
		return int64(0), int64(math.MaxInt64)
	case bits < 64:
		return int64(-1) << (bits - 1), int64(1)<<(bits-1) - 1
	}
	return nil, nil
}

// describeChoices configures an input for the choices of the model, and parses the submitted texts back to their values.
func describeChoices(choices []orm.Choice, input *forms.Field) {
	values := map[string]any{}
	input.Choices = nil
	for _, choice := range choices {
		key := text(choice.Value)
		values[key] = choice.Value
		input.Choices = append(input.Choices, forms.Choice{Value: key, Label: choice.Label, Group: choice.Group})
	}
	input.Kind, input.Min, input.Max, input.MaxLength = forms.Choose, nil, nil, 0
	if input.Widget == forms.Textarea {
		input.Widget = ""
	}
	input.Parse = func(raw []string) (any, error) { return values[raw[0]], nil }
}

func label(field *orm.Field) string {
	if field.Label != "" {
		return field.Label
	}
	return strings.ReplaceAll(field.Name, "_", " ")
}

func capitalized(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// plain returns the value of pointers. It is nil for nil pointers and NULL values of database/sql.
func plain(v any) any {
	v = schema.Indirect(v)
	if valuer, ok := v.(driver.Valuer); ok {
		if stored, err := valuer.Value(); err == nil && stored == nil {
			return nil
		}
	}
	return v
}

// formatted returns a value as the texts of an input.
func formatted(kind forms.Kind, v any, zone *time.Location) []string {
	v = plain(v)
	if v == nil {
		return nil
	}
	if kind == forms.JSON {
		return []string{jsonText(v)}
	}
	if t, ok := v.(time.Time); ok {
		return []string{timeText(kind, t, zone)}
	}
	return []string{text(v)}
}

func timeText(kind forms.Kind, t time.Time, zone *time.Location) string {
	if t.IsZero() && kind != forms.Time {
		return ""
	}
	layout := map[forms.Kind]string{forms.Date: time.DateOnly, forms.Time: "15:04"}[kind]
	if layout == "" {
		layout, t = "2006-01-02T15:04", t.In(zone)
	}
	if kind != forms.Date && (t.Second() != 0 || t.Nanosecond() >= int(time.Millisecond)) {
		layout += ":05.999" // inputs have no finer ones; an untouched input keeps the stored value
	}
	return t.Format(layout)
}

func jsonText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case json.RawMessage:
		return string(v)
	}
	encoded, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return ""
	}
	return string(encoded)
}

// text returns a value as its input submits it. Named strings and numbers are returned as stored.
func text(v any) string {
	v = plain(v)
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	case time.Duration:
		return duration.Format(v)
	case interface{ MarshalText() ([]byte, error) }:
		if encoded, err := v.MarshalText(); err == nil {
			return string(encoded)
		}
	case driver.Valuer:
		if stored, err := v.Value(); err == nil && reflect.TypeOf(stored) != reflect.TypeOf(v) {
			return text(stored)
		}
	}
	switch r := reflect.ValueOf(v); {
	case r.Kind() == reflect.String:
		return r.String()
	case r.CanInt():
		return strconv.FormatInt(r.Int(), 10)
	case r.CanUint():
		return strconv.FormatUint(r.Uint(), 10)
	case r.CanFloat():
		return strconv.FormatFloat(r.Float(), 'f', -1, 64)
	case r.Kind() == reflect.Bool:
		return strconv.FormatBool(r.Bool())
	}
	return fmt.Sprint(v)
}
