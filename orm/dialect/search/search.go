package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxWords = 40 // of a text; those that follow are left out
	maxWord  = 80 // characters; databases do not index longer words alike
)

// Query is a text that a user searches for.
type Query struct {
	Terms []Term
	found bool // a term is not excluded, and rows may have it
}

// Nothing reports whether no row can be found: the text has nothing to search for.
func (q Query) Nothing() bool { return !q.found }

// Parse reads a text. It has words, all of which are searched for; "words in quotes", which are searched for one after the
// other; -words and -"words in quotes", which rows must not have; and words* that a row may continue. Everything that is not
// a letter, a mark or a digit separates words, so that e-mail is searched for as "e mail", and e-mai* as e and mai*. A
// quotation mark that is not closed ends at the end of the text. Every text is valid.
//
// A text without a word that is searched for finds nothing, as does one with a word of more than 80 characters. Of a text
// with more than 40 words the first 40 are used.
func Parse(text string) Query {
	q := Query{}
	words, found, long := 0, false, false
	for text != "" && words < maxWords {
		var t Term
		var part string
		t.Exclude, part, text = cut(text)
		if t.Words = split(part, maxWords-words); len(t.Words) == 0 {
			continue
		}
		words += len(t.Words)
		t.Prefix = strings.HasSuffix(part, "*") && endsInWord(strings.TrimRight(part, "*"))
		if tooLong(t.Words) {
			long = long || !t.Exclude // no row has it
			continue
		}
		found = found || !t.Exclude
		last := len(t.Words) - 1
		if t.Prefix && last > 0 && !t.Exclude { // not every database knows the beginning of a word in a phrase
			q.Terms = append(q.Terms, Term{Words: t.Words[:last]})
			t.Words = t.Words[last:]
		}
		t.Prefix = t.Prefix && len(t.Words) == 1
		q.Terms = append(q.Terms, t)
	}
	q.found = found && !long
	return q
}

// cut returns the first part of a text, which a space or a quotation mark ends, and what follows.
func cut(text string) (exclude bool, part, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	text, exclude = strings.CutPrefix(text, "-")
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		part, rest, _ = strings.Cut(quoted, `"`)
		if strings.HasPrefix(rest, "*") {
			part, rest = part+"*", rest[1:]
		}
		return exclude, part, rest
	}
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' })
	if end < 0 {
		end = len(text)
	}
	return exclude, text[:end], text[end:]
}

// split returns the first words of a text.
func split(text string, most int) []string {
	words := strings.FieldsFunc(strings.ToValidUTF8(text, " "), func(r rune) bool { return !inWord(r) })
	return words[:min(len(words), most)]
}

// inWord reports whether a character is a part of a word.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) }

func endsInWord(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return inWord(r)
}

func tooLong(words []string) bool {
	for _, w := range words {
		if utf8.RuneCountInString(w) > maxWord {
			return true
		}
	}
	return false
}
