package documents

import (
	"bytes"
	"encoding/json"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/cases"
)

// absent is the value of a document that is NULL, and of a place that a document does not have.
type absent struct{}

// decode reads a JSON text with exact numbers.
func decode(text string) any {
	if text == "" {
		return absent{}
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		panic(err) // the texts are constants
	}
	return exact(v)
}

// encode returns the value of a lookup as JSON.
func encode(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return decode(string(text))
}

// exact replaces the numbers in a value by rational ones.
func exact(v any) any {
	switch x := v.(type) {
	case json.Number:
		n, _ := new(big.Rat).SetString(x.String())
		return n
	case []any:
		for i := range x {
			x[i] = exact(x[i])
		}
	case map[string]any:
		for key := range x {
			x[key] = exact(x[key])
		}
	}
	return v
}

// at returns the value at the end of keys.
func at(v any, keys []string) any {
	for _, key := range keys {
		switch x := v.(type) {
		case map[string]any:
			inner, ok := x[key]
			if !ok {
				return absent{}
			}
			v = inner
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(x) || strconv.Itoa(i) != key {
				return absent{}
			}
			v = x[i]
		default:
			return absent{}
		}
	}
	return v
}

// holds reports whether a lookup holds for a document.
func (x test) holds(document any) bool {
	v := at(document, x.keys)
	if _, none := v.(absent); none {
		return x.lookup == "isnull" && x.value == true || x.lookup == "exact" && x.value == nil
	}
	null := v == nil && len(x.keys) > 0 // at the end of keys, JSON's null is NULL as well
	switch x.lookup {
	case "isnull":
		return null == x.value.(bool)
	case "exact":
		if x.value == nil {
			return null
		}
		return equal(v, encode(x.value))
	case "contains":
		return containsOutermost(v, encode(x.value))
	case "contained_by":
		return containsOutermost(encode(x.value), v)
	case "has_key", "has_keys", "has_any_keys":
		return hasKeys(v, x.lookup, x.value)
	case "in":
		list := reflect.ValueOf(x.value)
		for i := range list.Len() {
			if each := list.Index(i).Interface(); each != nil && equal(v, encode(each)) {
				return true
			}
		}
		return false
	case "range":
		limits := x.value.([]any)
		low, ok := order(v, encode(limits[0]))
		high, also := order(v, encode(limits[1]))
		return ok && also && low >= 0 && high <= 0
	case "gt", "gte", "lt", "lte":
		n, ok := order(v, encode(x.value))
		return ok && map[string]bool{"gt": n > 0, "gte": n >= 0, "lt": n < 0, "lte": n <= 0}[x.lookup]
	}
	text, ok := v.(string)
	return ok && matches(x.lookup, text, x.value.(string))
}

// order compares two numbers or two texts.
func order(a, b any) (n int, ok bool) {
	switch a := a.(type) {
	case *big.Rat:
		if b, ok := b.(*big.Rat); ok {
			return a.Cmp(b), true
		}
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b), true
		}
	}
	return 0, false
}

func matches(lookup, text, value string) bool {
	fold := cases.Fold()
	switch lookup {
	case "regex":
		return regexp.MustCompile(value).MatchString(text)
	case "iregex":
		return regexp.MustCompile("(?i)" + value).MatchString(text)
	case "startswith":
		return strings.HasPrefix(text, value)
	case "endswith":
		return strings.HasSuffix(text, value)
	}
	text, value = fold.String(text), fold.String(value)
	switch lookup {
	case "iexact":
		return text == value
	case "icontains":
		return strings.Contains(text, value)
	case "istartswith":
		return strings.HasPrefix(text, value)
	}
	return strings.HasSuffix(text, value)
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case *big.Rat:
		b, ok := b.(*big.Rat)
		return ok && a.Cmp(b) == 0
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for key, value := range a {
			if other, has := b[key]; !has || !equal(value, other) {
				return false
			}
		}
		return true
	}
	switch b.(type) {
	case []any, map[string]any:
		return false
	}
	return a == b
}

// containsOutermost is contains, and an array contains each of its values as well.
func containsOutermost(a, b any) bool {
	list, isList := a.([]any)
	switch b.(type) {
	case []any, map[string]any:
	default:
		if isList {
			return slices.ContainsFunc(list, func(v any) bool { return equal(v, b) })
		}
	}
	return contains(a, b)
}

// contains reports whether a has every key and element of b.
func contains(a, b any) bool {
	switch b := b.(type) {
	case map[string]any:
		object, ok := a.(map[string]any)
		for key, value := range b {
			other, has := object[key]
			ok = ok && has && contains(other, value)
		}
		return ok
	case []any:
		list, ok := a.([]any)
		for _, value := range b {
			ok = ok && slices.ContainsFunc(list, func(other any) bool { return contains(other, value) })
		}
		return ok
	}
	return equal(a, b)
}

func hasKeys(v any, lookup string, value any) bool {
	object, ok := v.(map[string]any)
	if !ok {
		return false
	}
	names, many := value.([]string)
	if !many {
		names = []string{value.(string)}
	}
	missing := func(name string) bool { _, has := object[name]; return !has }
	if lookup == "has_any_keys" {
		return slices.ContainsFunc(names, func(name string) bool { return !missing(name) })
	}
	return !slices.ContainsFunc(names, missing)
}
