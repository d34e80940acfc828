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

// literal returns a backfill as SQL.
func literal(t dialect.Type, value any) (string, error) {
	switch v := value.(type) {
	case dialect.Expression:
		return "(" + string(v) + ")", nil
	case dialect.Now:
		return now(t)
	case time.Time:
		return quoteString(formatTime(t, v)), nil
	case time.Duration:
		return strconv.FormatInt(int64(v), 10), nil
	case []byte:
		if t == dialect.TypeJSON {
			return quoteString(string(v)), nil
		}
		return "decode('" + hex.EncodeToString(v) + "', 'hex')", nil
	}
	if t == dialect.TypeJSON {
		text, err := json.Marshal(value)
		if err != nil {
			return "", fmt.Errorf("backfill %v: %w", value, err)
		}
		return quoteString(string(text)), nil
	}
	rv := reflect.ValueOf(value)
	switch rv.Kind() {
	case reflect.Bool:
		return boolLiteral(t, rv.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return numberLiteral(t, strconv.FormatInt(rv.Int(), 10)), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return numberLiteral(t, strconv.FormatUint(rv.Uint(), 10)), nil
	case reflect.Float32, reflect.Float64:
		return numberLiteral(t, strconv.FormatFloat(rv.Float(), 'g', -1, 64)), nil
	case reflect.String:
		return textLiteral(t, rv.String())
	}
	return "", fmt.Errorf("a backfill of type %T cannot be written as SQL; use a plain value, Now, or SQL(…)", value)
}

// numberLiteral returns a number, as text for a column of text, which PostgreSQL does not convert.
func numberLiteral(t dialect.Type, number string) string {
	switch {
	case t.IsText():
		return quoteString(number)
	case t == dialect.TypeBool:
		return boolLiteral(t, number != "0")
	}
	return number
}

func boolLiteral(t dialect.Type, b bool) string {
	switch {
	case isNumber(t) && b:
		return "1"
	case isNumber(t):
		return "0"
	}
	return strconv.FormatBool(b)
}

// textLiteral returns a text for a column, as after --default: numbers stay numbers.
func textLiteral(t dialect.Type, text string) (string, error) {
	switch {
	case isNumber(t):
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "", fmt.Errorf("backfill %q is not a number", text)
		}
		return text, nil
	case t == dialect.TypeBool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return "", fmt.Errorf("backfill %q is not true or false", text)
		}
		return strconv.FormatBool(b), nil
	case t == dialect.TypeDateTime:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", time.DateOnly} {
			if at, err := time.Parse(layout, text); err == nil {
				return quoteString(formatTime(t, at)), nil
			}
		}
		return "", fmt.Errorf("backfill %q is not a time; write it as 2006-01-02T15:04:05Z", text)
	}
	return quoteString(text), nil
}

func now(t dialect.Type) (string, error) {
	switch t {
	case dialect.TypeDate:
		return "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date", nil
	case dialect.TypeTime:
		return "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::time", nil
	case dialect.TypeDateTime:
		return "CURRENT_TIMESTAMP", nil
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
	return at.UTC().Format("2006-01-02 15:04:05.999999-07:00")
}
