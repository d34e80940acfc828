package settings

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// NewKeyHint says how to make a secret key.
const NewKeyHint = "openssl rand -base64 48 prints a good one"

const (
	leastLength = 32 // characters
	leastBits   = 80 // by which the characters of a key of that length differ, estimated; random ones have more
)

// words are those that keys for trying out are made of, in the form that plain gives them. They are long enough to be rare
// among random characters.
var words = []string{ //nolint:gochecknoglobals // a table
	"changethis", "changeme", "change", "insecure", "django", "quintet", "example", "replace", "please", "placeholder", "secret", "password", "passwort",
	"production", "development", "default", "testing", "sample", "dummy", "random", "string", "characters", "letters", "value", "verysecret", "supersecret",
	"insert", "your", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwerty", "hunter2", "letmein", "admin", "atleast", "openssl", "foobar", "deadbeef",
}

// Weakness returns why a text could be guessed and so is no key to sign with, as the end of a sentence, or "" if nothing
// speaks against it. It finds keys that are short, repeat themselves, follow the alphabet, or are made of words, such as
// those that examples show.
func (s Secret) Weakness() string {
	text := string(s)
	length, known := len([]rune(text)), wordLength(text)
	switch {
	case length < leastLength:
		return fmt.Sprintf("it has %d characters, and needs at least %d", length, leastLength)
	case strings.HasPrefix(text, "django-insecure-"):
		return "it begins with django-insecure-, by which Django marks keys for development"
	case isPlaceholder(text):
		return "it stands in angle brackets, as what is to be replaced"
	case known > 0 && length-known < leastLength || 2*known >= length:
		return "it is made of words, as keys in examples are"
	case phrase(text):
		return "it is made of few words"
	case spread(text) < leastBits:
		return "it has few different characters"
	case regular(text):
		return "it repeats itself, or follows the alphabet"
	}
	return ""
}

// isPlaceholder reports whether a text is words in angle brackets.
func isPlaceholder(text string) bool {
	inside, begins := strings.CutPrefix(text, "<")
	inside, ends := strings.CutSuffix(inside, ">")
	return begins && ends && !strings.ContainsFunc(inside, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -_.,", r)
	})
}

// plain keeps letters and digits, in lower case.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// wordLength returns how many letters and digits belong to words.
func wordLength(text string) int {
	text = plain(text)
	rest := text
	for _, word := range words {
		rest = strings.ReplaceAll(rest, word, "")
	}
	return len(text) - len(rest)
}

// phrase reports whether a text is written words, fewer than are hard to guess at 12 bits each.
func phrase(text string) bool {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" _-.,:;!?", r) })
	if len(parts) < 3 || len(parts) > 10 {
		return false
	}
	for _, part := range parts {
		if len(part) > 14 || strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) || mixedCase(part) {
			return false
		}
	}
	return true
}

// mixedCase reports whether capitals follow after the first letter, with small letters among them.
func mixedCase(word string) bool {
	rest := string([]rune(word)[1:])
	return rest != strings.ToLower(rest) && word != strings.ToUpper(word)
}

// spread estimates how many bits the characters of a text hold, from how often each occurs.
func spread(text string) float64 {
	counts, total := map[rune]float64{}, 0.0
	for _, r := range text {
		counts[r]++
		total++
	}
	bits := 0.0
	for _, n := range counts {
		bits -= n * math.Log2(n/total)
	}
	return bits
}

// regular reports whether most characters follow from those before them: by the same step as the one before, as in aaaa,
// abcd and 9876, or since three of them stood together before.
func regular(text string) bool {
	runes := []rune(text)
	seen := map[[3]rune]bool{}
	steps, again := 0, 0
	for i := 2; i < len(runes); i++ {
		if step := runes[i] - runes[i-1]; step == runes[i-1]-runes[i-2] && step >= -1 && step <= 1 {
			steps++
		}
		three := [3]rune{runes[i-2], runes[i-1], runes[i]}
		if seen[three] {
			again++
		}
		seen[three] = true
	}
	return 3*steps > len(runes) || 3*again > len(runes)
}
