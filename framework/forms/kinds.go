package forms

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// maxNumber is the longest text that is read as a number.
const maxNumber = 60

// parseKind turns one value, which is not empty, into the type of the field's kind.
func (f *Form) parseKind(field *Field, value string) (any, error) {
	switch field.kind() {
	case Integer:
		n, err := strconv.ParseInt(strings.TrimPrefix(value, "+"), 10, 64)
		if err != nil || strings.HasPrefix(value, "+-") {
			return nil, field.message("invalid", "Please enter a whole number.")
		}
		return n, field.checkBounds(n)
	case Float:
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || len(value) > maxNumber || strings.Trim(value, "+-.0123456789eE") != "" || math.IsInf(n, 0) {
			return nil, field.message("invalid", "Please enter a number.")
		}
		return n, field.checkBounds(n)
	case Decimal:
		return field.parseDecimal(value)
	case Date, Time, DateTime:
		return f.parseTime(field, value)
	case Duration:
		return field.parseDuration(value)
	case Email:
		if !validEmail(value) {
			return nil, field.message("invalid", "Please enter an email address, like name@example.org.")
		}
		return value, nil
	case URL:
		return field.parseURL(value)
	case Slug:
		if !validSlug(value) {
			return nil, field.message("invalid", "Please use only letters without accents, digits, hyphens and underscores.")
		}
		return value, nil
	case UUID:
		id, ok := canonicalUUID(value)
		if !ok {
			return nil, field.message("invalid", "Please enter a UUID, like 123e4567-e89b-12d3-a456-426614174000.")
		}
		return id, nil
	case JSON:
		return value, field.checkJSON(value)
	}
	return value, nil
}

func (f *Field) checkJSON(value string) error {
	if json.Valid([]byte(value)) {
		return nil
	}
	var into any
	if err := json.Unmarshal([]byte(value), &into); err != nil {
		return f.message("invalid", "This is not valid JSON: %s.", err)
	}
	return nil
}

// parseDecimal reads digits with at most one point and returns them without needless zeros in front.
func (f *Field) parseDecimal(value string) (any, error) {
	invalid := f.message("invalid", "Please enter a number.")
	if len(value) > maxNumber {
		return nil, invalid
	}
	sign, digits := "", strings.TrimPrefix(value, "+")
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	}
	whole, fraction, point := strings.Cut(digits, ".")
	if strings.Trim(whole+fraction, "0123456789") != "" || whole+fraction == "" || point && fraction == "" {
		return nil, invalid
	}
	whole = strings.TrimLeft(whole, "0")
	if f.Digits > 0 {
		if len(fraction) > f.Decimals {
			return nil, f.message("invalid", "Please use at most %d digits after the point.", f.Decimals)
		}
		if len(whole) > f.Digits-f.Decimals {
			return nil, f.message("invalid", "Please use at most %d digits before the point.", f.Digits-f.Decimals)
		}
	}
	if whole == "" {
		whole = "0"
	}
	out := sign + whole
	if fraction != "" {
		out += "." + fraction
	}
	if f.Min != nil || f.Max != nil {
		n, err := strconv.ParseFloat(out, 64)
		if err != nil {
			return nil, invalid
		}
		return out, f.checkBounds(n)
	}
	return out, nil
}

// parseDuration reads what time.Duration writes (1h30m) and clock time (1:30, 1:30:05).
func (f *Field) parseDuration(value string) (any, error) {
	invalid := f.message("invalid", "Please enter a duration, like 1h30m or 1:30:00.")
	if len(value) > maxNumber {
		return nil, invalid
	}
	if d, err := time.ParseDuration(strings.ReplaceAll(value, " ", "")); err == nil {
		return d, f.checkBounds(d)
	}
	parts := strings.Split(value, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return nil, invalid
	}
	var seconds int64
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil || i > 0 && n > 59 || i == 0 && n > 1_000_000 {
			return nil, invalid
		}
		seconds = seconds*60 + int64(n)
	}
	if len(parts) == 2 {
		seconds *= 60
	}
	d := time.Duration(seconds) * time.Second
	return d, f.checkBounds(d)
}

// checkBounds compares a number, duration or time with Min and Max. Bounds of another type of
// number are compared by value.
func (f *Field) checkBounds(value any) error {
	if order, ok := compare(value, f.Min); ok && order < 0 {
		return f.message("min", "Please enter %s or more.", formatValue(f.kind(), f.Min, nil))
	}
	if order, ok := compare(value, f.Max); ok && order > 0 {
		return f.message("max", "Please enter %s or less.", formatValue(f.kind(), f.Max, nil))
	}
	return nil
}

func compare(value, bound any) (order int, ok bool) {
	if bound == nil {
		return 0, false
	}
	if t, isTime := value.(time.Time); isTime {
		limit, isTime := bound.(time.Time)
		return t.Compare(limit), isTime
	}
	v, b := reflect.ValueOf(value), reflect.ValueOf(bound)
	if b.Kind() == reflect.Pointer {
		if b.IsNil() {
			return 0, false
		}
		return compare(value, b.Elem().Interface())
	}
	switch {
	case v.CanInt() && b.CanInt():
		return cmp.Compare(v.Int(), b.Int()), true
	case v.CanInt() && b.CanUint():
		if v.Int() < 0 {
			return -1, true
		}
		return cmp.Compare(uint64(v.Int()), b.Uint()), true
	case v.CanInt() && b.CanFloat():
		return cmp.Compare(float64(v.Int()), b.Float()), true
	case v.CanFloat() && b.CanFloat():
		return cmp.Compare(v.Float(), b.Float()), true
	case v.CanFloat() && b.CanInt():
		return cmp.Compare(v.Float(), float64(b.Int())), true
	case v.CanFloat() && b.CanUint():
		return cmp.Compare(v.Float(), float64(b.Uint())), true
	}
	return 0, false
}

// format writes a value the way its input wants it.
func (f *Form) format(field *Field, value any) []string {
	if field.Format != nil {
		return field.Format(value)
	}
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer && !v.IsNil() && !isTextual(v) {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8 {
		out := make([]string, v.Len())
		for i := range out {
			out[i] = formatValue(field.kind(), v.Index(i).Interface(), f.location(field))
		}
		return out
	}
	return []string{formatValue(field.kind(), v.Interface(), f.location(field))}
}

func isTextual(v reflect.Value) bool {
	_, ok := v.Interface().(interface{ MarshalText() ([]byte, error) })
	return ok
}

func formatValue(kind Kind, value any, location *time.Location) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case []byte:
		return string(value)
	case bool:
		return strconv.FormatBool(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(value), 'f', -1, 32)
	case time.Time:
		return formatTime(kind, value, location)
	case time.Duration:
		return value.String()
	case interface{ MarshalText() ([]byte, error) }:
		if text, err := value.MarshalText(); err == nil {
			return string(text)
		}
	}
	if v := reflect.ValueOf(value); v.Kind() == reflect.Pointer && !v.IsNil() {
		return formatValue(kind, v.Elem().Interface(), location)
	} else if v.Kind() == reflect.String {
		return v.String() // named types are written as stored, not through String
	} else if v.CanInt() {
		return strconv.FormatInt(v.Int(), 10)
	} else if v.CanUint() {
		return strconv.FormatUint(v.Uint(), 10)
	}
	return fmt.Sprint(value)
}
