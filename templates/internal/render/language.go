package render

import "time"

// Language writes texts and values in the language of a page's reader. The text is not escaped; the page does that. A Language
// must be safe for concurrent use.
type Language interface {
	// Text returns the translation of a text, with the placeholders in braces that have an argument filled in. context
	// distinguishes texts that are equal in English; it may be "". plural is "" for texts that do not depend on the number n.
	Text(context, text, plural string, n int64, args map[string]any) string
	// Localize returns the text of a value that can be translated, such as a message, and false for all others.
	Localize(v any) (text string, ok bool)
	// FormatTime returns a time in a style of the function date, such as "medium", "datetime" or "time", and false for styles
	// that are the same in all languages.
	FormatTime(style string, t time.Time) (text string, ok bool)
}
