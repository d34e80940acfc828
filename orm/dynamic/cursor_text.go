package dynamic

import (
	"bytes"
	"database/sql/driver"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"reflect"
	"strconv"
	"time"
)

// maxCursor limits the length of a cursor, which is a part of URLs.
const maxCursor = 2000

// cursorText is a cursor before it is encoded.
type cursorText struct {
	Order    string `json:"o"` // a hash of the model and the order
	Backward bool   `json:"b,omitempty"`
	Values   []any  `json:"v"`
}

// hash identifies the model and the order of a keyset.
func (k *keyset) hash() string {
	h := fnv.New64a()
	fmt.Fprint(h, k.query.query.Model)
	for _, o := range k.orders {
		fmt.Fprint(h, "\x00", o.Path, o.Desc, o.Nulls)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

func (k *keyset) encode(at position) (string, error) {
	text := cursorText{Order: k.hash(), Backward: at.backward, Values: make([]any, len(at.values))}
	for i, v := range at.values {
		plain, err := cursorValue(v)
		if err != nil {
			return "", fmt.Errorf("orm: %s: the value of %q cannot be a part of a cursor: %w", k.query.query.Model, k.names[i], err)
		}
		text.Values[i] = plain
	}
	data, err := json.Marshal(text)
	if err != nil {
		return "", fmt.Errorf("orm: %s: %w", k.query.query.Model, err)
	}
	encoded := base64.RawURLEncoding.EncodeToString(data)
	if len(encoded) > maxCursor {
		return "", fmt.Errorf("orm: %s: the cursor of a row has %d bytes, and at most %d are possible; order by shorter values",
			k.query.query.Model, len(encoded), maxCursor)
	}
	return encoded, nil
}

// cursorValue returns a value as JSON can hold it without a loss: as text, a number, a bool or nil.
func cursorValue(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano), nil
	case []byte:
		return map[string]any{"bytes": v}, nil
	}
	switch rv := reflect.ValueOf(v); {
	case rv.Kind() == reflect.String, rv.Kind() == reflect.Bool, rv.CanFloat():
		return v, nil
	case rv.CanInt():
		return rv.Int(), nil
	case rv.CanUint():
		return rv.Uint(), nil
	}
	if valuer, ok := v.(driver.Valuer); ok {
		plain, err := valuer.Value()
		if err != nil || reflect.TypeOf(plain) == reflect.TypeOf(v) {
			return nil, err
		}
		return cursorValue(plain)
	}
	return nil, fmt.Errorf("a %T has no text", v)
}

func (k *keyset) decode(cursor string) (position, error) {
	if cursor == "" {
		return position{}, nil
	}
	if len(cursor) > maxCursor {
		return position{}, &CursorError{"it is too long"}
	}
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return position{}, &CursorError{"it was changed or cut off"}
	}
	var text cursorText
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&text); err != nil {
		return position{}, &CursorError{"it was changed or cut off"}
	}
	if text.Order != k.hash() || len(text.Values) != len(k.orders) {
		return position{}, &CursorError{"it belongs to rows in another order"}
	}
	at := position{values: make([]any, len(text.Values)), backward: text.Backward}
	for i, v := range text.Values {
		if at.values[i], err = plainValue(v); err != nil {
			return position{}, err
		}
		if v == nil && !k.nullable[i] {
			return position{}, &CursorError{"it has no value of " + strconv.Quote(k.names[i])}
		}
	}
	return at, nil
}

// plainValue returns a value of a decoded cursor.
func plainValue(v any) (any, error) {
	switch v := v.(type) {
	case nil, string, bool:
		return v, nil
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		if n, err := strconv.ParseUint(v.String(), 10, 64); err == nil {
			return n, nil
		}
		if f, err := v.Float64(); err == nil {
			return f, nil
		}
	case map[string]any:
		if text, ok := v["bytes"].(string); ok {
			if data, err := base64.StdEncoding.DecodeString(text); err == nil {
				return data, nil
			}
		}
	}
	return nil, &CursorError{"a value is of no known type"}
}
