package schema

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"time"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/internal/decimal"
)

// DBValue returns what is written to the database for the field's value in obj. Times are in UTC and truncated
// to microseconds, so that equal times compare equal on every database. A value that the column could not give back is a
// [*ValueError]. A field inside an embedded struct whose pointer is nil is NULL where the column takes it.
func (f *Field) DBValue(ctx context.Context, obj any) (any, error) {
	if f.Serialized() {
		return f.serialize(ctx, obj)
	}
	v := f.Value(obj)
	if v == nil && !f.Null && f.Type != nil { // inside an embedded struct whose pointer is nil
		v = reflect.Zero(f.Type).Interface()
	}
	return f.Stored(v)
}

// Stored returns what is written to the database for a value of the field's Go type: the result of [Field.Encode],
// if the column has room for it. Floats are rounded to the decimal places that a decimal column declares.
func (f *Field) Stored(v any) (any, error) {
	plain, err := f.Encode(v)
	if err != nil {
		return nil, err
	}
	switch kind := f.ColumnKind(); {
	case kind == KindDecimal:
		return f.fitDecimal(v, plain)
	case kind.IsText():
		if text, ok := plain.(string); ok {
			return plain, f.fitsText(text)
		}
	}
	return plain, nil
}

func (f *Field) serialize(ctx context.Context, obj any) (any, error) {
	gf := f.access.gorm
	rv := reflect.ValueOf(obj)
	for rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if f.Null && f.IsZero(obj) {
		return nil, nil
	}
	v, err := gf.Serializer.Value(ctx, gf, rv, f.Value(obj))
	if err != nil {
		return nil, f.unfit(f.Value(obj), err.Error(), errNotStorable)
	}
	if v == nil && f.Kind == KindJSON {
		return "null", nil // JSON's own, as the column takes no NULL
	}
	if _, isTime := v.(time.Time); isTime || f.Kind == KindJSON {
		return f.storable(v)
	}
	return v, nil
}

// Encode returns what is written to the database, or compared with a column, for a value of the field's Go type. A value
// that the column could not give back is a [*ValueError]: a float that is no number, a year beyond 9999, a text that is
// no decimal, broken JSON.
func (f *Field) Encode(v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case int:
		v = int64(x)
	case *time.Time:
		if x == nil {
			return nil, nil
		}
		v = *x
	}
	switch v.(type) {
	case int64, string, bool, float64, time.Time, []byte:
		return f.storable(v)
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return nil, nil
	}
	if valuer, ok := v.(driver.Valuer); ok {
		plain, err := valuer.Value()
		if err != nil {
			return nil, f.unfit(v, err.Error(), errNotStorable)
		}
		if text, isText := plain.(string); isText && text == "" && f.ColumnKind() == KindDecimal && rv.Kind() == reflect.Struct &&
			rv.IsZero() {
			return int64(0), nil // the zero value of a type for decimals
		}
		return f.storable(plain)
	}
	if rv.Kind() == reflect.Pointer {
		return f.Encode(rv.Elem().Interface())
	}
	switch {
	case rv.CanInt():
		return f.storable(rv.Int())
	case rv.CanUint():
		if rv.Uint() > math.MaxInt64 {
			return nil, f.unfit(v, fmt.Sprintf("%d is larger than %d, the largest whole number that can be stored", rv.Uint(),
				int64(math.MaxInt64)),
				message.New("max_value", "Enter a number up to {limit}.", message.Args{"limit": int64(math.MaxInt64)}))
		}
		return f.storable(int64(rv.Uint()))
	case rv.CanFloat():
		return f.storable(rv.Float())
	case rv.Kind() == reflect.String:
		return f.storable(rv.String())
	case rv.Kind() == reflect.Bool:
		return rv.Bool(), nil
	case rv.Type().ConvertibleTo(timeType):
		return f.storable(rv.Convert(timeType).Interface())
	case rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Uint8:
		return f.storable(rv.Bytes())
	case rv.Type() == addressType:
		text, err := v.(netip.Addr).MarshalText()
		if err != nil {
			return nil, f.unfit(v, err.Error(), errNotStorable)
		}
		return f.storable(string(text))
	}
	return nil, fmt.Errorf("orm: %s: values of type %T cannot be stored", f, v)
}

// storable returns the form in which a driver's value is stored. A value that the column could not return is an error.
func (f *Field) storable(v any) (any, error) {
	kind := f.ColumnKind()
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, f.unfit(x, fmt.Sprintf("%v is not a number that can be stored", x), message.New("invalid", "Enter a number."))
		}
	case time.Time:
		return f.timeToDB(x)
	case []byte:
		switch {
		case kind == KindJSON && len(x) == 0:
			if f.Null && x == nil {
				return nil, nil
			}
			return "null", nil
		case kind == KindJSON, kind == KindDecimal:
			return f.storable(string(x))
		case x == nil && !f.Null:
			return []byte{}, nil
		case x == nil:
			return nil, nil
		}
	case string:
		switch kind {
		case KindJSON:
			return x, f.checkJSON(x)
		case KindIP:
			return f.ipText(x)
		}
	}
	if kind == KindDecimal && v != nil {
		return f.decimalToDB(v)
	}
	return v, nil
}

