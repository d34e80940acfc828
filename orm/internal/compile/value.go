package compile

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/duration"
	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/schema"
)

// problem returns the error of a value that the lookup does not take.
func (k *comparison) problem(text string, values ...any) error {
	return lookupError(k.model, k.path, k.lookup, text, values...)
}

// bound returns a value as it is bound: converted to the field's type, then to the database's form. For a number that no row can
// have it returns a [gap].
func (k *comparison) bound(v any) (any, error) {
	if v == nil {
		return nil, k.problem("nil is a value for exact and isnull only")
	}
	f := k.field
	if f == nil {
		if g, ok := k.gapOf(v); ok {
			return g, nil
		}
		return k.byKind(v)
	}
	v = k.keyIn(v)
	if f.Serialized() || k.kind == schema.KindJSON {
		return k.jsonText(v)
	}
	if k.kind.IsText() && !isText(v) {
		return nil, k.problem("%s takes text, not %s", k.lookup, describe(v))
	}
	if g, ok := k.gapOf(v); ok {
		return g, nil
	}
	converted, err := f.Convert(v)
	if err != nil {
		return nil, k.problem("%s", err)
	}
	plain, err := f.Encode(converted)
	if err != nil {
		return nil, k.problem("%s", err)
	}
	return plain, nil
}

// keyIn returns the key of an object that a relation or a primary key is compared with, and other values as they are.
func (k *comparison) keyIn(v any) any {
	f := k.field
	switch {
	case f.Relation != nil && f.Relation.To != nil:
		return keyOf(v, f.Relation.To, f.Relation.ToField)
	case f.PrimaryKey && f.Model != nil:
		return keyOf(v, f.Model, f)
	}
	return v
}

// keyOf returns the key of an object of a model, and other values as they are.
func keyOf(v any, m *schema.Model, key *schema.Field) any {
	if m.Type == nil || key == nil {
		return v
	}
	t := reflect.TypeOf(v)
	if t == m.Type || t.Kind() == reflect.Pointer && t.Elem() == m.Type {
		return key.Value(v)
	}
	return v
}

// byKind converts a value that is not compared with a field: parts of dates, annotations, keys in JSON.
func (k *comparison) byKind(v any) (any, error) {
	rv := reflect.ValueOf(v)
	switch {
	case k.kind.IsInteger() || k.kind == schema.KindDuration:
		return k.integer(v)
	case k.kind.IsNumber():
		switch {
		case rv.CanInt():
			return rv.Int(), nil
		case rv.CanFloat() && finite(rv.Float()):
			return rv.Float(), nil
		case rv.Kind() == reflect.String:
			if n, err := strconv.ParseFloat(strings.TrimSpace(rv.String()), 64); err == nil && finite(n) {
				return n, nil
			}
		}
		return nil, k.problem("%s is not a number", describe(v))
	case k.kind == schema.KindDate:
		t, err := k.timeValue(v)
		return t.Format(time.DateOnly), err
	case k.kind == schema.KindTime:
		t, err := k.timeValue(v)
		return t.Format(time.TimeOnly), err
	}
	switch rv.Kind() {
	case reflect.String:
		return rv.String(), nil
	case reflect.Bool:
		return rv.Bool(), nil
	}
	switch {
	case rv.CanInt():
		return rv.Int(), nil
	case rv.CanFloat() && finite(rv.Float()):
		return rv.Float(), nil
	case rv.CanFloat():
		return nil, k.problem("%s is not a number", describe(v))
	}
	if t, ok := v.(time.Time); ok {
		plain, err := (&schema.Field{Kind: schema.KindDateTime}).Encode(t)
		if err != nil {
			return nil, k.problem("%s", err)
		}
		return plain, nil
	}
	if valuer, ok := v.(driver.Valuer); ok { // such as a decimal type
		if plain, err := valuer.Value(); err == nil && reflect.TypeOf(plain) != reflect.TypeOf(v) {
			return k.byKind(plain)
		}
	}
	return nil, k.problem("values of type %T cannot be compared", v)
}

