package schema

import (
	"fmt"
	"strings"
	"unicode"
)

// Visible reports whether a text shows anything: a letter, digit, symbol or punctuation mark. White space of all kinds,
// control characters, characters without width and fillers do not.
func Visible(text string) bool {
	for _, r := range text {
		switch {
		case r == '\u115F', r == '\u1160', r == '\u2800', r == '\u3164', r == '\uFFA0': // letters and symbols without ink
		case unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S):
			return true
		}
	}
	return false
}

// KeyName names an object by its model and key, such as "Note 7", for objects whose own text shows nothing or may not be
// seen. Keys with white space at an end are quoted.
func (m *Model) KeyName(pk any) string {
	key := fmt.Sprint(Indirect(pk))
	if !Visible(key) || strings.TrimSpace(key) != key {
		key = fmt.Sprintf("%q", key)
	}
	return CapitalFirst(m.Label) + " " + key
}
