package schema

import (
	"encoding/json"
	"fmt"
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
			i++
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
