package postgres

import (
	"strings"
	"unicode/utf8"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/regex"
)

// Text is folded as Unicode does it: of all functions, upper of lower in ICU's root locale makes the texts equal whose
// case foldings are, "ß" and "ss" or "ς" and "σ" among them.
// Only "ı" would become the same as "i", so that a character without a meaning takes its place.
const (
	foldBefore = `upper(replace(lower(normalize(`
	foldAfter  = `) COLLATE "und-x-icu"), U&'\0131', U&'\E131') COLLATE "und-x-icu")`
)

// MatchText implements [dialect.TextMatcher]. LIKE is case-sensitive and can use an index, so everything but regular
// expressions and folded text is compared with it.
func (d postgresDialect) MatchText(w *dialect.Writer, m dialect.TextMatch) error {
	switch {
	case m.Operation == dialect.TextMatches:
		return d.matchPattern(w, m)
	case m.IgnoreCase && m.Repeatable:
		matchFolded(w, m)
	case m.IgnoreCase:
		compareFolded(w, m)
	case m.Operation == dialect.TextEquals:
		w.Raw(m.Left)
		w.Text(" = ")
		w.Bind(m.Value)
	default:
		w.Raw(m.Left)
		w.Text(" LIKE ")
		w.Bind(likePattern(m.Operation, m.Value))
	}
	return nil
}

// matchPattern writes a comparison with a regular expression. The collation keeps \w and its relatives to ASCII, as
// they are in Go.
func (d postgresDialect) matchPattern(w *dialect.Writer, m dialect.TextMatch) error {
	pattern, err := regex.Translate(m.Value, m.IgnoreCase, patternSyntax)
	if err != nil {
		return dialect.Unsupported(d, "the regular expression: "+err.Error())
	}
	w.Raw(m.Left)
	w.Text(` COLLATE "C" ~ `)
	w.Bind(pattern)
	return nil
}

// matchFolded compares case-insensitively, and folds with ICU only the rows with characters outside of ASCII.
func matchFolded(w *dialect.Writer, m dialect.TextMatch) {
	folded := regex.Fold(m.Value)
	notASCII := func() {
		w.Text("octet_length(")
		w.Raw(m.Left)
		w.Text(") <> length(")
		w.Raw(m.Left)
		w.Text(")")
	}
	switch {
	case isASCII(m.Value):
		w.Text("CASE WHEN ")
		notASCII()
		w.Text(" THEN ")
		compareFolded(w, m)
		w.Text(" ELSE lower(")
		w.Raw(m.Left)
		w.Text(` COLLATE "C") LIKE `)
		w.Bind(likePattern(m.Operation, folded))
		w.Text(" END")
	case isASCII(folded): // "ſ" is an s: rows in ASCII may match
		compareFolded(w, m)
	default:
		w.Text("(")
		notASCII()
		w.Text(" AND ")
		compareFolded(w, m)
		w.Text(")")
	}
}

// compareFolded writes a comparison of the folded texts.
func compareFolded(w *dialect.Writer, m dialect.TextMatch) {
	left := func() {
		w.Text(foldBefore)
		w.Raw(m.Left)
		w.Text(foldAfter)
	}
	right := func() {
		w.Text(foldBefore)
		w.BindTyped(m.Value, dialect.TypeText)
		w.Text(foldAfter)
	}
	call := func(function, after string) {
		w.Text(function)
		left()
		w.Text(", ")
		right()
		w.Text(after)
	}
	switch m.Operation {
	case dialect.TextContains:
		call("strpos(", ") > 0")
	case dialect.TextStartsWith:
		call("starts_with(", ")")
	case dialect.TextEndsWith: // the end of the text, as long as the value
		w.Text("right(")
		left()
		w.Text(", length(")
		right()
		w.Text(")) = ")
		right()
	default:
		left()
		w.Text(" = ")
		right()
	}
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

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

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
