package postgres

import (
	"fmt"
	"unicode"

	"github.com/quintetgo/quintet/orm/internal/regex"
)

// patternSyntax is PostgreSQL's syntax of regular expressions, with a collation in which \y knows ASCII only.
var patternSyntax = regex.Syntax{
	Character: patternCharacter,
	BeginText: `\A`, EndText: `\Z`, BeginLine: `(?:\A|(?<=\n))`, EndLine: `(?:\Z|(?=\n))`,
	Boundary: `\y`, NoBoundary: `\Y`, Any: `.`, MaxRepeat: 255, MaxCharacter: unicode.MaxRune,
}

// patternCharacter writes a character so that it has no other meaning. A pattern cannot have a NUL, which no text has, so
// that a range from it begins behind it.
func patternCharacter(c rune) string {
	switch {
	case c == 0:
		return `\u0001`
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return string(c)
	case c > 0xffff:
		return fmt.Sprintf(`\U%08x`, c)
	}
	return fmt.Sprintf(`\u%04x`, c)
}
