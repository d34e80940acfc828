package schema

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/duration"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/internal/datetime"
)

// Convert returns a value of the field's Go type made from v: from nil, from a pointer, from another number type within
// range, from text as forms and fixtures write it, or through the type's own Scan or UnmarshalText. Nil becomes a nil
// pointer or the zero value. Values of models without Go types are converted by their kind.
func (f *Field) Convert(v any) (any, error) {
	if f.Type == nil {
		return f.convertByKind(v)
	}
	if v != nil && reflect.TypeOf(v) == f.Type {
		return v, nil
	}
	target := reflect.New(f.Type).Elem()
	if v == nil {
		return target.Interface(), nil
	}
	if err := f.assign(target, v); err != nil {
		return nil, err
	}
	return target.Interface(), nil
}

var kindTypes = map[Kind]reflect.Type{
	KindBigInt: int64Type, KindInt: int64Type, KindSmallInt: int64Type, KindUint: int64Type, KindBool: boolType,
	KindFloat: float64Type, KindDecimal: stringType, KindChar: stringType, KindText: stringType, KindSlug: stringType,
	KindEmail: stringType, KindURL: stringType, KindDate: timeType, KindTime: timeType, KindDateTime: timeType,
	KindDuration: durationType, KindUUID: stringType, KindIP: stringType, KindBinary: reflect.TypeFor[[]byte](),
}

func (f *Field) convertByKind(v any) (any, error) {
	typ := kindTypes[f.ColumnKind()]
	if v == nil || typ == nil {
		return v, nil
	}
	target := reflect.New(typ).Elem()
	if err := f.assign(target, v); err != nil {
		return nil, err
	}
	return target.Interface(), nil
}

// assign stores v in target, following pointers on both sides.
func (f *Field) assign(target reflect.Value, v any) error {
	source := reflect.ValueOf(v)
	if !source.IsValid() { // NULL of a driver.Valuer
		target.SetZero()
		return nil
	}
	for source.Kind() == reflect.Pointer && source.Type() != target.Type() {
		if source.IsNil() {
			target.SetZero()
			return nil
		}
		source = source.Elem()
	}
	v = source.Interface()
	if source.Type().AssignableTo(target.Type()) {
		target.Set(source)
		return nil
	}
	if target.Kind() == reflect.Pointer {
		if s, ok := v.(string); ok && s == "" && !f.ColumnKind().IsText() {
			target.SetZero() // an empty input of a form
			return nil
		}
		fresh := reflect.New(target.Type().Elem())
		if err := f.assign(fresh.Elem(), v); err != nil {
			return err
		}
		target.Set(fresh)
		return nil
	}
	if f.Serialized() {
		return f.unmarshal(target, v)
	}
	if target.Type() == timeType {
		t, err := f.parseTime(v)
		if err != nil {
			return err
		}
		target.Set(reflect.ValueOf(t))
		return nil
	}
	if scanner, ok := target.Addr().Interface().(sql.Scanner); ok {
		if err := scanner.Scan(plainValue(v)); err != nil {
			return f.mismatch(v)
		}
		return nil
	}
	if valuer, ok := v.(driver.Valuer); ok && source.Kind() == reflect.Struct { // such as a decimal type of a library
		plain, err := valuer.Value()
		if err != nil || reflect.TypeOf(plain) == source.Type() {
			return f.mismatch(v)
		}
		return f.assign(target, plain)
	}
	if text, ok := v.(string); ok {
		return f.assignText(target, text)
	}
	if b, ok := v.([]byte); ok && target.Kind() == reflect.String {
		target.SetString(string(b))
		return nil
	}
	return f.assignKind(target, source)
}

// plainValue turns named strings and numbers into the types that Scan methods expect.
func plainValue(v any) any {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return rv.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return rv.Int()
	case reflect.Float32, reflect.Float64:
		return rv.Float()
	case reflect.Bool:
		return rv.Bool()
	}
	return v
}

func (f *Field) unmarshal(target reflect.Value, v any) error {
	var data []byte
	switch x := v.(type) {
	case string:
		data = []byte(x)
	case []byte:
		data = x
	default:
		encoded, err := json.Marshal(v)
		if err != nil {
			return f.mismatch(v)
		}
		data = encoded
	}
	if err := json.Unmarshal(data, target.Addr().Interface()); err != nil {
		return f.unfit(v, fmt.Sprintf("%s does not fit the field's type: %s", shortened(v), err),
			message.New("invalid", "Enter valid JSON."))
	}
	return nil
}

func (f *Field) assignText(target reflect.Value, text string) error {
	if target.Kind() == reflect.String {
		target.SetString(text)
		return nil
	}
	if u, ok := target.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if u.UnmarshalText([]byte(text)) != nil {
			return f.mismatch(text)
		}
		return nil
	}
	trimmed := strings.TrimSpace(text)
	switch target.Kind() {
	case reflect.Bool:
		b, err := parseBool(trimmed)
		if err != nil {
			return f.mismatch(text)
		}
		target.SetBool(b)
		return nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if target.Type() == durationType {
			d, err := duration.Parse(trimmed)
			if err != nil {
				return f.mismatch(text)
			}
			target.SetInt(int64(d))
			return nil
		}
		n, err := strconv.ParseInt(trimmed, 10, target.Type().Bits())
		if err != nil {
			return f.mismatch(text)
		}
		target.SetInt(n)
		return nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, err := strconv.ParseUint(trimmed, 10, target.Type().Bits())
		if err != nil {
			return f.mismatch(text)
		}
		target.SetUint(n)
		return nil
	case reflect.Float32, reflect.Float64:
		n, err := strconv.ParseFloat(trimmed, target.Type().Bits())
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return f.mismatch(text)
		}
		target.SetFloat(n)
		return nil
	case reflect.Slice:
		if target.Type().Elem().Kind() == reflect.Uint8 {
			target.SetBytes([]byte(text))
			return nil
		}
	}
	return f.mismatch(text)
}

