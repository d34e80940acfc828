package sqlite

import (
	"fmt"
	"regexp"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold makes texts that differ only in case or in how accents are composed equal: quintet_fold(text) in SQL. NULL stays
// NULL. SQLite's own functions know the case of ASCII only.
func fold(v any) any {
	switch x := v.(type) {
	case string:
		return foldText(x)
	case []byte:
		if x == nil { // how one of the drivers passes NULL
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

// matcher is regexp(pattern, text) in SQL, which "text REGEXP pattern" calls. It keeps the last patterns compiled.
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
