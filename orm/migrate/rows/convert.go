package rows

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/schema"
)

// decode converts a value of a driver to the value of a [Row].
func decode(c column, value any) (any, error) {
	kind := c.kind
	if b, ok := value.([]byte); ok && kind != schema.KindBinary {
		value = string(b)
	}
	switch v := value.(type) {
	case nil:
		return nil, nil
	case int64:
		switch kind {
		case schema.KindBool:
			return v != 0, nil
		case schema.KindDuration:
			return time.Duration(v), nil
		case schema.KindFloat:
			return float64(v), nil
		case schema.KindDecimal:
			return decimalText(c, float64(v), strconv.FormatInt(v, 10)), nil
		case schema.KindDate, schema.KindDateTime: // stored by another program as seconds or milliseconds
			if v > 1e12 || v < -1e12 {
				return time.UnixMilli(v).UTC(), nil
			}
			return time.Unix(v, 0).UTC(), nil
		}
	case float64:
		if kind == schema.KindDecimal {
			return decimalText(c, v, strconv.FormatFloat(v, 'f', -1, 64)), nil
		}
	case string:
		return decodeText(kind, v)
	case time.Time:
		return v.UTC(), nil
	}
	return value, nil
}

// decimalText writes a number with the decimal places that its column declares, or with all of its digits if it declares
// none.
func decimalText(c column, v float64, exact string) string {
	if c.precision == 0 || len(exact) > 15 { // a float has no more exact digits
		return exact
	}
	return strconv.FormatFloat(v, 'f', c.scale, 64)
}

func decodeText(kind schema.Kind, text string) (any, error) {
	switch kind {
	case schema.KindDateTime, schema.KindDate:
		t, ok := datetime.Parse(text)
		if !ok {
			return nil, fmt.Errorf("the database holds %q, which is not a time", text)
		}
		return t, nil
	case schema.KindBool:
		return strconv.ParseBool(text)
	case schema.KindBinary:
		return []byte(text), nil
	}
	return text, nil
}

// encode converts a value of a migration's code to the form in which the ORM stores that kind.
func encode(kind schema.Kind, value any) (any, error) {
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
		if kind != schema.KindTime && !datetime.Fits(t.UTC()) {
			return nil, fmt.Errorf("the year %d cannot be stored; years from %d to %d can", t.UTC().Year(), datetime.MinYear,
				datetime.MaxYear)
		}
		switch kind {
		case schema.KindDate:
			return t.Format(time.DateOnly), nil
		case schema.KindTime:
			return t.Format("15:04:05.999999"), nil
		}
		return t.UTC().Truncate(time.Microsecond), nil
	}
	if kind == schema.KindJSON {
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
