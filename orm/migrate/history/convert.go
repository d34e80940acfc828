package history

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/state"
)

// decode turns what a driver gives into what a [Row] holds.
func decode(kind state.Kind, value any) (any, error) {
	if b, ok := value.([]byte); ok && kind != state.KindBinary {
		value = string(b)
	}
	switch v := value.(type) {
	case nil:
		return nil, nil
	case int64:
		switch kind {
		case state.KindBool:
			return v != 0, nil
		case state.KindDuration:
			return time.Duration(v), nil
		case state.KindFloat:
			return float64(v), nil
		case state.KindDecimal:
			return strconv.FormatInt(v, 10), nil
		}
	case float64:
		if kind == state.KindDecimal {
			return strconv.FormatFloat(v, 'f', -1, 64), nil
		}
	case string:
		return decodeText(kind, v)
	case time.Time:
		return v.UTC(), nil
	}
	return value, nil
}

func decodeText(kind state.Kind, text string) (any, error) {
	switch kind {
	case state.KindDateTime, state.KindDate:
		for _, layout := range []string{"2006-01-02 15:04:05.999999999-07:00", time.RFC3339Nano, "2006-01-02 15:04:05.999999999", time.DateOnly} {
			if t, err := time.Parse(layout, text); err == nil {
				return t.UTC(), nil
			}
		}
		return nil, fmt.Errorf("%q is no time", text)
	case state.KindBool:
		return strconv.ParseBool(text)
	case state.KindBinary:
		return []byte(text), nil
	}
	return text, nil
}

// encode turns a value of a migration's code into what is stored, in the form in which the ORM stores that kind.
func encode(kind state.Kind, value any) (any, error) {
	rv := reflect.ValueOf(value)
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return nil, nil
		}
		rv = rv.Elem()
		value = rv.Interface()
	}
	if value == nil {
		return nil, nil
	}
	if t, ok := value.(time.Time); ok {
		switch kind {
		case state.KindDate:
			return t.Format(time.DateOnly), nil
		case state.KindTime:
			return t.Format("15:04:05.999999"), nil
		}
		return t.UTC().Truncate(time.Microsecond), nil
	}
	if kind == state.KindJSON {
		switch v := value.(type) {
		case string:
			return v, nil
		case []byte:
			return string(v), nil
		}
		text, err := json.Marshal(value)
		return string(text), err
	}
	switch rv.Kind() {
	case reflect.Bool:
		if rv.Bool() {
			return int64(1), nil
		}
		return int64(0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return rv.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(rv.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return rv.Float(), nil
	case reflect.String:
		return rv.String(), nil
	case reflect.Slice:
		if rv.Type().Elem().Kind() == reflect.Uint8 {
			return rv.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("a %T cannot be stored", value)
}
