// Package compute has the functions that queries call in SQL and SQLite lacks, or has for ASCII only. NULL is nil, and the result
// of a NULL argument, except where a comment describes another one.
package compute

import (
	"crypto/md5" //nolint:gosec // a digest, not a protection
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // a digest, not a protection
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"github.com/quintetgo/quintet/orm/internal/decimal"
)

// Function is a function of SQL.
type Function struct {
	Name      string
	Arguments int
	Random    bool // two calls with the same arguments have different results
	Call      func(args []any) any
}

// Functions returns the functions of this package.
func Functions() []Function {
	return []Function{
		{"quintet_lower", 1, false, text(func(s string, _ []any) any { return cases.Lower(language.Und).String(s) })},
		{"quintet_upper", 1, false, text(func(s string, _ []any) any { return cases.Upper(language.Und).String(s) })},
		{"quintet_reverse", 1, false, text(func(s string, _ []any) any { return reverse(s) })},
		{"quintet_right", 2, false, text(func(s string, a []any) any { return right(s, integer(a[0])) })},
		{"quintet_repeat", 2, false, text(func(s string, a []any) any { return repeat(s, integer(a[0])) })},
		{"quintet_pad", 4, false, text(func(s string, a []any) any { return pad(s, integer(a[0]), asText(a[1]), integer(a[2]) == 1) })},
		{"quintet_ord", 1, false, text(func(s string, _ []any) any { return ord(s) })},
		{"quintet_chr", 1, false, strict(func(a []any) any { return chr(integer(a[0])) })},
		{"quintet_digest", 2, false, strict(func(a []any) any { return digest(asText(a[0]), asText(a[1])) })},
		{"quintet_math", 2, false, strict(func(a []any) any { return defined(one(asText(a[0]), number(a[1]))) })},
		{"quintet_math2", 3, false, strict(func(a []any) any { return defined(two(asText(a[0]), number(a[1]), number(a[2]))) })},
		{"quintet_round", 3, false, strict(func(a []any) any { return round(a[0], int(integer(a[1])), integer(a[2]) == 1) })},
		{
			"quintet_spread",
			3,
			false,
			strict(func(a []any) any { return spread(asText(a[0]), asText(a[1]) == "deviation", integer(a[2]) == 1) }),
		},
		{"quintet_join", 2, false, strict(func(a []any) any { return join(asText(a[0]), asText(a[1])) })},
		{"quintet_random", 0, true, func([]any) any { return mathrand.Float64() }},
		{"quintet_uuid", 1, true, strict(func(a []any) any { return newUUID(integer(a[0])) })},
	}
}

// strict returns a function that is nil if an argument is.
func strict(fn func(args []any) any) func([]any) any {
	return func(args []any) any {
		if slices.ContainsFunc(args, isNull) {
			return nil
		}
		return fn(args)
	}
}

// text returns a strict function of a text and further arguments.
func text(fn func(s string, args []any) any) func([]any) any {
	return strict(func(args []any) any { return fn(asText(args[0]), args[1:]) })
}

func isNull(v any) bool {
	b, ok := v.([]byte)
	return v == nil || ok && b == nil // as one of the drivers passes it
}

func asText(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case []byte:
		return string(x)
	}
	return fmt.Sprint(v)
}

func integer(v any) int64 {
	switch x := v.(type) {
	case int64:
		return x
	case float64:
		return int64(x)
	}
	n, _ := decimal.Parse(asText(v))
	whole, _ := n.Int64()
	return whole
}

// number returns a number, and a NaN for what is none.
func number(v any) float64 {
	switch x := v.(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	}
	n, ok := decimal.Parse(asText(v))
	if !ok {
		return math.NaN()
	}
	return n.Float64()
}

func reverse(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}

func right(s string, n int64) string {
	count := int64(utf8.RuneCountInString(s))
	return string([]rune(s)[max(0, count-max(0, n)):])
}

// maxText is the length of the longest result, the limit of SQLite itself.
const maxText = 1_000_000_000

func repeat(s string, n int64) any {
	if n <= 0 || s == "" {
		return ""
	}
	if n > maxText/int64(len(s)) {
		return nil
	}
	return strings.Repeat(s, int(n))
}

func pad(s string, length int64, fill string, left bool) any {
	runes := []rune(s)
	missing := length - int64(len(runes))
	switch {
	case length <= 0:
		return ""
	case length > maxText/4:
		return nil
	case missing <= 0:
		return string(runes[:length])
	case fill == "":
		return s
	}
	filling := []rune(strings.Repeat(fill, int(missing)/utf8.RuneCountInString(fill)+1))[:missing]
	if left {
		return string(filling) + s
	}
	return s + string(filling)
}