// integer converts a value that is compared with whole numbers or durations.
func (k *comparison) integer(v any) (any, error) {
	rv := reflect.ValueOf(v)
	switch {
	case rv.CanInt():
		return rv.Int(), nil
	case rv.CanUint():
		return int64(rv.Uint()), nil
	}
	if k.kind == schema.KindDuration {
		if rv.Kind() == reflect.String {
			if d, err := duration.Parse(rv.String()); err == nil {
				return int64(d), nil
			}
		}
		return nil, k.problem("%s is not a duration", describe(v))
	}
	if rv.Kind() == reflect.String {
		if n, err := strconv.ParseInt(strings.TrimSpace(rv.String()), 10, 64); err == nil {
			return n, nil
		}
	}
	return nil, k.problem("%s is not a whole number", describe(v))
}

// timeValue returns a date or a time of day, given as a value or as text.
func (k *comparison) timeValue(v any) (time.Time, error) {
	reader := schema.Field{Name: k.path, Kind: k.kind}
	converted, err := reader.Convert(v)
	if err == nil {
		if t, ok := converted.(time.Time); ok && (k.kind == schema.KindTime || datetime.Fits(t)) {
			return t, nil
		}
	}
	what := "date"
	if k.kind == schema.KindTime {
		what = "time"
	}
	return time.Time{}, k.problem("%s is not a %s", describe(v), what)
}

// jsonText returns a value as JSON. The value of a string field is JSON itself.
func (k *comparison) jsonText(v any) (any, error) {
	raw, isRaw := v.(json.RawMessage)
	if isRaw {
		return string(raw), nil
	}
	_, marshals := v.(json.Marshaler)
	if rv := reflect.ValueOf(v); !marshals && rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Uint8 {
		return string(rv.Bytes()), nil // JSON, as in json.RawMessage
	}
	whole := k.lookup == schema.Exact || k.lookup == "set"
	if f := k.field; whole && f != nil && !f.Serialized() && f.Type != nil && f.Type.Kind() == reflect.String {
		if rv := reflect.ValueOf(v); rv.Kind() == reflect.String {
			return rv.String(), nil
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, k.problem("%s", err)
	}
	return string(text), nil
}

// textValue returns the value of a lookup that searches text.
func (k *comparison) textValue() (string, error) {
	rv := reflect.ValueOf(k.value)
	if rv.Kind() != reflect.String {
		return "", k.problem("%s takes text, not %s", k.lookup, describe(k.value))
	}
	return rv.String(), nil
}

// list returns the values of a lookup that takes several: of a slice, or of text with commas, as in a URL.
func (k *comparison) list() ([]any, error) {
	rv := reflect.ValueOf(k.value)
	switch rv.Kind() {
	case reflect.String:
		var out []any
		for part := range strings.SplitSeq(rv.String(), ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
		return out, nil
	case reflect.Slice, reflect.Array:
		if rv.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		out := make([]any, rv.Len())
		for i := range out {
			out[i] = rv.Index(i).Interface()
		}
		return out, nil
	}
	return nil, k.problem("%s takes a list, not %s", k.lookup, describe(k.value))
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

func boolValue(v any) (bool, error) {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Bool:
		return rv.Bool(), nil
	case reflect.String:
		return strconv.ParseBool(rv.String())
	}
	return false, strconv.ErrSyntax
}

func isText(v any) bool {
	if _, ok := v.([]byte); ok {
		return true
	}
	if reflect.ValueOf(v).Kind() == reflect.String {
		return true
	}
	switch v.(type) {
	case fmt.Stringer, driver.Valuer: // types that are stored as text
		return true
	}
	return false
}

// dereference returns the value that pointers lead to; nil pointers become nil.
func dereference(v any) any {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		return nil
	}
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return nil
		}
		switch v := rv.Interface().(type) {
		case *Query, *Expr:
			return v
		}
		rv = rv.Elem()
	}
	return rv.Interface()
}

// describe returns a value for an error, shortened.
func describe(v any) string {
	rv := reflect.ValueOf(v)
	text := fmt.Sprintf("%v", v)
	if rv.Kind() == reflect.String {
		text = strconv.Quote(rv.String())
	}
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60]) + "…"
	}
	switch rv.Kind() {
	case reflect.String:
		return text
	case reflect.Invalid:
		return "nil"
	}
	return fmt.Sprintf("%s (%T)", text, v)
}
