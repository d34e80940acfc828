package staticfiles

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// span is where the address of another file is in a style sheet or script, without its quotes, and the address itself, with
// the escapes of the language undone.
type span struct {
	start, end int
	text       string
	sourceMap  bool // for tools only: nothing is lost without it
}

// stylesheetSpans returns what a style sheet refers to, in order: url(…) anywhere, the text of @import, and the texts of
// image-set() and src(). Comments, other texts, and names that only look like addresses (@namespace) are none.
func stylesheetSpans(content []byte) []span {
	var list []span
	input := parse.NewInputBytes(wellFormed(content))
	lexer := css.NewLexer(input)
	var functions []string // the open parentheses; "" for one without a name
	importing, ignoring := false, false
	for {
		kind, data := lexer.Next()
		end := input.Offset()
		start := end - len(data)
		switch kind {
		case css.ErrorToken:
			return withSourceMap(list, content)
		case css.CommentToken, css.WhitespaceToken:
			continue
		case css.AtKeywordToken:
			name := strings.ToLower(unescapeCSS(string(data[1:])))
			importing = name == "import"
			ignoring = name == "namespace" || strings.HasSuffix(name, "document")
			continue
		case css.SemicolonToken, css.LeftBraceToken:
			ignoring = false
		case css.FunctionToken:
			functions = append(functions, strings.ToLower(unescapeCSS(string(data[:len(data)-1]))))
		case css.LeftParenthesisToken:
			functions = append(functions, "")
		case css.RightParenthesisToken:
			functions = functions[:max(0, len(functions)-1)]
		case css.URLToken:
			start += bytes.IndexByte(data, '(') + 1
			if end > start && content[end-1] == ')' {
				end--
			}
			start, end = trimmed(content, start, end)
			if start < end && (content[start] == '"' || content[start] == '\'') {
				start, end = unquoted(content, start, end)
			}
			if !ignoring {
				list = append(list, span{start: start, end: end, text: unescapeCSS(string(content[start:end]))})
			}
		case css.BadURLToken: // to the lexer; url("a.png" crossorigin(anonymous)) has modifiers
			start += bytes.IndexByte(data, '(') + 1
			start, _ = trimmed(content, start, end)
			if end = closingQuote(content, start, end); end > 0 && !ignoring {
				list = append(list, span{start: start + 1, end: end, text: unescapeCSS(string(content[start+1 : end]))})
			}
		case css.StringToken:
			inside := ""
			if len(functions) > 0 {
				inside = functions[len(functions)-1]
			}
			// url is a function here only if its name is written with escapes.
			if importing || slices.Contains([]string{"image-set", "-webkit-image-set", "src", "url"}, inside) && !ignoring {
				start, end = unquoted(content, start, end)
				list = append(list, span{start: start, end: end, text: unescapeCSS(string(content[start:end]))})
			}
		}
		importing = false
	}
}

// trimmed cuts the white space of CSS at both ends.
func trimmed(content []byte, start, end int) (int, int) {
	for start < end && strings.IndexByte(" \t\r\n\f", content[start]) >= 0 {
		start++
	}
	for start < end && strings.IndexByte(" \t\r\n\f", content[end-1]) >= 0 {
		end--
	}
	return start, end
}

// unquoted cuts the quotes of a text; at the end of a file the last one may be absent.
func unquoted(content []byte, start, end int) (int, int) {
	if quote := content[start]; end-start > 1 && content[end-1] == quote {
		end--
	}
	return start + 1, end
}

// closingQuote returns the index of the quote that ends the text at start, or -1 if there is no text or no end before the line's.
func closingQuote(content []byte, start, end int) int {
	if start >= end || content[start] != '"' && content[start] != '\'' {
		return -1
	}
	for i := start + 1; i < end; i++ {
		switch content[i] {
		case content[start]:
			return i
		case '\\':
			i++
		case '\n', '\r', '\f':
			return -1
		}
	}
	return -1
}

// unescapeCSS undoes escapes: \26 and \000026 for a character by number, \ before a line break for nothing, \ before
// anything else for that.
func unescapeCSS(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		digits := 0
		for digits < 6 && i+digits < len(s) && isHex(s[i+digits]) {
			digits++
		}
		switch {
		case digits > 0:
			number, _ := strconv.ParseUint(s[i:i+digits], 16, 32) // at most six hexadecimal digits
			if number == 0 || number > utf8.MaxRune {
				number = utf8.RuneError
			}
			b.WriteRune(rune(number))
			if i += digits - 1; i+1 < len(s) && strings.IndexByte(" \t\r\n\f", s[i+1]) >= 0 {
				i++
			}
		case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
			i++
		case s[i] == '\n' || s[i] == '\r' || s[i] == '\f':
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// wellFormed returns a copy of the same length in which bytes that are not UTF-8 are underscores: a lexer must not take one
// for the start of a longer character and skip what follows. The copy has room for the zero that the lexers put behind it.
func wellFormed(content []byte) []byte {
	out := append(make([]byte, 0, len(content)+1), content...)
	for i := 0; i < len(out); {
		if out[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(out[i:])
		if r == utf8.RuneError && size == 1 {
			out[i] = '_'
		}
		i += size
	}
	return out
}
