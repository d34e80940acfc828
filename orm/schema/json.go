package schema

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
)

// MaxJSONDepth is how deep arrays and objects may be nested in a JSON field. SQLite reads 1,000 levels; beyond, every query
// that looks into the column would fail for every row.
const MaxJSONDepth = 500

// checkJSON reports why a text is no JSON that every database reads.
func (f *Field) checkJSON(text string) error {
	if !json.Valid([]byte(text)) {
		return f.unfit(text, shortened(text)+" is not valid JSON", message.New("invalid", "Enter valid JSON."))
	}
	if !utf8.ValidString(text) {
		return f.unfit(text, shortened(text)+" is not valid UTF-8", message.New("invalid", "Enter valid JSON, in UTF-8."))
	}
	depth, inside := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inside && c == '\\':
			length := escapeLength(text[i:])
			if length == 0 {
				return f.unfit(text, shortened(text)+" holds characters that cannot be stored",
					message.New("invalid", "This text contains characters that cannot be stored."))
			}
			i += length - 1
		case c == '"':
			inside = !inside
		case inside:
		case c == '[' || c == '{':
			if depth++; depth > MaxJSONDepth {
				public := message.New("invalid", "Nest arrays and objects at most {limit} levels deep.",
					message.Args{"limit": MaxJSONDepth})
				return f.unfit(text, fmt.Sprintf("the JSON is nested more than %d levels deep", MaxJSONDepth), public)
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return nil
}

// escapeLength returns the length of the escape sequence with which a part of a valid JSON document begins, a surrogate pair
// being one. It is 0 for a NUL and for half of a pair, which not every database stores.
func escapeLength(text string) int {
	r, ok := unicodeEscape(text)
	switch {
	case !ok:
		return 2
	case r == 0, r >= 0xDC00 && r <= 0xDFFF:
		return 0
	case !utf16.IsSurrogate(r):
		return 6
	}
	if second, ok := unicodeEscape(text[6:]); ok && second >= 0xDC00 && second <= 0xDFFF {
		return 12
	}
	return 0
}

// unicodeEscape returns the code of an escape sequence such as "\u00e4".
func unicodeEscape(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}
