package dialect

// TextOperation is a way to compare text.
type TextOperation uint8

// The operations on text.
const (
	TextEquals     TextOperation = iota // the whole text is the value
	TextContains                        // the value is a part of the text
	TextStartsWith                      // the text begins with the value
	TextEndsWith                        // the text ends with the value
	TextMatches                         // the value is a regular expression that matches a part of the text
)

// TextMatch is a comparison of a text with a value.
type TextMatch struct {
	// Left is the SQL of the text; arguments in it are bound already.
	Left []byte
	// Repeatable reports that Left may be written more than once, as it is a plain column.
	Repeatable bool
	// Operation is how the text is compared.
	Operation TextOperation
	// IgnoreCase makes the comparison case-insensitive for all of Unicode; otherwise it is case-sensitive.
	IgnoreCase bool
	// Value is valid for the operation: a regular expression compiles with package regexp, no value has a NUL byte,
	// and it is empty for TextEquals and TextMatches only.
	Value string
}

// TextMatcher is implemented by dialects that can search text. Characters with a meaning in the
// patterns of the database ("%", "_", "\") are ordinary characters of a value, except in regular expressions.
type TextMatcher interface {
	// MatchText writes a condition that is NULL where the text is NULL.
	MatchText(w *Writer, m TextMatch) error
}

// MatchText writes a condition on text. It returns an [UnsupportedError] if the dialect is no [TextMatcher].
func (w *Writer) MatchText(m TextMatch) error {
	if matcher, ok := w.dialect.(TextMatcher); ok {
		return matcher.MatchText(w, m)
	}
	return Unsupported(w.dialect, "lookups in text")
}
