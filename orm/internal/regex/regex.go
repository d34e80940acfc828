// Package regex writes regular expressions of package regexp in the syntax of databases, so that an expression matches the
// same texts in all of them: classes such as \d become lists of characters, and flags become part of what they change.
package regex

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Syntax is how a database writes what differs.
type Syntax struct {
	Character    func(r rune) string // a character, escaped; also used inside of a class
	BeginText    string
	EndText      string
	BeginLine    string
	EndLine      string
	Boundary     string
	NoBoundary   string
	Any          string // any character, line ends too
	MaxRepeat    int    // the greatest number in {n,m}
	MaxCharacter rune
}

// Perl is the syntax of PCRE and of ICU.
var Perl = Syntax{
	Character: perlCharacter,
	BeginText: `\A`, EndText: `\z`, BeginLine: `(?:\A|(?<=\x{A}))`, EndLine: `(?=\x{A}|\z)`,
	// \b of these libraries knows the letters of all languages; that of package regexp knows ASCII only.
	Boundary:     `(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))`,
	NoBoundary:   `(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))`,
	Any:          `[\x{0}-\x{10FFFF}]`,
	MaxRepeat:    1000,
	MaxCharacter: unicode.MaxRune,
}

func perlCharacter(r rune) string {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return string(r)
	}
	return fmt.Sprintf(`\x{%X}`, r)
}

// Translate returns a regular expression in the syntax of a database. fold makes it ignore case. An expression that
// package regexp does not take is an error, as is one that the database cannot express.
func Translate(pattern string, fold bool, to Syntax) (string, error) {
	flags := syntax.Perl
	if fold {
		flags |= syntax.FoldCase
	}
	re, err := syntax.Parse(pattern, flags)
	if err != nil {
		return "", err
	}
	t := translator{to: to}
	if err := t.write(re); err != nil {
		return "", err
	}
	return t.text.String(), nil
}

type translator struct {
	to   Syntax
	text strings.Builder
}

// write appends one node. Every part of a concatenation and everything repeated is a group or a single class.
func (t *translator) write(re *syntax.Regexp) error {
	switch re.Op {
	case syntax.OpNoMatch:
		t.text.WriteString(t.to.EndText + t.to.Any)
	case syntax.OpEmptyMatch:
		t.text.WriteString("(?:)")
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			t.literal(r, re.Flags&syntax.FoldCase != 0)
		}
	case syntax.OpCharClass:
		t.class(re.Rune)
	case syntax.OpAnyCharNotNL:
		t.class([]rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune})
	case syntax.OpAnyChar:
		t.text.WriteString(t.to.Any)
	case syntax.OpBeginLine:
		t.text.WriteString(t.to.BeginLine)
	case syntax.OpEndLine:
		t.text.WriteString(t.to.EndLine)
	case syntax.OpBeginText:
		t.text.WriteString(t.to.BeginText)
	case syntax.OpEndText:
		t.text.WriteString(t.to.EndText)
	case syntax.OpWordBoundary:
		t.text.WriteString(t.to.Boundary)
	case syntax.OpNoWordBoundary:
		t.text.WriteString(t.to.NoBoundary)
	case syntax.OpCapture:
		return t.group(re.Sub[0])
	case syntax.OpStar:
		return t.repeat(re, "*")
	case syntax.OpPlus:
		return t.repeat(re, "+")
	case syntax.OpQuest:
		return t.repeat(re, "?")
	case syntax.OpRepeat:
		return t.counted(re)
	case syntax.OpConcat:
		return t.all(re.Sub, "")
	case syntax.OpAlternate:
		t.text.WriteString("(?:")
		if err := t.all(re.Sub, "|"); err != nil {
			return err
		}
		t.text.WriteString(")")
	}
	return nil
}

func (t *translator) all(list []*syntax.Regexp, between string) error {
	for i, re := range list {
		if i > 0 {
			t.text.WriteString(between)
		}
		if err := t.write(re); err != nil {
			return err
		}
	}
	return nil
}

func (t *translator) group(re *syntax.Regexp) error {
	t.text.WriteString("(?:")
	if err := t.write(re); err != nil {
		return err
	}
	t.text.WriteString(")")
	return nil
}

// repeat writes a repetition. Whether it is greedy does not change what matches.
func (t *translator) repeat(re *syntax.Regexp, mark string) error {
	if err := t.group(re.Sub[0]); err != nil {
		return err
	}
	t.text.WriteString(mark)
	return nil
}

func (t *translator) counted(re *syntax.Regexp) error {
	if most := max(re.Min, re.Max); most > t.to.MaxRepeat {
		return fmt.Errorf("the repetition {%d} is more than %d, the greatest that the database takes", most, t.to.MaxRepeat)
	}
	mark := "{" + strconv.Itoa(re.Min)
	switch {
	case re.Max < 0:
		mark += ","
	case re.Max != re.Min:
		mark += "," + strconv.Itoa(re.Max)
	}
	return t.repeat(re, mark+"}")
}

// literal writes a character, with the other cases of the letter if case is ignored.
func (t *translator) literal(r rune, fold bool) {
	if !fold || unicode.SimpleFold(r) == r {
		t.text.WriteString(t.to.Character(r))
		return
	}
	forms := []rune{r}
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		forms = append(forms, other)
	}
	slices.Sort(forms)
	t.text.WriteString("[")
	for _, form := range forms {
		t.text.WriteString(t.to.Character(form))
	}
	t.text.WriteString("]")
}

// class writes a list of ranges.
func (t *translator) class(ranges []rune) {
	t.text.WriteString("[")
	for i := 0; i+1 < len(ranges); i += 2 {
		low, high := ranges[i], min(ranges[i+1], t.to.MaxCharacter)
		t.text.WriteString(t.to.Character(low))
		if high > low {
			t.text.WriteString("-" + t.to.Character(high))
		}
	}
	t.text.WriteString("]")
}
