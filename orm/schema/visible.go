package schema

import (
	"fmt"
	"strings"
	"unicode"
)

// Visible reports whether a text contains a visible character: a letter, digit, symbol or punctuation mark. White space,
// control characters, characters without width and fillers are not visible.
func Visible(text string) bool {
	for _, r := range text {
		switch {
		case r == '\u115F', r == '\u1160', r == '\u2800', r == '\u3164', r == '\uFFA0': // invisible letters and symbols
		case unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S):
			return true
		}
	}
	return false
}

// KeyName returns a name made of the model's label and a key, such as "Note 7". Keys with white space at an end are quoted.
func (m *Model) KeyName(pk any) string {
	key := fmt.Sprint(Indirect(pk))
	if !Visible(key) || strings.TrimSpace(key) != key {
		key = fmt.Sprintf("%q", key)
	}
	return CapitalFirst(m.Label) + " " + key
}
