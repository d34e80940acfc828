package ddl

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
)

// literal returns a backfill as SQL in the form in which the ORM stores values of the type.
func literal(t dialect.Type, value any) (string, error) {
	switch v := value.(type) {
	case dialect.Expression:
		return "(" + string(v) + ")", nil
	case dialect.Now:
		return now(t)
	case time.Time:
		return quoteText(formatTime(t, v)), nil
	case time.Duration:
		return strconv.FormatInt(int64(v), 10), nil
	case []byte:
		if t == dialect.TypeJSON {
			return quoteText(string(v)), nil
		}
		return "X'" + hex.EncodeToString(v) + "'", nil
	}
	if t == dialect.TypeJSON {
		text, err := json.Marshal(value)
		if err != nil {
			return "", fmt.Errorf("backfill %v: %w", value, err)
		}
		return quoteText(string(text)), nil
	}
	rv := reflect.ValueOf(value)
	switch rv.Kind() {
	case reflect.Bool:
		if rv.Bool() {
			return "1", nil
		}
		return "0", nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(rv.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(rv.Uint(), 10), nil
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(rv.Float(), 'g', -1, 64), nil
	case reflect.String:
		return textLiteral(t, rv.String())
	}
	return "", fmt.Errorf("a backfill of type %T cannot be written as SQL; use a plain value, Now, or SQL(…)", value)
}

// textLiteral returns a text for a column, as after --default: numbers stay numbers, times get their stored form.
func textLiteral(t dialect.Type, text string) (string, error) {
	switch {
	case t.IsInteger(), t == dialect.TypeFloat, t == dialect.TypeDecimal:
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "", fmt.Errorf("backfill %q is not a number", text)
		}
		return text, nil
	case t == dialect.TypeBool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return "", fmt.Errorf("backfill %q is not true or false", text)
		}
		return literal(t, b)
	case t == dialect.TypeDateTime:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", time.DateOnly} {
			if at, err := time.Parse(layout, text); err == nil {
				return quoteText(formatTime(t, at)), nil
			}
		}
		return "", fmt.Errorf("backfill %q is not a time; write it as 2006-01-02T15:04:05Z", text)
	}
	return quoteText(text), nil
}

func now(t dialect.Type) (string, error) {
	switch t {
	case dialect.TypeDate:
		return "UTC_DATE()", nil
	case dialect.TypeTime:
		return "UTC_TIME(6)", nil
	case dialect.TypeDateTime:
		return "UTC_TIMESTAMP(6)", nil
	}
	return "", fmt.Errorf("backfill Now is for dates and times, not for %s", t)
}

func formatTime(t dialect.Type, at time.Time) string {
	switch t {
	case dialect.TypeDate:
		return at.Format(time.DateOnly)
	case dialect.TypeTime:
		return at.Format("15:04:05.999999")
	}
	return at.UTC().Format("2006-01-02 15:04:05.999999")
}
