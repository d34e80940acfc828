package sqlite

import (
	"fmt"
	"regexp"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/quintetgo/quintet/orm/sqlite/internal/compute"
)

// function is a function that queries call in SQL.
type function struct {
	name      string
	arguments int
	call      func(args []any) (any, error)
	random    bool // two calls with the same arguments have different results
}

// functions returns the functions that the dialect's SQL calls. Each connection, or each driver, has its own.
func functions() []function {
	matches := &matcher{}
	plain := func(fn func(args []any) any) func([]any) (any, error) {
		return func(args []any) (any, error) { return fn(args), nil }
	}
	list := []function{
		{"quintet_fold", 1, plain(func(a []any) any { return fold(a[0]) }), false},
		{"regexp", 2, func(a []any) (any, error) { return matches.match(a[0], a[1]) }, false},
		{"quintet_json", 3, plain(func(a []any) any { return jsonValue(a[0], a[1], a[2]) }), false},
		{"quintet_json_has", 4, plain(func(a []any) any { return jsonHas(a[0], a[1], a[2], a[3]) }), false},
		{"quintet_json_matches", 4, plain(func(a []any) any { return jsonMatches(a[0], a[1], a[2], a[3]) }), false},
		{"quintet_decimal", 4, func(a []any) (any, error) { return round(a[0], a[1], a[2], a[3]) }, false},
		{"quintet_within", 5, func(a []any) (any, error) { return within(a[0], a[1], a[2], a[3], a[4]) }, false},
		{"quintet_float", 1, plain(func(a []any) any { return parseFloat(a[0]) }), false},
		{"quintet_mod", 2, plain(func(a []any) any { return remainder(a[0], a[1]) }), false},
	}
	for _, f := range compute.Functions() {
		list = append(list, function{f.Name, f.Arguments, plain(f.Call), f.Random})
	}
	return list
}

// checked calls the function after checking the number of arguments, which one of the drivers does not.
func (f function) checked(args ...any) (any, error) {
	if len(args) != f.arguments {
		return nil, fmt.Errorf("wrong number of arguments to function %s()", f.name)
	}
	return f.call(args)
}

// fold is quintet_fold(text) in SQL: a form in which texts are equal that differ only in case or in how accents are
// composed. NULL stays NULL. SQLite's own functions fold ASCII only.
func fold(v any) any {
	switch x := v.(type) {
	case string:
		return foldText(x)
	case []byte:
		if x == nil { // one of the drivers passes NULL like this
			return nil
		}
		return foldText(string(x))
	}
	return v
}

func foldText(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return cases.Fold().String(norm.NFC.String(s))
		}
	}
	var b []byte
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			if b == nil {
				b = []byte(s)
			}
			b[i] = c + 'a' - 'A'
		}
	}
	if b == nil {
		return s
	}
	return string(b)
}

// matcher is regexp(pattern, text) in SQL, which "text REGEXP pattern" calls. It caches compiled patterns.
type matcher struct {
	mu       sync.Mutex
	patterns map[string]*regexp.Regexp
}

const keptPatterns = 64

func (m *matcher) match(pattern, text any) (any, error) {
	if isNull(pattern) || isNull(text) {
		return nil, nil
	}
	re, err := m.compile(asText(pattern))
	if err != nil {
		return nil, err
	}
	if re.MatchString(asText(text)) {
		return int64(1), nil
	}
	return int64(0), nil
}

func (m *matcher) compile(pattern string) (*regexp.Regexp, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if re := m.patterns[pattern]; re != nil {
		return re, nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("bad regular expression: %w", err)
	}
	if m.patterns == nil || len(m.patterns) >= keptPatterns {
		m.patterns = map[string]*regexp.Regexp{}
	}
	m.patterns[pattern] = re
	return re, nil
}

func isNull(v any) bool {
	b, ok := v.([]byte)
	return v == nil || ok && b == nil
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
