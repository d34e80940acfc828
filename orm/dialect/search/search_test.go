package search_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/quintetgo/quintet/orm/dialect/search"
)

// show writes a query as a user would, with each term in a normal form.
func show(q search.Query) string {
	var parts []string
	for _, t := range q.Terms {
		part := strings.Join(t.Words, " ")
		if len(t.Words) > 1 {
			part = `"` + part + `"`
		}
		if t.Exclude {
			part = "-" + part
		}
		if t.Prefix {
			part += "*"
		}
		parts = append(parts, part)
	}
	if q.Nothing() {
		parts = append(parts, "(nothing)")
	}
	return strings.Join(parts, " ")
}

func TestParse(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 81)
	for text, want := range map[string]string{
		"":                               "(nothing)",
		"  \t\n ":                        "(nothing)",
		"go web":                         "go web",
		`"web framework" go`:             `"web framework" go`,
		`go "web framework`:              `go "web framework"`,
		`go"web framework"db`:            `go "web framework" db`,
		"go -java":                       "go -java",
		`go -"web framework"`:            `go -"web framework"`,
		"-java":                          "-java (nothing)",
		"--java":                         "-java (nothing)",
		"- java":                         "java",
		"web*":                           "web*",
		"web**":                          "web*",
		"we*b":                           `"we b"`,
		"*":                              "(nothing)",
		`"web fra"*`:                     "web fra*",
		`-"web fra"* e-mai*`:             `-"web fra" e mai*`,
		`""* x`:                          "x",
		"e-mail":                         `"e mail"`,
		"C++ snake_case":                 `C "snake case"`,
		"a AND b OR NOT c":               "a AND b OR NOT c",
		"NEAR(a b)":                      `"NEAR a" b`,
		"a & !b | (c) <-> d:*":           "a b c d",
		"title:go ^go {x}":               `"title go" go x`,
		"+go ~web <x >y @3":              "go web x y 3",
		"été हिन्दी 日本":                  "été हिन्दी 日本",
		"l’été":                          `"l été"`,
		"\x00go\xff\xfeweb":              `"go web"`,
		"'; DROP TABLE post; --":         "DROP TABLE post",
		"😀 go":                           "go",
		"go " + long:                     "go (nothing)",
		"go -" + long:                    "go",
		strings.Repeat("w ", 100):        strings.TrimSpace(strings.Repeat("w ", 40)),
		strings.Repeat("w-", 100) + " x": `"` + strings.TrimSpace(strings.Repeat("w ", 40)) + `"`,
	} {
		if got := show(search.Parse(text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// FuzzParse checks that every text becomes terms that no database can misread, and that their normal form is read as the
// same terms.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "go -java", `"a b"* c`, `-"`, "\xff*", "e-mail", "a\x00b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := search.Parse(text)
		words, wanted := 0, 0
		for _, term := range q.Terms {
			words += len(term.Words)
			if !term.Exclude {
				wanted++
			}
			if problem := invalid(term); problem != "" {
				t.Fatalf("%q: %s", text, problem)
			}
		}
		if words > 40 {
			t.Errorf("%q: %d words", text, words)
		}
		if wanted == 0 && !q.Nothing() {
			t.Errorf("%q: nothing to search for, but rows may be found", text)
		}
		if again := search.Parse(strings.TrimSuffix(show(q), "(nothing)")); fmt.Sprint(again.Terms) != fmt.Sprint(q.Terms) {
			t.Errorf("%q: %v is read again as %v", text, q.Terms, again.Terms)
		}
	})
}

func invalid(term search.Term) string {
	if len(term.Words) == 0 {
		return "a term has no words"
	}
	for _, w := range term.Words {
		outside := strings.IndexFunc(w, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
		if w == "" || outside >= 0 || len([]rune(w)) > 80 {
			return fmt.Sprintf("a term has the word %q", w)
		}
	}
	return ""
}