func parseBool(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "on", "yes":
		return true, nil
	case "off", "no", "":
		return false, nil
	}
	return strconv.ParseBool(s)
}

// assignKind converts between Go's basic kinds without losing anything.
func (f *Field) assignKind(target, source reflect.Value) error {
	switch target.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, ok := wholeNumber(source)
		if !ok || target.OverflowInt(n) {
			return f.mismatch(source.Interface())
		}
		target.SetInt(n)
		return nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if source.CanUint() && !target.OverflowUint(source.Uint()) {
			target.SetUint(source.Uint())
			return nil
		}
		n, ok := wholeNumber(source)
		if !ok || n < 0 || target.OverflowUint(uint64(n)) {
			return f.mismatch(source.Interface())
		}
		target.SetUint(uint64(n))
		return nil
	case reflect.Float32, reflect.Float64:
		switch {
		case source.CanFloat():
			if target.OverflowFloat(source.Float()) {
				return f.mismatch(source.Interface())
			}
			target.SetFloat(source.Float())
		case source.CanInt():
			target.SetFloat(float64(source.Int()))
		case source.CanUint():
			target.SetFloat(float64(source.Uint()))
		default:
			return f.mismatch(source.Interface())
		}
		return nil
	case reflect.Bool:
		if source.Kind() == reflect.Bool {
			target.SetBool(source.Bool())
			return nil
		}
		if n, ok := wholeNumber(source); ok && (n == 0 || n == 1) {
			target.SetBool(n == 1)
			return nil
		}
	case reflect.String:
		if source.Kind() == reflect.String {
			target.SetString(source.String())
			return nil
		}
		if stringer, ok := source.Interface().(fmt.Stringer); ok {
			target.SetString(stringer.String())
			return nil
		}
		if source.CanFloat() {
			target.SetString(strconv.FormatFloat(source.Float(), 'f', -1, source.Type().Bits()))
			return nil
		}
		if source.CanInt() || source.CanUint() {
			target.SetString(fmt.Sprint(source.Interface()))
			return nil
		}
	default:
		if source.Type().ConvertibleTo(target.Type()) && source.Kind() == target.Kind() {
			target.Set(source.Convert(target.Type()))
			return nil
		}
	}
	return f.mismatch(source.Interface())
}

func wholeNumber(v reflect.Value) (int64, bool) {
	switch {
	case v.CanInt():
		return v.Int(), true
	case v.CanUint():
		return int64(v.Uint()), v.Uint() <= math.MaxInt64
	case v.CanFloat():
		n := v.Float()
		return int64(n), n == math.Trunc(n) && math.Abs(n) < 1<<53
	}
	return 0, false
}

func (f *Field) parseTime(v any) (time.Time, error) {
	switch x := v.(type) {
	case time.Time:
		return x, nil
	case []byte:
		return f.parseTime(string(x))
	case string:
		if t, ok := datetime.Parse(x); ok && (f.ColumnKind() == KindTime || t.Year() != 0) { // a time of day is no date
			return t, nil
		}
	case int64:
		return time.Unix(x, 0).UTC(), nil
	default:
		rv := reflect.ValueOf(v)
		if rv.Type().ConvertibleTo(timeType) {
			return rv.Convert(timeType).Interface().(time.Time), nil
		}
	}
	return time.Time{}, f.mismatch(v)
}

// mismatch returns the error for a value that is not of the field's kind.
func (f *Field) mismatch(v any) error {
	public := message.New("invalid", f.mismatchText(), message.Args{"value": shortened(v)})
	return f.unfit(v, fmt.Sprintf("%s is not %s", shortened(v), f.wanted()), public)
}

// mismatchText returns the text of the message for a value that is not of the field's kind.
func (f *Field) mismatchText() string {
	kind := f.ColumnKind()
	switch {
	case kind == KindUUID:
		return "{value} is not a UUID."
	case kind == KindIP:
		return "{value} is not an IP address."
	case kind == KindJSON:
		return "{value} is not JSON."
	case kind.IsText():
		return "{value} is not text."
	case kind.IsInteger():
		return "{value} is not a whole number."
	case kind.IsNumber():
		return "{value} is not a number."
	case kind == KindBool:
		return "{value} is not true or false."
	case kind == KindDate:
		return "{value} is not a date."
	case kind == KindTime:
		return "{value} is not a time."
	case kind == KindDateTime:
		return "{value} is not a date and time."
	case kind == KindDuration:
		return "{value} is not a duration."
	}
	return "{value} is not a valid value."
}

func (f *Field) wanted() string {
	kind := f.ColumnKind()
	switch kind {
	case KindUUID:
		return "a UUID"
	case KindIP:
		return "an IP address"
	case KindJSON:
		return "JSON"
	}
	return article(kind)
}

// ValueError reports a value that does not fit a field.
type ValueError struct {
	Field *Field
	Value any

	text   string
	public message.Message
}

// Error returns the value and the expected kind, such as `"x" is not a whole number`.
func (e *ValueError) Error() string { return e.text }

// Message returns the user-facing message, with the field's own text for its code if there is one.
func (e *ValueError) Message() message.Message { return e.Field.Message(e.public) }

// HTTPStatus returns 400, as values that do not fit come from the client.
func (e *ValueError) HTTPStatus() int { return 400 }
