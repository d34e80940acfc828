package mysql

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/regex"
)

// maxFolded is the longest text of a case-insensitive search. The expressions that search for it have a
// limit of 64 KB.
const maxFolded = 4000

// MatchText implements [dialect.TextMatcher]. The collations of the database that ignore case ignore accents or spaces too,
// so that case is ignored with regular expressions.
func (d mysqlDialect) MatchText(w *dialect.Writer, m dialect.TextMatch) error {
	switch {
	case m.Operation == dialect.TextMatches:
		pattern, err := regex.Translate(m.Value, m.IgnoreCase, regex.Perl)
		if err != nil {
			return fmt.Errorf("mysql: %w", err)
		}
		matchPattern(w, m, pattern, nil)
		return nil
	case m.IgnoreCase:
		return matchFolded(w, m)
	}
	matchExact(w, m)
	return nil
}

// matchFolded writes a comparison that ignores case.
func matchFolded(w *dialect.Writer, m dialect.TextMatch) error {
	folded := regex.Fold(m.Value)
	if len(folded) > maxFolded {
		return fmt.Errorf("mysql: a text of %d bytes is too long for a case-insensitive search; the longest has %d", len(folded),
			maxFolded)
	}
	start := m.Operation == dialect.TextEquals || m.Operation == dialect.TextStartsWith
	end := m.Operation == dialect.TextEquals || m.Operation == dialect.TextEndsWith
	pattern := regex.Folded(folded, start, end, regex.Perl)
	expansions := regex.Expansions(folded)
	if !m.Repeatable || !isASCII(folded) || folded == "" {
		matchPattern(w, m, pattern, expansions)
		return nil
	}
	// Most texts are ASCII, and LIKE is faster than an expression.
	w.Text("CASE WHEN LENGTH(")
	w.Raw(m.Left)
	w.Text(") = CHAR_LENGTH(")
	w.Raw(m.Left)
	w.Text(") THEN ")
	w.Raw(m.Left)
	w.Text(" COLLATE utf8mb4_general_ci LIKE ")
	w.Bind(likePattern(m.Operation, folded))
	w.Text(" ESCAPE '!' ELSE ")
	matchPattern(w, m, pattern, expansions)
	w.Text(" END")
	return nil
}

// matchPattern writes that a text, in which characters have been replaced, matches an expression.
func matchPattern(w *dialect.Writer, m dialect.TextMatch, pattern string, expansions []regex.Expansion) {
	w.Text(strings.Repeat("REPLACE(", len(expansions)))
	w.Raw(m.Left)
	w.Text(" COLLATE utf8mb4_bin")
	for _, e := range expansions {
		w.Text(", '" + e.Character + "', '" + e.Folded + "')")
	}
	w.Text(" REGEXP ")
	w.Bind(pattern)
}

// matchExact writes a comparison by code point. BINARY makes it so for columns of any collation, and the plain
// comparison before it lets an index find texts that begin with the value.
func matchExact(w *dialect.Writer, m dialect.TextMatch) {
	pattern := likePattern(m.Operation, m.Value)
	indexed := m.Operation == dialect.TextStartsWith && m.Repeatable
	if indexed {
		w.Text("(")
		w.Raw(m.Left)
		w.Text(" LIKE ")
		w.Bind(pattern)
		w.Text(" ESCAPE '!' AND ")
	}
	w.Raw(m.Left)
	w.Text(" LIKE BINARY ")
	w.Bind(pattern)
	w.Text(" ESCAPE '!'")
	if indexed {
		w.Text(")")
	}
}

var likeEscapes = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// likePattern returns the pattern of LIKE ... ESCAPE '!'.
func likePattern(operation dialect.TextOperation, value string) string {
	pattern := likeEscapes.Replace(value)
	switch operation {
	case dialect.TextContains:
		return "%" + pattern + "%"
	case dialect.TextStartsWith:
		return pattern + "%"
	case dialect.TextEndsWith:
		return "%" + pattern
	}
	return pattern
}
