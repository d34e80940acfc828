// Package operand converts the Go values of lookups, assignments and expressions to the values that statements bind.
package operand

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
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/schema"
)

// Target is what a value is compared with or assigned to.
type Target struct {
	Kind   schema.Kind
	Field  *schema.Field // converts values; nil if only the kind is known
	Model  *schema.Model // for errors
	Path   string
	Lookup string

	Dialect dialect.Dialect // of the database that gets the value
}

// SQL is implemented by values that are written as SQL rather than bound.
type SQL interface{ WrittenAsSQL() }

// Problem returns the error of a value that the lookup does not take.
func (k *Target) Problem(text string, values ...any) error {
	return &schema.LookupError{Model: k.Model, Path: k.Path, Part: k.Lookup, Problem: fmt.Sprintf(text, values...)}
}

// Bound returns a value as it is bound: converted to the field's type, then to the database's form. For a number that no row can
// have it returns a [Gap].
func (k *Target) Bound(v any) (any, error) {
	if v == nil {
		return nil, k.Problem("nil is a value for exact and isnull only")
	}
	f := k.Field
	if f == nil {
		if g, ok := k.gapOf(v); ok {
			return g, nil
		}
		return k.byKind(v)
	}
	v = k.keyIn(v)
	if f.Serialized() || k.Kind == schema.KindJSON {
		return k.JSON(v)
	}
	if k.Kind.IsText() && !isText(v) {
		return nil, k.Problem("%s takes text, not %s", k.Lookup, Describe(v))
	}
	if g, ok := k.gapOf(v); ok {
		return g, nil
	}
	converted, err := f.Convert(v)
	if err != nil {
		return nil, k.Problem("%s", err)
	}
	plain, err := f.Encode(converted)
	if err == nil && k.Dialect != nil {
		err = f.FitsDatabase(plain, k.Dialect)
	}
	if err != nil {
		return nil, k.Problem("%s", err)
	}
	return plain, nil
}

// keyIn returns the key of an object that a relation or a primary key is compared with, and other values as they are.
func (k *Target) keyIn(v any) any {
	f := k.Field
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
func (k *Target) byKind(v any) (any, error) {
	rv := reflect.ValueOf(v)
	switch {
	case k.Kind.IsInteger() || k.Kind == schema.KindDuration:
		return k.integer(v)
	case k.Kind.IsNumber():
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
		return nil, k.Problem("%s is not a number", Describe(v))
	case k.Kind == schema.KindDate:
		t, err := k.Time(v)
		return t.Format(time.DateOnly), err
	case k.Kind == schema.KindTime:
		t, err := k.Time(v)
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
		return nil, k.Problem("%s is not a number", Describe(v))
	}
	if t, ok := v.(time.Time); ok {
		plain, err := (&schema.Field{Kind: schema.KindDateTime}).Encode(t)
		if err != nil {
			return nil, k.Problem("%s", err)
		}
		return plain, nil
	}
	if valuer, ok := v.(driver.Valuer); ok { // such as a decimal type
		if plain, err := valuer.Value(); err == nil && reflect.TypeOf(plain) != reflect.TypeOf(v) {
			return k.byKind(plain)
		}
	}
	return nil, k.Problem("values of type %T cannot be compared", v)
}

// integer converts a value that is compared with whole numbers or durations.
func (k *Target) integer(v any) (any, error) {
	rv := reflect.ValueOf(v)
	switch {
	case rv.CanInt():
		return rv.Int(), nil
	case rv.CanUint():
		return int64(rv.Uint()), nil
	}
	if k.Kind == schema.KindDuration {
		if rv.Kind() == reflect.String {
			if d, err := duration.Parse(rv.String()); err == nil {
				return int64(d), nil
			}
		}
		return nil, k.Problem("%s is not a duration", Describe(v))
	}
	if rv.Kind() == reflect.String {
		if n, err := strconv.ParseInt(strings.TrimSpace(rv.String()), 10, 64); err == nil {
			return n, nil
		}
	}
	return nil, k.Problem("%s is not a whole number", Describe(v))
}

// Time returns a date or a time of day, given as a value or as text.
func (k *Target) Time(v any) (time.Time, error) {
	reader := schema.Field{Name: k.Path, Kind: k.Kind}
	converted, err := reader.Convert(v)
	if err == nil {
		if t, ok := converted.(time.Time); ok && (k.Kind == schema.KindTime || datetime.Fits(t)) {
			return t, nil
		}
	}
	what := "date"
	if k.Kind == schema.KindTime {
		what = "time"
	}
	return time.Time{}, k.Problem("%s is not a %s", Describe(v), what)
}

// JSON returns a value as JSON. The value of a string field is JSON itself.
func (k *Target) JSON(v any) (any, error) {
	raw, isRaw := v.(json.RawMessage)
	if isRaw {
		return string(raw), nil
	}
	_, marshals := v.(json.Marshaler)
	if rv := reflect.ValueOf(v); !marshals && rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Uint8 {
		return string(rv.Bytes()), nil // JSON, as in json.RawMessage
	}
	whole := k.Lookup == schema.Exact || k.Lookup == "set"
	if f := k.Field; whole && f != nil && !f.Serialized() && f.Type != nil && f.Type.Kind() == reflect.String {
		if rv := reflect.ValueOf(v); rv.Kind() == reflect.String {
			return rv.String(), nil
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, k.Problem("%s", err)
	}
	return string(text), nil
}

// Text returns the value of a lookup that searches text.
func (k *Target) Text(v any) (string, error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.String {
		return "", k.Problem("%s takes text, not %s", k.Lookup, Describe(v))
	}
	return rv.String(), nil
}

// List returns the values of a lookup that takes several: of a slice, or of text with commas, as in a URL.
func (k *Target) List(v any) ([]any, error) {
	rv := reflect.ValueOf(v)
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
	return nil, k.Problem("%s takes a list, not %s", k.Lookup, Describe(v))
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// Bool returns a bool, also of a text such as "true".
func Bool(v any) (bool, error) {
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

// Dereference returns the value that pointers lead to; nil pointers become nil.
func Dereference(v any) any {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		return nil
	}
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return nil
		}
		switch v := rv.Interface().(type) {
		case SQL:
			return v
		}
		rv = rv.Elem()
	}
	return rv.Interface()
}

// Describe returns a value for an error, shortened.
func Describe(v any) string {
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
