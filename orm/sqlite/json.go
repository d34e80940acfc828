package sqlite

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/decimal"
)

// jsonValue is quintet_json(document, keys, types) in SQL: the value at the end of a list of keys, in the SQL form in which
// json_extract returns it. A key of digits is also the index of an array. It is NULL where there is no value, for a value
// whose type is not in the list, unless that is empty, and for a document that is not JSON.
func jsonValue(document, keys, types any) any {
	v, ok := jsonAt(document, keys)
	if list, _ := types.(string); !ok || list != "" && !strings.Contains(list, jsonType(v)) {
		return nil
	}
	switch x := v.(type) {
	case bool:
		if x {
			return int64(1)
		}
		return int64(0)
	case json.Number:
		if n, err := x.Int64(); err == nil {
			return n
		}
		f, _ := x.Float64() // beyond the range an infinity, as json_extract returns it
		return f
	case map[string]any, []any:
		text, err := json.Marshal(x)
		if err != nil {
			return nil
		}
		return string(text)
	}
	return v // text or nil
}

// jsonType returns the type of a value as json_type names it, in quotes.
func jsonType(v any) string {
	switch x := v.(type) {
	case bool:
		return "'" + strconv.FormatBool(x) + "'"
	case json.Number:
		return "'real'"
	case string:
		return "'text'"
	}
	return "'other'"
}

// jsonHas is quintet_json_has(document, keys, names, all): whether the object at the end of the keys has all or any of the
// names. It is NULL for a document that is not JSON.
func jsonHas(document, keys, names, all any) any {
	v, ok := jsonAt(document, keys)
	if !ok {
		return nil
	}
	object, _ := v.(map[string]any)
	wanted := stringList(names)
	for _, name := range wanted {
		if _, has := object[name]; has != (all == int64(1)) {
			return truth(has)
		}
	}
	return truth(all == int64(1) && object != nil)
}

// jsonMatches is quintet_json_matches(document, keys, part, how): whether the value at the end of the keys contains part,
// or is contained in it if how is 1, or equals it if how is 2. It is NULL for a document that is not JSON.
func jsonMatches(document, keys, part, how any) any {
	v, ok := jsonAt(document, keys)
	other, valid := parseJSON(part)
	if !ok || !valid {
		return nil
	}
	switch how {
	case int64(1):
		v, other = other, v
	case int64(2):
		return truth(equal(v, other))
	}
	if list, ok := v.([]any); ok && !isComposite(other) { // a list contains its elements, on the outermost level only
		for _, element := range list {
			if contains(element, other) {
				return truth(true)
			}
		}
		return truth(false)
	}
	return truth(contains(v, other))
}

// contains reports whether a contains b: an object has every key of b with a value that contains the one of b, an array has
// an element that contains each element of b, in any order, and other values are equal.
func contains(a, b any) bool {
	switch b := b.(type) {
	case map[string]any:
		object, ok := a.(map[string]any)
		if !ok {
			return false
		}
		for key, part := range b {
			if value, has := object[key]; !has || !contains(value, part) {
				return false
			}
		}
		return true
	case []any:
		list, ok := a.([]any)
		if !ok {
			return false
		}
		for _, part := range b {
			found := false
			for _, element := range list {
				if found = contains(element, part); found {
					break
				}
			}
			if !found {
				return false
			}
		}
		return true
	case json.Number:
		n, ok := a.(json.Number)
		return ok && sameNumber(n.String(), b.String())
	}
	return !isComposite(a) && a == b
}

// equal reports whether two values are the same. The order of an object's keys and the form of a number do not count.
func equal(a, b any) bool {
	switch b := b.(type) {
	case map[string]any:
		object, ok := a.(map[string]any)
		if !ok || len(object) != len(b) {
			return false
		}
		for key, value := range b {
			if other, has := object[key]; !has || !equal(other, value) {
				return false
			}
		}
		return true
	case []any:
		list, ok := a.([]any)
		if !ok || len(list) != len(b) {
			return false
		}
		for i, value := range b {
			if !equal(list[i], value) {
				return false
			}
		}
		return true
	}
	return !isComposite(a) && contains(a, b)
}

func isComposite(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// sameNumber compares numbers by value: 1, 1.0 and 10e-1 are the same.
func sameNumber(a, b string) bool {
	x, ok1 := decimal.ParseScientific(a)
	y, ok2 := decimal.ParseScientific(b)
	if !ok1 || !ok2 { // an exponent out of range
		return a == b
	}
	return x.String() == y.String()
}

// jsonAt finds the value at the end of a list of keys.
func jsonAt(document, keys any) (any, bool) {
	v, ok := parseJSON(document)
	if !ok {
		return nil, false
	}
	for _, key := range stringList(keys) {
		switch x := v.(type) {
		case map[string]any:
			if v, ok = x[key]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(x) || strconv.Itoa(i) != key {
				return nil, false
			}
			v = x[i]
		default:
			return nil, false
		}
	}
	return v, true
}

func parseJSON(v any) (any, bool) {
	if isNull(v) {
		return nil, false
	}
	text := asText(v)
	if !json.Valid([]byte(text)) {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err == nil
}

func stringList(v any) []string {
	var list []string
	if json.Unmarshal([]byte(asText(v)), &list) != nil {
		return nil
	}
	return list
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