func ord(s string) int64 {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s)
	return int64(r)
}

func chr(code int64) any {
	if code < 1 || code > utf8.MaxRune || !utf8.ValidRune(rune(code)) {
		return nil
	}
	return string(rune(code))
}

func digest(name, s string) any {
	b := []byte(s)
	switch name {
	case "md5":
		sum := md5.Sum(b) //nolint:gosec // a digest, not a protection
		return hex.EncodeToString(sum[:])
	case "sha1":
		sum := sha1.Sum(b) //nolint:gosec // a digest, not a protection
		return hex.EncodeToString(sum[:])
	case "sha224":
		sum := sha256.Sum224(b)
		return hex.EncodeToString(sum[:])
	case "sha256":
		sum := sha256.Sum256(b)
		return hex.EncodeToString(sum[:])
	case "sha384":
		sum := sha512.Sum384(b)
		return hex.EncodeToString(sum[:])
	case "sha512":
		sum := sha512.Sum512(b)
		return hex.EncodeToString(sum[:])
	}
	return nil
}

var functions = map[string]func(x float64) float64{
	"acos": math.Acos, "asin": math.Asin, "atan": math.Atan, "ceil": math.Ceil, "cos": math.Cos, "exp": math.Exp, "floor": math.Floor,
	"ln": math.Log, "sin": math.Sin, "sqrt": math.Sqrt, "tan": math.Tan,
	"cot":     func(x float64) float64 { return 1 / math.Tan(x) },
	"degrees": func(x float64) float64 { return x * 180 / math.Pi },
	"radians": func(x float64) float64 { return x * math.Pi / 180 },
}

func one(name string, x float64) float64 {
	if fn := functions[name]; fn != nil {
		return fn(x)
	}
	return math.NaN()
}

func two(name string, x, y float64) float64 {
	switch name {
	case "atan2":
		return math.Atan2(x, y)
	case "log":
		return math.Log(y) / math.Log(x)
	case "power":
		return math.Pow(x, y)
	}
	return math.NaN()
}

// defined returns a number, and NULL for an infinite one and for none.
func defined(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return x
}

// round rounds half away from zero, by the decimal digits of the number.
func round(v any, places int, whole bool) any {
	var n decimal.Number
	ok := true
	switch x := v.(type) {
	case int64:
		n, ok = decimal.Parse(fmt.Sprint(x))
	case float64:
		n, ok = decimal.FromFloat(x)
	default:
		n, ok = decimal.Parse(asText(v))
	}
	if !ok {
		return nil
	}
	if places >= 0 {
		n = n.Round(places)
	} else {
		unit := math.Pow10(-places)
		shifted, valid := decimal.FromFloat(n.Float64() / unit)
		if !valid {
			return nil
		}
		n, _ = decimal.FromFloat(shifted.Round(0).Float64() * unit)
	}
	if integer, fits := n.Int64(); fits && whole {
		return integer
	}
	return n.Float64()
}

// spread returns the variance of the numbers in a JSON array, or its square root. NULL does not count, and the result for
// too few numbers is NULL.
func spread(list string, deviation, sample bool) any {
	var numbers []*float64
	if err := json.Unmarshal([]byte(list), &numbers); err != nil {
		return nil
	}
	count, mean, sum := 0.0, 0.0, 0.0
	for _, x := range numbers {
		if x == nil {
			continue
		}
		count++
		difference := *x - mean
		mean += difference / count
		sum += difference * (*x - mean)
	}
	divisor := count
	if sample {
		divisor--
	}
	if divisor <= 0 {
		return nil
	}
	if deviation {
		return math.Sqrt(sum / divisor)
	}
	return sum / divisor
}

// join joins the texts in a JSON array. It is NULL for an empty one.
func join(list, separator string) any {
	var texts []string
	if err := json.Unmarshal([]byte(list), &texts); err != nil || len(texts) == 0 {
		return nil
	}
	return strings.Join(texts, separator)
}

// newUUID returns a UUID of version 4 or 7.
func newUUID(version int64) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	if version == 7 {
		ms := time.Now().UnixMilli()
		for i := range 6 {
			b[i] = byte(ms >> (40 - 8*i))
		}
	}
	b[6] = b[6]&0x0f | byte(version)<<4
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
