package regex

import (
	"slices"
	"strings"
	"sync"
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
	for i, r := range runes {
		forms := formsOf(r)
		b.WriteString(forms.pattern(to))
		last := i == len(runes)-1
		if (last && !atEnd) || (!last && unicode.Is(unicode.M, runes[i+1])) {
			b.WriteString(notComposed(forms.single, to))
		}
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

func (f forms) pattern(to Syntax) string {
	var b strings.Builder
	b.WriteString("[")
	for _, r := range f.single {
		b.WriteString(to.Character(r))
	}
	b.WriteString("]")
	if len(f.single) == 1 && len(f.marked) == 0 {
		return to.Character(f.single[0])
	}
	if len(f.marked) == 0 {
		return b.String()
	}
	text := "(?:" + b.String()
	for _, marked := range f.marked {
		text += "|"
		for _, r := range marked {
			text += to.Character(r)
		}
	}
	return text + ")"
}

// notComposed returns a condition: no mark follows that would become one character with the character before it.
func notComposed(bases []rune, to Syntax) string {
	var marks []rune
	for _, r := range bases {
		marks = append(marks, composingMarks(r)...)
	}
	if len(marks) == 0 {
		return ""
	}
	slices.Sort(marks)
	var b strings.Builder
	b.WriteString("(?![")
	for _, r := range slices.Compact(marks) {
		b.WriteString(to.Character(r))
	}
	b.WriteString("])")
	return b.String()
}

var composing sync.Map // of []rune by base

// composingMarks returns the marks that change a character that they follow into another one.
func composingMarks(base rune) []rune {
	if known, ok := composing.Load(base); ok {
		return known.([]rune)
	}
	var marks []rune
	for _, block := range [][2]rune{{0x300, 0x346}, {0x653, 0x656}, {0x3099, 0x309B}} {
		for mark := block[0]; mark < block[1]; mark++ {
			if text := string(base) + string(mark); norm.NFC.String(text) != text {
				marks = append(marks, mark)
			}
		}
	}
	if len(marks) < 200 {
		composing.Store(base, marks)
	}
	return marks
}
