package forms

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/duration"
	"github.com/quintetgo/quintet/framework/message"
)

// maxNumber is the length in bytes of the longest text that is parsed as a number.
const maxNumber = 60

// parseKind parses one value, which is not empty. Zone is that of a DateTime without one.
func (f *Field) parseKind(value string, zone *time.Location) (any, error) {
	switch f.kind() {
	case Integer:
		n, ok := parseInteger(value)
		if !ok {
			return nil, f.invalidText("Please enter a whole number.")
		}
		return n, f.checkBounds(n)
	case Float:
		n, ok := parseFloat(value)
		if !ok {
			return nil, f.invalidText("Please enter a number.")
		}
		return n, f.checkBounds(n)
	case Decimal:
		return f.parseDecimal(value)
	case Date, Time, DateTime:
		return f.parseTime(value, zone)
	case Duration:
		return f.parseDuration(value)
	case Email:
		if !validEmail(value) {
			return nil, f.invalidText("Please enter an email address, like name@example.org.")
		}
		return value, nil
	case URL:
		return f.parseURL(value)
	case Slug:
		if !validSlug(value) {
			return nil, f.invalidText("Please use only letters without accents, digits, hyphens and underscores.")
		}
		return value, nil
	case UUID:
		id, ok := canonicalUUID(value)
		if !ok {
			return nil, f.invalidText("Please enter a UUID, like 123e4567-e89b-12d3-a456-426614174000.")
		}
		return id, nil
	case JSON:
		return value, f.checkJSON(value)
	case Text, Choose, Bool:
		return value, nil
	}
	return nil, f.unknownKind() // the kind was changed after the form was created
}

// kinds lists all kinds.
var kinds = []Kind{
	Text, Email, URL, Slug, Integer, Float, Decimal, Bool, Date, Time, DateTime, Duration, UUID, JSON, Choose, MultipleChoice,
	FileUpload, FileUploads,
}

// unknownKind returns the error of a field whose kind does not exist.
func (f *Field) unknownKind() error {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = string(kind)
	}
	return fmt.Errorf("field %q has the unknown kind %q%s; the kinds are %s",
		f.Name, f.Kind, check.DidYouMean(string(f.Kind), names), strings.Join(names, ", "))
}

func parseInteger(value string) (n int64, ok bool) {
	if len(value) > maxNumber {
		return 0, false
	}
	n, err := strconv.ParseInt(value, 10, 64)
	return n, err == nil
}

