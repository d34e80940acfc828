package regex

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the form of a text that is compared when case is ignored: composed characters, in the full case folding
// of Unicode, where "ß" is "ss". Texts are equal apart from case if their forms are equal.
func Fold(s string) string { return cases.Fold().String(norm.NFC.String(s)) }

// An Expansion is a character whose folded form has several characters, such as "ß" and "ss".
type Expansion struct{ Character, Folded string }

// Expansions returns the characters that a folded text may match a part of. They have to be replaced by their folded
// forms in the searched text before the pattern of [Folded] is applied.
func Expansions(folded string) []Expansion {
	var list []Expansion
	for _, e := range expansions() {
		if strings.ContainsAny(folded, e.Folded) {
			list = append(list, e)
		}
	}
	return list
}

var expansions = sync.OnceValue(func() []Expansion {
	var list []Expansion
	for _, block := range [][2]rune{{0x80, 0x600}, {0x1E00, 0x2000}, {0xFB00, 0xFB20}} { // those of Unicode's CaseFolding.txt
		for r := block[0]; r < block[1]; r++ {
			character := string(r)
			if folded := Fold(character); utf8.RuneCountInString(folded) > 1 && norm.NFC.String(character) == character {
				list = append(list, Expansion{character, folded})
			}
		}
	}
	return list
})

// Folded returns an expression that matches the texts whose folded form contains a folded text, or begins or ends with
// it, once the expansions of the text have been replaced. It matches case-sensitively and without normalization: the
// expression lists every way in which each character may be written.
func Folded(folded string, atStart, atEnd bool, to Syntax) string {
	var b strings.Builder
	if atStart {
		b.WriteString(to.BeginText)
	}
	runes := []rune(folded)
	if !atStart && len(runes) > 0 {
		b.WriteString(notPart(runes[0], to))
	}
	for i, r := range runes {
		last := i == len(runes)-1
		open := last && !atEnd || !last && unicode.Is(unicode.M, runes[i+1]) // a mark may follow
		formsOf(r).write(&b, r, open, to)
	}
	if atEnd {
		b.WriteString(to.EndText)
	}
	return b.String()
}

// forms are the ways to write a folded character: as one character, or as a base and combining marks.
type forms struct {
	single []rune
	marked []string
}

func formsOf(folded rune) forms {
	f := forms{single: []rune{folded}}
	want := string(folded)
	for r := unicode.SimpleFold(folded); r != folded; r = unicode.SimpleFold(r) {
		if Fold(string(r)) == want {
			f.single = append(f.single, r)
		}
	}
	for _, r := range f.single {
		for text := norm.NFD.String(string(r)); utf8.RuneCountInString(text) > 1; text = composeFirst(text) {
			if !slices.Contains(f.marked, text) {
				f.marked = append(f.marked, text)
			}
		}
	}
	slices.Sort(f.single)
	return f
}

// composeFirst composes the first two characters of a decomposed text: "s", "̣", "̇" become "ṣ", "̇".
func composeFirst(text string) string {
	_, first := utf8.DecodeRuneInString(text)
	_, second := utf8.DecodeRuneInString(text[first:])
	composed := norm.NFC.String(text[:first+second])
	if utf8.RuneCountInString(composed) > 1 {
		return ""
	}
	return composed + text[first+second:]
}

// write writes the forms as alternatives. If a mark may follow, none may that would make another character of the form.
func (f forms) write(b *strings.Builder, folded rune, open bool, to Syntax) {
	alternatives := make([]string, 0, len(f.single)+len(f.marked))
	for _, r := range f.single {
		text := to.Character(r)
		if open {
			text += notBefore(r, folded, to)
		}
		alternatives = append(alternatives, text)
	}
	for _, marked := range f.marked {
		text := ""
		for _, r := range marked {
			text += to.Character(r)
		}
		if open {
			text += notBefore(f.single[0], folded, to)
		}
		alternatives = append(alternatives, text)
	}
	if len(alternatives) == 1 {
		b.WriteString(alternatives[0])
		return
	}
	b.WriteString("(?:" + strings.Join(alternatives, "|") + ")")
}

// marks are the blocks of characters that are composed with the character before them.
var marks = [][2]rune{{0x300, 0x346}, {0x653, 0x656}, {0x3099, 0x309B}, {0x1161, 0x1176}, {0x11A8, 0x11C3}}

// bases are the blocks of characters that are composed with a mark after them.
var bases = [][2]rune{{0x41, 0x250}, {0x370, 0x530}, {0x620, 0x6E0}, {0x1E00, 0x2000}, {0x3040, 0x3100}}

// notBefore returns a condition: no mark follows the character that changes what it is folded to.
func notBefore(base, folded rune, to Syntax) string {
	want := string(folded)
	return conditionOn("(?![", marks, to, [2]rune{base, folded}, func(mark rune) bool {
		text := string(base) + string(mark)
		return norm.NFC.String(text) != text && !strings.HasPrefix(Fold(text), want)
	})
}

// notPart returns a condition for a folded text that begins with a mark: it is no part of a composed character.
func notPart(mark rune, to Syntax) string {
	if !unicode.Is(unicode.M, mark) {
		return ""
	}
	return conditionOn("(?<![", bases, to, [2]rune{0, mark}, func(base rune) bool {
		text := string(base) + string(mark)
		return norm.NFC.String(text) != text
	})
}

// known are the characters of conditions, which take long to find.
var known sync.Map // of []rune by the characters that the condition depends on

// conditionOn returns a condition on the character before or after, which must be none of those in the blocks for which
// matches holds.
func conditionOn(begin string, blocks [][2]rune, to Syntax, key [2]rune, matches func(r rune) bool) string {
	found, ok := known.Load(key)
	if !ok {
		var list []rune
		for _, block := range blocks {
			for r := block[0]; r < block[1]; r++ {
				if matches(r) {
					list = append(list, r)
				}
			}
		}
		found = list
		if count := knownCount.Add(1); count < maxKnown {
			known.Store(key, found)
		}
	}
	list := found.([]rune)
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(begin)
	for _, r := range list {
		b.WriteString(to.Character(r))
	}
	b.WriteString("])")
	return b.String()
}

// maxKnown limits the memory for conditions; texts may have any characters.
const maxKnown = 4096

var knownCount atomic.Int64
