package postgres

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode"
)

// translatePattern returns a regular expression of Go's syntax in PostgreSQL's, with the same meaning: "$" is the end of
// the text, "." is no line break, and \b is a boundary of a word, which PostgreSQL writes as \y.
func translatePattern(pattern string, ignoreCase bool) (string, error) {
	flags := syntax.Perl
	if ignoreCase {
		flags |= syntax.FoldCase
	}
	parsed, err := syntax.Parse(pattern, flags)
	if err != nil {
		return "", err
	}
	var p patternWriter
	p.write(parsed.Simplify())
	return p.String(), nil
}

type patternWriter struct{ strings.Builder }

// anchors are the operations that match no characters.
var anchors = map[syntax.Op]string{
	syntax.OpNoMatch: `(?!)`, syntax.OpEmptyMatch: `(?:)`, syntax.OpBeginText: `\A`, syntax.OpEndText: `\Z`,
	syntax.OpBeginLine: `(?:\A|(?<=\n))`, syntax.OpEndLine: `(?:\Z|(?=\n))`,
	syntax.OpWordBoundary: `\y`, syntax.OpNoWordBoundary: `\Y`, syntax.OpAnyChar: `.`, syntax.OpAnyCharNotNL: `[^\n]`,
}

// repetitions are the operations that repeat what is before them. Which of several ways to match is taken makes no
// difference, as only whether there is one counts.
var repetitions = map[syntax.Op]string{syntax.OpStar: "*", syntax.OpPlus: "+", syntax.OpQuest: "?"}

func (p *patternWriter) write(r *syntax.Regexp) {
	if text, ok := anchors[r.Op]; ok {
		p.WriteString(text)
		return
	}
	if mark, ok := repetitions[r.Op]; ok {
		p.group(r.Sub[0])
		p.WriteString(mark)
		return
	}
	switch r.Op {
	case syntax.OpLiteral:
		for _, char := range r.Rune {
			if folded := foldings(char); r.Flags&syntax.FoldCase != 0 && len(folded) > 2 {
				p.class(folded)
				continue
			}
			p.char(char)
		}
	case syntax.OpCharClass:
		p.class(r.Rune)
	case syntax.OpConcat:
		for _, part := range r.Sub {
			if part.Op == syntax.OpAlternate {
				p.group(part)
				continue
			}
			p.write(part)
		}
	case syntax.OpAlternate:
		for i, part := range r.Sub {
			if i > 0 {
				p.WriteByte('|')
			}
			p.write(part)
		}
	case syntax.OpCapture:
		p.group(r.Sub[0])
	}
}

// group writes an expression as one item.
func (p *patternWriter) group(r *syntax.Regexp) {
	p.WriteString("(?:")
	p.write(r)
	p.WriteByte(')')
}

// foldings returns the ranges of the characters that differ from char in case only.
func foldings(char rune) []rune {
	list := []rune{char, char}
	for other := unicode.SimpleFold(char); other != char; other = unicode.SimpleFold(other) {
		list = append(list, other, other)
	}
	return list
}

// class writes ranges of characters. One that reaches from the first to the last character is the complement of a
// smaller one. No text has a NUL, which PostgreSQL's patterns cannot have either.
func (p *patternWriter) class(ranges []rune) {
	last := len(ranges) - 1
	if last < 0 {
		p.WriteString(anchors[syntax.OpNoMatch])
		return
	}
	p.WriteByte('[')
	if ranges[0] == 0 && ranges[last] == unicode.MaxRune && last > 1 {
		p.WriteByte('^')
		for i := 1; i < last; i += 2 { // the gaps between the ranges
			p.span(ranges[i]+1, ranges[i+1]-1)
		}
	} else {
		for i := 0; i < last; i += 2 {
			p.span(ranges[i], ranges[i+1])
		}
	}
	p.WriteByte(']')
}

func (p *patternWriter) span(from, to rune) {
	from = max(from, 1)
	p.char(from)
	if to > from {
		p.WriteByte('-')
		p.char(to)
	}
}

// char writes a character so that it has no other meaning.
func (p *patternWriter) char(c rune) {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		p.WriteRune(c)
	case c > 0xffff:
		fmt.Fprintf(p, `\U%08x`, c)
	default:
		fmt.Fprintf(p, `\u%04x`, c)
	}
}
