package settings

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// NewKeyHint describes how to generate a secret key, as the beginning or end of a sentence.
const NewKeyHint = "openssl rand -base64 48 prints a good one"

const (
	leastLength = 32 // in characters
	leastBits   = 80 // estimated entropy of the characters; random keys of that length have more
)

// words are the words of placeholder keys, in the form that plain returns. They are long enough to be rare among
// random characters.
var words = []string{ //nolint:gochecknoglobals // a table
	"changethis", "changeme", "change", "insecure", "django", "quintet", "example", "replace", "please", "placeholder",
	"secret", "password", "passwort", "production", "development", "default", "testing", "sample", "dummy", "random",
	"string", "characters", "letters", "value", "verysecret", "supersecret", "insert", "your", "qwertyuiop",
	"asdfghjkl", "zxcvbnm", "qwerty", "hunter2", "letmein", "admin", "atleast", "openssl", "foobar", "deadbeef",
}

// Weakness returns why a text could be guessed and is not suitable as a secret key, as the end of a sentence, or ""
// if no weakness is found. It detects keys that are short, repetitive, alphabetical, or consist of words, such as
// those of examples.
func (s Secret) Weakness() string {
	text := string(s)
	length, known := len([]rune(text)), wordLength(text)
	switch {
	case length < leastLength:
		return fmt.Sprintf("it has %d characters, but at least %d are required", length, leastLength)
	case strings.HasPrefix(text, "django-insecure-"):
		return "it begins with django-insecure-, Django's marker for development keys"
	case isPlaceholder(text):
		return "it is a placeholder in angle brackets"
	case known > 0 && length-known < leastLength || 2*known >= length:
		return "it consists of words, like the keys of examples"
	case phrase(text):
		return "it consists of few words"
	case spread(text) < leastBits:
		return "it has few different characters"
	case regular(text):
		return "it is repetitive or alphabetical"
	}
	return ""
}

// isPlaceholder reports whether a text consists of words in angle brackets.
func isPlaceholder(text string) bool {
	inside, begins := strings.CutPrefix(text, "<")
	inside, ends := strings.CutSuffix(inside, ">")
	return begins && ends && !strings.ContainsFunc(inside, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -_.,", r)
	})
}

// plain returns the letters and digits of a text, in lower case.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// wordLength returns how many letters and digits belong to known words.
func wordLength(text string) int {
	text = plain(text)
	rest := text
	for _, word := range words {
		rest = strings.ReplaceAll(rest, word, "")
	}
	return len(text) - len(rest)
}

// phrase reports whether a text consists of words that are few enough to guess, at 12 bits each.
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

// mixedCase reports whether a word has upper-case letters after the first letter, and lower-case ones among them.
func mixedCase(word string) bool {
	rest := string([]rune(word)[1:])
	return rest != strings.ToLower(rest) && word != strings.ToUpper(word)
}

// spread estimates the entropy of a text in bits from the frequency of its characters.
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

// regular reports whether most characters can be derived from those before them: by the same step as the previous
// one, as in aaaa, abcd and 9876, or because three characters occurred together before.
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
