package display

import (
	"strings"
	"unicode"
)

// Line writes a text as one line: white space becomes single spaces, and what cannot be shown becomes "�".
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(whole(s), unicode.IsSpace), " ")
}

// whole replaces bytes that are no text and control characters other than line ends and tabs.
func whole(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Plain is [Line] without the characters that change the direction of the text around them. It is for places where markup
// cannot keep a name apart from its surroundings: titles, attributes, options, messages.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, Line(s))
}
