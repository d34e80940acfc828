package password

import (
	_ "embed"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
)

// MinLength is the minimum number of characters of a password.
const MinLength = 10

// About holds attributes of a user that a password must not resemble. Empty fields are ignored.
type About struct {
	Username, Email, Name string
}

// Help describes the rules of Validate in one sentence, as the help text of inputs for a new password.
var Help = "At least " + strconv.Itoa(MinLength) +
	" characters, not only digits, not a commonly used password, and not your name or email address."

//go:embed common.txt
var commonText string

// Validate returns one message for each reason to refuse a new password; none means that it is accepted. Any characters
// are allowed, and none are required. The codes are password_too_short, password_too_long, password_entirely_numeric,
// password_too_common and password_too_similar.
func Validate(plain string, about About) []message.Message {
	var found []message.Message
	switch n := utf8.RuneCountInString(plain); {
	case n < MinLength:
		found = append(found, message.Message{
			Code:   "password_too_short",
			Text:   "This password is too short: it needs at least {limit} character.",
			Plural: "This password is too short: it needs at least {limit} characters.",
			Count:  "limit",
			Args:   message.Args{"limit": MinLength},
		})
	case len(plain) > MaxLength:
		return []message.Message{message.New("password_too_long",
			"This password is too long: at most {limit} bytes are accepted.", message.Args{"limit": MaxLength})}
	}
	if plain != "" && strings.IndexFunc(plain, func(r rune) bool { return !unicode.IsDigit(r) }) < 0 {
		found = append(found, message.New("password_entirely_numeric", "This password is only digits."))
	}
	if common(plain) {
		found = append(found, message.New("password_too_common", "This password is one of the most used ones."))
	}
	if text := similar(plain, about); text != "" {
		found = append(found, message.New("password_too_similar", text))
	}
	return found
}

// common reports whether plain is a listed password, or a listed word that is only repeated, capitalized, or extended by digits
// and punctuation.
func common(plain string) bool {
	word := strings.ToLower(plain)
	if listed(word) {
		return true
	}
	stem := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	if utf8.RuneCountInString(stem) >= 4 && len(word)-len(stem) <= 4 && listed(stem) {
		return true
	}
	for size := 1; size <= len(word)/2; size++ {
		if len(word)%size == 0 && strings.Repeat(word[:size], len(word)/size) == word && (size <= 3 || listed(word[:size])) {
			return true
		}
	}
	return false
}

// listed reports whether the embedded list, with one word a line, contains a lower-case word.
func listed(word string) bool {
	return word != "" && !strings.Contains(word, "\n") && strings.Contains("\n"+commonText, "\n"+word+"\n")
}

// similar returns the text about the attribute that the password contains or is contained in, or "".
func similar(plain string, about About) string {
	word := strings.ToLower(plain)
	local, _, _ := strings.Cut(about.Email, "@")
	for _, attribute := range []struct{ text, value string }{
		{"This password is too close to your username.", about.Username},
		{"This password is too close to your email address.", about.Email},
		{"This password is too close to your email address.", local},
		{"This password is too close to your name.", about.Name},
	} {
		value := strings.ToLower(strings.TrimSpace(attribute.value))
		if utf8.RuneCountInString(value) < 4 || word == "" {
			continue
		}
		// A password that contains the value is rejected if it has little else.
		if strings.Contains(value, word) || strings.Contains(word, value) && len(word)-len(value) < 6 {
			return attribute.text
		}
	}
	return ""
}