// parseFloat parses a number in decimal digits. Numbers that overflow a float64, or underflow to zero, are invalid.
func parseFloat(value string) (n float64, ok bool) {
	if len(value) > maxNumber || strings.Trim(value, "+-.0123456789eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(value, 64)
	mantissa, _, _ := strings.Cut(strings.ToLower(value), "e")
	if err != nil || math.IsInf(n, 0) || n == 0 && strings.ContainsAny(mantissa, "123456789") {
		return 0, false
	}
	return n, true
}

// maxJSONDepth is the maximum depth of nested arrays and objects, the same as in package orm. Databases read at most 1,000
// levels, and a deeper document makes every query of its table fail.
const maxJSONDepth = 500

func (f *Field) checkJSON(value string) error {
	if depth := jsonDepth(value); depth > maxJSONDepth {
		return f.invalid(message.New("invalid", "This is nested {depth} levels deep. Please use at most {limit}.",
			message.Args{"depth": depth, "limit": maxJSONDepth}))
	}
	if json.Valid([]byte(value)) {
		return nil
	}
	var into any
	if err := json.Unmarshal([]byte(value), &into); err != nil {
		return f.invalid(message.New("invalid", "This is not valid JSON: {reason}.", message.Args{"reason": err.Error()}))
	}
	return nil
}

// jsonDepth returns the depth of nested brackets and braces outside of strings.
func jsonDepth(text string) int {
	depth, deepest, inString := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			depth++
			deepest = max(deepest, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return deepest
}

// parseDecimal parses digits with at most one point, and returns them without leading zeros.
func (f *Field) parseDecimal(value string) (any, error) {
	if len(value) > maxNumber {
		return nil, f.invalidText("Please enter a number.")
	}
	sign, digits := "", strings.TrimPrefix(value, "+")
	if unsigned, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", unsigned
	}
	integer, fraction, point := strings.Cut(digits, ".")
	if strings.Trim(integer+fraction, "0123456789") != "" || integer+fraction == "" || point && fraction == "" {
		return nil, f.invalidText("Please enter a number.")
	}
	integer = strings.TrimLeft(integer, "0")
	if f.Digits > 0 {
		if len(fraction) > f.Decimals {
			return nil, f.invalid(message.Message{
				Code:   "max_decimal_places",
				Text:   "Please use at most {limit} digit after the point.",
				Plural: "Please use at most {limit} digits after the point.",
				Count:  "limit",
				Args:   message.Args{"limit": f.Decimals},
			})
		}
		if len(integer) > f.Digits-f.Decimals {
			return nil, f.invalid(message.Message{
				Code:   "max_whole_digits",
				Text:   "Please use at most {limit} digit before the point.",
				Plural: "Please use at most {limit} digits before the point.",
				Count:  "limit",
				Args:   message.Args{"limit": f.Digits - f.Decimals},
			})
		}
	}
	if integer == "" {
		integer = "0"
	}
	out := sign + integer
	if fraction != "" {
		out += "." + fraction
	}
	if f.Min != nil || f.Max != nil {
		n, err := strconv.ParseFloat(out, 64)
		if err != nil {
			return nil, f.invalidText("Please enter a number.")
		}
		return out, f.checkBounds(n)
	}
	return out, nil
}

// parseDuration parses the notations of package duration: 1:30:00, 15:30, 4 days, 1h30m, P1DT2H.
func (f *Field) parseDuration(value string) (any, error) {
	d, err := duration.Parse(value)
	if e, ok := errors.AsType[*duration.Error](err); ok && e.Reason != "" {
		return nil, f.invalid(message.New("invalid", "This is not a duration: {reason}.", message.Args{"reason": e.Reason}))
	}
	if err != nil {
		return nil, f.invalidText("Please enter a duration, like 1:30:00 for hours, 15:30 for minutes and seconds, 4 days, or 1h30m.")
	}
	return d, f.checkBounds(d)
}

// checkBounds compares a number, duration or time with Min and Max. Numbers of different types are compared by value.
func (f *Field) checkBounds(value any) error {
	if order, ok := compare(value, f.Min); ok && order < 0 {
		return f.invalid(message.New("min_value", "Please enter {limit} or more.", message.Args{"limit": f.limit(f.Min)}))
	}
	if order, ok := compare(value, f.Max); ok && order > 0 {
		return f.invalid(message.New("max_value", "Please enter {limit} or less.", message.Args{"limit": f.limit(f.Max)}))
	}
	return nil
}

// limit returns a bound as the argument of a message: numbers as they are, times and durations as their input shows them.
func (f *Field) limit(bound any) any {
	switch bound.(type) {
	case int, int64, float64:
		return bound
	}
	return formatValue(f.kind(), bound, nil)
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

// format returns a value as the texts of its input.
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
			out[i] = formatValue(field.kind(), v.Index(i).Interface(), f.LocationOf(field))
		}
		return out
	}
	return []string{formatValue(field.kind(), v.Interface(), f.LocationOf(field))}
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
		return duration.Format(value)
	case interface{ MarshalText() ([]byte, error) }:
		if text, err := value.MarshalText(); err == nil {
			return string(text)
		}
	}
	if v := reflect.ValueOf(value); v.Kind() == reflect.Pointer && !v.IsNil() {
		return formatValue(kind, v.Elem().Interface(), location)
	} else if v.Kind() == reflect.String {
		return v.String() // named types are formatted as stored, not by String
	} else if v.CanInt() {
		return strconv.FormatInt(v.Int(), 10)
	} else if v.CanUint() {
		return strconv.FormatUint(v.Uint(), 10)
	}
	return fmt.Sprint(value)
}
