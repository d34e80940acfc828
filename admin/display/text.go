package display

import (
	"strings"
	"unicode"
)

// Line returns a text as one line: white space becomes single spaces, and invalid UTF-8 and control characters
// become "�".
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(printable(s), unicode.IsSpace), " ")
}

// printable replaces invalid UTF-8, and control characters other than white space.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Plain returns [Line] of a text without the characters that change the direction of the text around them. Use it
// where markup cannot isolate a name: in titles, attributes, options and messages.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, Line(s))
}
