package plan

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/state"
)

// zero returns the backfill of a column that comes back NOT NULL when an operation is undone, if its kind has an obvious one.
func zero(c column) any {
	switch {
	case c.ref != (reference{}), c.primary:
		return nil
	case c.kind.IsInteger(), c.kind == state.KindFloat, c.kind == state.KindDecimal:
		return 0
	case c.kind == state.KindBool:
		return false
	case c.kind.IsText():
		return ""
	case c.kind == state.KindBinary:
		return []byte{}
	case c.kind == state.KindJSON:
		return state.SQL("'null'")
	case c.kind == state.KindDate, c.kind == state.KindTime, c.kind == state.KindDateTime:
		return state.Now
	case c.kind == state.KindUUID:
		return "00000000-0000-0000-0000-000000000000"
	}
	return nil
}

// sqliteLiteral writes a backfill as SQL in the form in which the ORM stores values of that kind.
func sqliteLiteral(kind state.Kind, value any) (string, error) {
	switch v := value.(type) {
	case state.SQL:
		return "(" + string(v) + ")", nil
	case state.Special:
		return sqliteNow(kind, v)
	case time.Time:
		return quoteString(formatTime(kind, v)), nil
	case time.Duration:
		return strconv.FormatInt(int64(v), 10), nil
	case []byte:
		if kind == state.KindJSON {
			return quoteString(string(v)), nil
		}
		return "X'" + hex.EncodeToString(v) + "'", nil
	}
	if kind == state.KindJSON {
		text, err := json.Marshal(value)
		if err != nil {
			return "", fmt.Errorf("backfill %v: %w", value, err)
		}
		return quoteString(string(text)), nil
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
		return sqliteString(kind, rv.String())
	}
	return "", fmt.Errorf("a backfill of type %T cannot be written as SQL; use a plain value, Now, or SQL(…)", value)
}

// sqliteString writes text given for a column, as after --default: numbers stay numbers, times get their stored form.
func sqliteString(kind state.Kind, text string) (string, error) {
	switch {
	case kind.IsInteger(), kind == state.KindFloat, kind == state.KindDecimal:
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "", fmt.Errorf("backfill %q is not a number", text)
		}
		return text, nil
	case kind == state.KindBool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return "", fmt.Errorf("backfill %q is not true or false", text)
		}
		return sqliteLiteral(kind, b)
	case kind == state.KindDateTime:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", time.DateOnly} {
			if t, err := time.Parse(layout, text); err == nil {
				return quoteString(formatTime(kind, t)), nil
			}
		}
		return "", fmt.Errorf("backfill %q is not a time; write it as 2006-01-02T15:04:05Z", text)
	}
	return quoteString(text), nil
}

func sqliteNow(kind state.Kind, v state.Special) (string, error) {
	if v != state.Now {
		return "", fmt.Errorf("unknown backfill %q", string(v))
	}
	switch kind {
	case state.KindDate:
		return "date('now')", nil
	case state.KindTime:
		return "time('now')", nil
	case state.KindDateTime:
		return "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')", nil
	}
	return "", fmt.Errorf("backfill Now is for dates and times, not for %s", kind)
}

func formatTime(kind state.Kind, t time.Time) string {
	switch kind {
	case state.KindDate:
		return t.Format(time.DateOnly)
	case state.KindTime:
		return t.Format("15:04:05.999999")
	}
	return t.UTC().Format("2006-01-02 15:04:05.999999-07:00")
}

func quoteString(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
