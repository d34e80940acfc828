package auth

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
)

// Normalize returns the form in which user names are kept and compared: without regard to case, also
// where letters have several small forms (ß and ss, ς and σ), with look-alike forms of the same
// character made one (NFKC), without space around.
func Normalize(name string) string {
	for range 4 { // folding may leave something to compose and the other way round
		next := strings.TrimSpace(norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name))))
		if next == name {
			break
		}
		name = next
	}
	return name
}

// NormalizeEmail returns the form in which email addresses are kept and compared: lower case, NFKC,
// without space around. Letters are not replaced by others as in [Normalize], which would make it the
// address of somebody else.
func NormalizeEmail(address string) string {
	return strings.TrimSpace(norm.NFKC.String(strings.ToLower(norm.NFKC.String(address))))
}

// usernameHelp is the help text of every form that asks for a user name.
const usernameHelp = "Letters, digits and @ . + - _ only."

// validUsername refuses names that people could not tell from others.
func validUsername(name string) error {
	name = Normalize(name)
	for _, c := range name {
		if invisible(c) {
			return orm.Invalid("", "This name contains a character that cannot be seen. Type it again, without copying it from elsewhere.")
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

// validEmailLetters refuses addresses that people, or the mail systems that they pass, take for those of others.
func validEmailLetters(address string) error {
	address = NormalizeEmail(address)
	for _, c := range address {
		if invisible(c) {
			return orm.Invalid("", "This address contains a character that cannot be seen. Type it again, without copying it from elsewhere.")
		}
		if c == 'ı' || c == 'ȷ' || c > unicode.MaxASCII && cases.Fold().String(string(c)) != string(c) {
			return orm.Invalid("", "This address contains “{letter}”, which is read as another letter in some places. If the address is right, write its domain in ASCII (xn--…).", message.Args{"letter": string(c)})
		}
	}
	for _, part := range strings.FieldsFunc(address, func(c rune) bool { return c == '@' || c == '.' }) {
		if mixedScripts(part) {
			return orm.Invalid("", "Use letters of one script between the dots: addresses that mix scripts look like others.")
		}
	}
	return nil
}

// validCase finds models whose Normalize does not call ours, before two accounts differ by case only.
func validCase(normalize func(string) string) func(string) error {
	return func(text string) error {
		if normal := normalize(text); text != normal {
			return orm.Invalid("", "Write this as “{normal}”.", message.Args{"normal": normal})
		}
		return nil
	}
}

// invisible reports whether a character is not shown: joiners, fillers, variation selectors, marks
// that only control others.
func invisible(c rune) bool {
	return unicode.In(c, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Cf, unicode.Cc, unicode.Me) ||
		c == 0x2800 // braille blank
}

// together are the scripts that are written together in one language; Latin is in all three.
var together = []map[string]bool{
	{"Latin": true, "Han": true, "Hiragana": true, "Katakana": true},
	{"Latin": true, "Han": true, "Bopomofo": true},
	{"Latin": true, "Han": true, "Hangul": true},
}

// mixedScripts reports whether a word has letters of scripts, or digits of systems, that no language writes together.
// These are the combinations of the "highly restrictive" level of Unicode Technical Standard 39.
func mixedScripts(word string) bool {
	found := map[string]bool{}
	zero := rune(-1)
	for _, c := range word {
		if unicode.Is(unicode.Nd, c) {
			if start := zeroOf(c); zero >= 0 && start != zero {
				return true
			} else {
				zero = start
			}
		}
		if script := scriptOf(c); script != "" {
			found[script] = true
		}
	}
	if len(found) < 2 {
		return false
	}
	for _, set := range together {
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

// scriptOf returns the script of a letter or mark, or "" for what all scripts share.
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

// zeroOf returns the zero of the digits that c belongs to. They come in runs of ten.
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
