package conformance

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
)

// holds reports whether a lookup holds for a stored value; nil is NULL. Values are those of [plain]. It is what every
// database has to agree with.
func holds(lookup string, stored, value any) bool {
	if part, rest, _ := strings.Cut(lookup, "__"); timeParts[part] != nil {
		if stored == nil {
			return holds(orExact(rest), nil, value)
		}
		return holds(orExact(rest), plain(timeParts[part](stored.(time.Time))), value)
	}
	switch {
	case lookup == "isnull":
		return (stored == nil) == value.(bool)
	case lookup == "exact" && value == nil:
		return stored == nil
	case stored == nil:
		return false
	}
	switch lookup {
	case "gt":
		return compare(stored, value) > 0
	case "gte":
		return compare(stored, value) >= 0
	case "lt":
		return compare(stored, value) < 0
	case "lte":
		return compare(stored, value) <= 0
	case "in":
		return slices.ContainsFunc(value.([]any), func(v any) bool { return v != nil && compare(stored, v) == 0 })
	case "range":
		limits := value.([]any)
		return compare(stored, limits[0]) >= 0 && compare(stored, limits[1]) <= 0
	case "regex":
		return regexp.MustCompile(value.(string)).MatchString(stored.(string))
	case "iregex":
		return regexp.MustCompile("(?i)" + value.(string)).MatchString(stored.(string))
	}
	if text, ok := stored.(string); ok && lookup != "exact" {
		return textLookups[lookup](text, value.(string))
	}
	return compare(stored, value) == 0
}

func orExact(lookup string) string { return cmp.Or(lookup, "exact") }

// compare orders two values of a kind: numbers by value, texts by code point, false before true, times by the instant.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case time.Time:
		return a.Compare(b.(time.Time))
	case bool:
		return cmp.Compare(toInt(a), toInt(b.(bool)))
	}
	return rational(a).Cmp(rational(b))
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// rational returns a number exactly.
func rational(v any) *big.Rat {
	switch x := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(x)
	case float64:
		return new(big.Rat).SetFloat64(x)
	}
	return v.(*big.Rat)
}

// plain returns a value of a model's field, or of a lookup, as the functions above take it.
func plain(v any) any {
	switch x := v.(type) {
	case int:
		return int64(x)
	case int16:
		return int64(x)
	case time.Duration:
		return int64(x)
	case decimalText:
		n, _ := new(big.Rat).SetString(string(x))
		return n
	case []any:
		list := make([]any, len(x))
		for i, v := range x {
			list[i] = plain(v)
		}
		return list
	}
	return v
}

// decimalText is the value of a decimal field in a test.
type decimalText string
