package auth

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
)

// Normalize returns the form in which user names are stored and compared: case-folded, which also unifies letters with several
// lower-case forms (ß and ss, ς and σ), in Unicode normalization form NFKC, without surrounding white space.
func Normalize(name string) string {
	for range 4 { // folding may need another normalization, and conversely
		next := strings.TrimSpace(norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name))))
		if next == name {
			break
		}
		name = next
	}
	return name
}

// NormalizeEmail returns the form in which email addresses are stored and compared: lower case, NFKC, without surrounding white
// space. Unlike [Normalize] it does not replace letters, which could result in the address of another person.
func NormalizeEmail(address string) string {
	return strings.TrimSpace(norm.NFKC.String(strings.ToLower(norm.NFKC.String(address))))
}

// usernameHelp is the help text of inputs for a user name.
const usernameHelp = "Letters, digits and @ . + - _ only."

// validUsername rejects names that look like others.
func validUsername(name string) error {
	name = Normalize(name)
	for _, c := range name {
		if invisible(c) {
			return orm.Invalid("", "This name contains an invisible character. Type it instead of pasting it.")
		}
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) && !strings.ContainsRune("@.+-_", c) {
			return orm.Invalid("", "Use letters, digits and @ . + - _ only.")
		}
	}
	if first := firstRune(name); unicode.IsMark(first) {
		return orm.Invalid("", "Begin with a letter or a digit.")
	}
	// The parts of an address may be in different scripts, as in иван@example.com.
	for _, part := range strings.FieldsFunc(name, func(c rune) bool { return c == '@' || c == '.' }) {
		if mixedScripts(part) {
			return orm.Invalid("", "Use letters and digits of one script: names that mix scripts look like others.")
		}
	}
	return nil
}

// validEmailLetters rejects addresses that users or mail systems may confuse with others.
func validEmailLetters(address string) error {
	address = NormalizeEmail(address)
	for _, c := range address {
		if invisible(c) {
			return orm.Invalid("", "This address contains an invisible character. Type it instead of pasting it.")
		}
		if c == 'ı' || c == 'ȷ' || c > unicode.MaxASCII && cases.Fold().String(string(c)) != string(c) {
			return orm.Invalid("", "This address contains “{letter}”, which some systems read as another letter. "+
				"If the address is correct, write its domain in ASCII (xn--…).", message.Args{"letter": string(c)})
		}
	}
	for _, part := range strings.FieldsFunc(address, func(c rune) bool { return c == '@' || c == '.' }) {
		if mixedScripts(part) {
			return orm.Invalid("", "Use letters of one script between the dots: addresses that mix scripts look like others.")
		}
	}
	return nil
}

// validCase rejects values that are not normalized: a user model whose Normalize method does not call that of Base would
// otherwise store accounts that differ only in case.
func validCase(normalize func(string) string) func(string) error {
	return func(text string) error {
		if normal := normalize(text); text != normal {
			return orm.Invalid("", "Write this as “{normal}”.", message.Args{"normal": normal})
		}
		return nil
	}
}

// invisible reports whether a character is not displayed: joiners, fillers, variation selectors and control characters.
func invisible(c rune) bool {
	return unicode.In(c, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Cf, unicode.Cc, unicode.Me) ||
		c == 0x2800 // braille blank
}

// combinations are the sets of scripts that one language is written in.
var combinations = []map[string]bool{
	{"Latin": true, "Han": true, "Hiragana": true, "Katakana": true},
	{"Latin": true, "Han": true, "Bopomofo": true},
	{"Latin": true, "Han": true, "Hangul": true},
}

// mixedScripts reports whether a word combines scripts, or systems of digits, that no language combines.
// These are the combinations of the "highly restrictive" level of Unicode Technical Standard 39.
func mixedScripts(word string) bool {
	found := map[string]bool{}
	zero := rune(-1)
	for _, c := range word {
		if unicode.Is(unicode.Nd, c) {
			start := zeroOf(c)
			if zero >= 0 && start != zero {
				return true
			}
			zero = start
		}
		if script := scriptOf(c); script != "" {
			found[script] = true
		}
	}
	if len(found) < 2 {
		return false
	}
	for _, set := range combinations {
		fits := true
		for script := range found {
			fits = fits && set[script]
		}
		if fits {
			return false
		}
	}
	return true
}

// scriptOf returns the script of a letter or mark, or "" for characters that all scripts share.
func scriptOf(c rune) string {
	switch {
	case c <= unicode.MaxASCII:
		if unicode.IsLetter(c) {
			return "Latin"
		}
		return ""
	case unicode.In(c, unicode.Common, unicode.Inherited):
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, c) {
			return name
		}
	}
	return "unknown"
}

// zeroOf returns the digit zero of the system that the digit c belongs to. Digits of a system are consecutive.
func zeroOf(c rune) rune {
	for _, r := range unicode.Nd.R16 {
		if rune(r.Lo) <= c && c <= rune(r.Hi) {
			return rune(r.Lo) + (c-rune(r.Lo))/10*10
		}
	}
	for _, r := range unicode.Nd.R32 {
		if rune(r.Lo) <= c && c <= rune(r.Hi) {
			return rune(r.Lo) + (c-rune(r.Lo))/10*10
		}
	}
	return -1
}

func firstRune(text string) rune {
	for _, c := range text {
		return c
	}
	return 0
}