func (f *Field) timeToDB(t time.Time) (any, error) {
	kind := f.ColumnKind()
	if kind == KindTime {
		return t.Format("15:04:05.999999"), nil
	}
	if kind != KindDate {
		t = t.UTC().Truncate(time.Microsecond)
	}
	if !datetime.Fits(t) {
		zone := ""
		if kind != KindDate {
			zone = " in UTC"
		}
		text := fmt.Sprintf("the year %d%s is outside of %d to %d", t.Year(), zone, datetime.MinYear, datetime.MaxYear)
		return nil, f.unfit(t, text, message.New("invalid", "Enter a date with a year from {min} to {max} (in UTC).",
			message.Args{"min": datetime.MinYear, "max": datetime.MaxYear}))
	}
	if kind == KindDate {
		return t.Format(time.DateOnly), nil
	}
	return t, nil
}

// fitsText reports text that no database stores, or that is longer than the column.
func (f *Field) fitsText(text string) error {
	if !StorableText(text) {
		return f.unfit(text, shortened(text)+" holds characters that cannot be stored",
			message.New("invalid", "This text contains characters that cannot be stored."))
	}
	if n := utf8.RuneCountInString(text); f.Size > 0 && n > f.Size {
		return f.unfit(text, fmt.Sprintf("%s is longer than %d characters", shortened(text), f.Size), message.Message{
			Code: "max_length", Text: "Use at most {limit} character (this has {length}).",
			Plural: "Use at most {limit} characters (this has {length}).",
			Count:  "limit", Args: message.Args{"limit": f.Size, "length": n},
		})
	}
	return nil
}

// Check reports why a value of the field's Go type cannot be written to the column, as a [*ValueError]: what [Field.Encode]
// refuses, digits that a decimal has no room for, text that is too long, and whole numbers outside of the kind's range.
func (f *Field) Check(v any) error {
	if f.Serialized() { // the serializer needs the object; DBValue checks what it makes
		return nil
	}
	if lo, hi, ok := f.Limits(); ok {
		if n, isInt := wholeNumber(reflect.ValueOf(Indirect(v))); isInt && (n < lo || n > hi) {
			return f.unfit(v, fmt.Sprintf("%d is outside of %d to %d", n, lo, hi),
				message.New("invalid", "Enter a number from {min} to {max}.", message.Args{"min": lo, "max": hi}))
		}
	}
	text, isText := Indirect(v).(string)
	if plain, ok := textOf(Indirect(v)); ok && f.ColumnKind().IsText() {
		if err := f.fitsText(plain); err != nil {
			return err
		}
	}
	if f.ColumnKind() == KindIP {
		if err := f.checkAddress(addressText(v)); err != nil {
			return err
		}
	}
	if data, ok := Indirect(v).([]byte); ok && f.Kind == KindBinary && f.Size > 0 && len(data) > f.Size {
		return f.unfit(v, fmt.Sprintf("%d bytes are more than %d", len(data), f.Size), message.Message{
			Code: "max_length", Text: "Use at most {limit} byte (this has {length}).",
			Plural: "Use at most {limit} bytes (this has {length}).",
			Count:  "limit", Args: message.Args{"limit": f.Size, "length": len(data)},
		})
	}
	if f.ColumnKind() == KindDecimal && isText {
		if _, ok := decimal.Parse(text); !ok { // exponents are not accepted as input
			return f.unfit(v, shortened(text)+" is not a number", message.New("invalid", "Enter a number, such as 12.50."))
		}
	}
	_, err := f.Stored(v)
	return err
}

// Limits returns the least and the greatest whole number that the field holds. It is false for other kinds.
func (f *Field) Limits() (lo, hi int64, ok bool) {
	kind := f.ColumnKind()
	if !kind.IsInteger() {
		return 0, 0, false
	}
	lo, hi = math.MinInt64, math.MaxInt64
	switch kind {
	case KindSmallInt:
		lo, hi = math.MinInt16, math.MaxInt16
	case KindInt:
		lo, hi = math.MinInt32, math.MaxInt32
	case KindUint:
		lo = 0
	}
	t := f.Type
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && Nullable(t) != nil {
		t = Nullable(t)
	}
	switch {
	case t == nil:
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		bits := t.Bits()
		lo, hi = max(lo, math.MinInt64>>(64-bits)), min(hi, math.MaxInt64>>(64-bits))
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64:
		lo = 0
		if bits := t.Bits(); bits < 64 {
			hi = min(hi, 1<<bits-1)
		}
	}
	return lo, hi, true
}

// errNotStorable is the user-facing message for a value that its type cannot convert into one for the database.
var errNotStorable = message.New("invalid", "This value cannot be stored.")

// unfit returns a ValueError with a text for programmers and a user-facing message.
func (f *Field) unfit(v any, text string, public message.Message) *ValueError {
	return &ValueError{Field: f, Value: v, text: text, public: public}
}

// Refused returns err as a [*ValueError], or nil if it is another error.
func Refused(err error) *ValueError {
	e, _ := errors.AsType[*ValueError](err)
	return e
}
