package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SnakeName returns the column or field name for a Go name: "CreatedAt" into "created_at", "OAuthID" into "oauth_id",
// "HTMLBody" into "html_body", "OIDCID" into "oidc_id".
func SnakeName(name string) string { return strings.ToLower(strings.Join(splitWords(name), "_")) }

// splitWords splits a name in mixed case: "HTMLBody" into "HTML", "Body".
func splitWords(name string) []string {
	var words []string
	for name != "" {
		word := nextWord(name)
		name = strings.TrimLeft(name[len(word):], "_")
		if word = strings.Trim(word, "_"); word != "" {
			words = append(words, splitUpper(word)...)
		}
	}
	return words
}

// nextWord returns the first word of a name in mixed case.
func nextWord(s string) string {
	for _, initialism := range initialisms {
		if rest, ok := strings.CutPrefix(s, initialism); ok {
			if next, _ := utf8.DecodeRuneInString(rest); rest == "" || !unicode.IsLower(next) {
				return initialism + digits(rest)
			}
		}
	}
	runes := []rune(s)
	i := 1
	for i < len(runes) && unicode.IsUpper(runes[0]) && (unicode.IsUpper(runes[i]) || unicode.IsDigit(runes[i])) {
		i++ // a run of upper case: its last letter begins the next word if a lower-case letter follows
	}
	if i > 1 && i < len(runes) && unicode.IsLower(runes[i]) && unicode.IsUpper(runes[i-1]) {
		if plural := i+1 == len(runes) || !unicode.IsLower(runes[i+1]); plural && runes[i] == 's' {
			return string(runes[:i+1]) // "OIDCIDs"
		}
		return string(runes[:i-1])
	}
	if i > 1 {
		return string(runes[:i])
	}
	for i < len(runes) && !unicode.IsUpper(runes[i]) && runes[i] != '_' {
		i++
	}
	return string(runes[:i])
}

// TableName returns the table of a model, "blog_post" for the model Post of the app blog.
func TableName(app, model string) string {
	if app == "" {
		return SnakeName(model)
	}
	return SnakeName(app) + "_" + SnakeName(model)
}

// maxName is the length of the longest identifier that every database accepts.
const maxName = 63

// ConstraintName returns the name of an index or constraint, such as "blog_post_slug_uniq". Names longer than 63 bytes are
// truncated and end in a hash of the full name.
func ConstraintName(table, suffix string, columns ...string) string {
	name := table + "_" + strings.Join(columns, "_") + "_" + suffix
	if len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	tail := "_" + hex.EncodeToString(sum[:4]) + "_" + suffix
	return strings.ToValidUTF8(name[:maxName-len(tail)], "") + tail
}

// LabelOf returns "created at" for "CreatedAt" and "HTML body" for "HTMLBody".
func LabelOf(goName string) string {
	words := splitWords(goName)
	for i, w := range words {
		if len(w) < 2 || strings.ToUpper(w) != w {
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}

// Plural returns the regular English plural of a label or a Go name: "post" becomes "posts", "Category" becomes
// "Categories", "box" becomes "boxes". Irregular plurals are not known.
func Plural(label string) string {
	switch {
	case label == "":
		return ""
	case strings.HasSuffix(label, "y") && len(label) > 1 && !strings.ContainsRune("aeiou", rune(label[len(label)-2])):
		return label[:len(label)-1] + "ies"
	case strings.HasSuffix(label, "s"), strings.HasSuffix(label, "x"), strings.HasSuffix(label, "z"),
		strings.HasSuffix(label, "ch"), strings.HasSuffix(label, "sh"):
		return label + "es"
	}
	return label + "s"
}

// CapitalFirst returns s with its first letter in upper case.
func CapitalFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
