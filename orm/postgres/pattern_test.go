package postgres_test

import (
	"regexp"
	"testing"

	"github.com/quintetgo/quintet/orm/internal/regex"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
	"github.com/quintetgo/quintet/orm/postgres"
)

// TestPatterns compares PostgreSQL's matches of translated expressions with those of package regexp.
func TestPatterns(t *testing.T) {
	t.Parallel()
	db := testdb.Postgres(t)
	texts := []string{
		"", "a", "A", "ab", "abc", "aab", "a.c", "a-c", "a]c", `a\c`, "a^c", "foo bar", "foobar", "x1", "_", "é", "É", "ß", "ſ", "s", "k",
		"\u212a", "日本", "\U0001F600", "a\nb", "\n", "line\n", "{2}", "***", "(?i)", "tab\there",
	}
	for _, pattern := range []string{
		"", "a", "^a", "a$", "^$", "a|b", "(a|b)c", "a*", "a+?b", "(?:ab)?c", ".", "^.$", "a.b", "(?s)a.b", "(?m)^b", "(?m)a$", "(?i)A", "[a-c]",
		"[^a-c]", "[^\\n]", "[]]", "[a\\]^-]", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\bbar", "\\Bbar", "\\pL", "\\PL", "\\p{Greek}|é",
		"\\Aa", "c\\z", "\\Q***\\E", "\\x41", "\\x{1F600}", "a{2}", "a{2,}b", "(?P<name>a)b", "\\.", "\\\\", "\\{2\\}", "(?i)k",
		"(?i)ß", "(?i)É", "[[:alpha:]]", "[^\\x00-\\x7f]", "日.", "(?i)[a-z]", "(a|)b", "()a", "a**",
	} {
		for _, fold := range []bool{false, true} {
			prefix := ""
			if fold {
				prefix = "(?i)"
			}
			compiled, err := regexp.Compile(prefix + pattern)
			if err != nil {
				continue
			}
			translated, err := regex.Translate(pattern, fold, postgres.PatternSyntax)
			if err != nil {
				t.Errorf("%q: %v", pattern, err)
				continue
			}
			for _, text := range texts {
				rows, err := db.Query(t.Context(), `SELECT $1::text COLLATE "C" ~ $2`, text, translated)
				if err != nil {
					t.Errorf("%q as %q: %v", pattern, translated, err)
					break
				}
				var got bool
				for rows.Next() {
					if err := rows.Scan(&got); err != nil {
						t.Fatal(err)
					}
				}
				if rows.Close(); got != compiled.MatchString(text) {
					t.Errorf("%q as %q, of %.20q, fold %v: got %v", pattern, translated, text, fold, got)
				}
			}
		}
	}
}
