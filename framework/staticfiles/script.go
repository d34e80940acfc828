package staticfiles

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// scriptSpans returns what a script refers to, in order: the constant addresses of import and export declarations, of
// import(…), with or without a phase, and of import.meta.resolve(…). An address that is computed is not known here.
func scriptSpans(content []byte) []span {
	if !bytes.Contains(content, []byte("import")) && !bytes.Contains(content, []byte("export")) {
		return withSourceMap(nil, content)
	}
	tokens, htmlComments := scan(content, false)
	list, _ := moduleSpans(content, tokens)
	if htmlComments { // <!-- begins a comment in classic scripts only
		tokens, _ = scan(content, true)
		if inModule, module := moduleSpans(content, tokens); module {
			list = inModule
		}
	}
	return withSourceMap(list, content)
}

// moduleSpans finds the references among the tokens, and reports whether the script is a module.
func moduleSpans(content []byte, tokens tokenList) (list []span, module bool) {
	add := func(t token) {
		start, end := t.start+1, t.end-1 // without the quotes
		list = append(list, span{start: start, end: end, text: unescapeJS(string(content[start:end]))})
	}
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.kind == js.ImportToken && tokens.at(i+1).kind == js.OpenParenToken:
			if tokens.constantArgument(i + 2) {
				add(tokens[i+2])
			}
		case t.kind == js.ImportToken && tokens.at(i+1).kind == js.DotToken:
			phase := tokens.at(i + 2) // import.source(…), import.defer(…)
			if tokens.at(i+3).kind == js.OpenParenToken && tokens.constantArgument(i+4) &&
				slices.Contains([]string{"source", "defer"}, string(content[phase.start:phase.end])) {
				add(tokens[i+4])
			}
			name := tokens.at(i + 4)
			if tokens.at(i+3).kind == js.DotToken && tokens.at(i+5).kind == js.OpenParenToken && tokens.constantArgument(i+6) &&
				string(content[name.start:name.end]) == "resolve" {
				add(tokens[i+6])
			}
		case t.kind == js.ImportToken && tokens.at(i+1).kind == js.StringToken:
			module = true
			add(tokens[i+1])
		case t.kind == js.ImportToken || t.kind == js.ExportToken:
			end, found := tokens.clause(i + 1)
			if found {
				module = true
				add(tokens[end])
			}
			i = end - 1
		}
	}
	return list, module
}

// token is a token that is neither white space nor a comment.
type token struct {
	kind       js.TokenType
	start, end int
}

type tokenList []token

// at returns a token, or an ErrorToken beyond the end.
func (l tokenList) at(i int) token {
	if i < len(l) {
		return l[i]
	}
	return token{}
}

// constantArgument reports whether the first argument of a call, at i, is a text and nothing else.
func (l tokenList) constantArgument(i int) bool {
	kind, next := l.at(i).kind, l.at(i+1).kind
	return (kind == js.StringToken || kind == js.TemplateToken) && (next == js.CloseParenToken || next == js.CommaToken)
}

// clause reads what an import or export declaration names, from i on, up to the text behind "from", whose index it returns. If
// there is none, it is the index of what cannot be part of the clause.
func (l tokenList) clause(i int) (end int, found bool) {
	for depth := 0; i < len(l); i++ {
		switch kind := l[i].kind; {
		case kind == js.FromToken && depth == 0 && l.at(i+1).kind == js.StringToken:
			return i + 1, true
		case kind == js.OpenBraceToken:
			depth++
		case kind == js.CloseBraceToken:
			depth--
		case kind == js.StringToken && (depth > 0 || l[i-1].kind == js.AsToken):
		case kind == js.CommaToken, kind == js.MulToken, js.IsIdentifier(kind):
		case depth > 0 && js.IsReservedWord(kind): // as a name: {if as condition}
		case kind == js.DefaultToken && l[i-1].kind == js.AsToken: // * as default
		default:
			return i, false
		}
	}
	return i, false
}

// mostFailures is how often a slash is tried as a regular expression that ends on no line, before the rest of the line is read
// without any. It keeps the time for a line that is no script in proportion to its length.
const mostFailures = 8

// scan returns the tokens of a script, and whether it has comments as of HTML. In a module there are none of these.
func scan(content []byte, module bool) (tokens tokenList, htmlComments bool) {
	text := wellFormed(content)
	if bytes.HasPrefix(text, []byte("#!")) { // the line for a shell; it is no token
		text[0], text[1] = '/', '/'
	}
	input := parse.NewInputBytes(text)
	lexer := js.NewLexer(input)
	var c syntax
	failures, failed := 0, 0 // tries, and the end of the line of the last one
	for {
		if rest := text[input.Offset():]; module && (bytes.HasPrefix(rest, []byte("<!--")) || bytes.HasPrefix(rest, []byte("-->"))) {
			input.Move(1) // the lexer would take a comment
			input.Skip()
			c.add(js.OperatorToken)
			continue
		}
		kind, data := lexer.Next()
		end := input.Offset()
		start := end - len(data)
		switch kind {
		case js.ErrorToken:
			if errors.Is(input.Err(), io.EOF) {
				return tokens, htmlComments
			}
			continue // something newer than the lexer, or an error: what follows is read all the same
		case js.WhitespaceToken, js.LineTerminatorToken:
			continue
		case js.CommentToken, js.CommentLineTerminatorToken:
			htmlComments = htmlComments || data[0] != '/'
			continue
		case js.DivToken, js.DivEqToken:
			if start >= failed {
				failures = 0
			}
			if !c.operand() || failures > mostFailures {
				break
			}
			if _, data := lexer.RegExp(); data != nil {
				kind, end = js.RegExpToken, input.Offset()
				break
			}
			failures, failed = failures+1, input.Offset()
			input.Rewind(1) // no regular expression after all
			input.Skip()
			end = start + 1
		}
		kind = c.add(kind)
		tokens = append(tokens, token{kind, start, end})
	}
}

var sourceMap = regexp.MustCompile(
	"(?://[#@][ \t]*sourceMappingURL=([^\\s'\"`]+)|/\\*[#@][ \t]*sourceMappingURL=([^\\s'\"`*]+)[ \t]*\\*/)\\s*$",
)

// longestSourceMap is how far from the end the comment with the address of a source map is looked for.
const longestSourceMap = 2048

// withSourceMap adds the address of the source map, which a comment at the very end names.
func withSourceMap(list []span, content []byte) []span {
	offset := max(0, len(content)-longestSourceMap)
	match := sourceMap.FindSubmatchIndex(content[offset:])
	if match == nil {
		return list
	}
	start, end := match[2], match[3]
	if start < 0 {
		start, end = match[4], match[5]
	}
	start, end = start+offset, end+offset
	return append(list, span{start: start, end: end, text: string(content[start:end]), sourceMap: true})
}

// unescapeJS undoes the escapes of a text.
func unescapeJS(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	number := func(digits string) {
		if n, err := strconv.ParseUint(digits, 16, 32); err == nil {
			b.WriteRune(rune(n))
		}
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		rest := s[i:]
		switch c := s[i]; {
		case c == 'x' && len(rest) > 2:
			number(rest[1:3])
			i += 2
		case strings.HasPrefix(rest, "u{") && strings.Contains(rest, "}"):
			end := strings.IndexByte(rest, '}')
			number(rest[2:end])
			i += end
		case c == 'u' && len(rest) > 4:
			number(rest[1:5])
			i += 4
		case c == '\r' && strings.HasPrefix(rest, "\r\n"):
			i++
		case c == '\n' || c == '\r':
		case strings.IndexByte("nrtbfv0", c) >= 0:
			b.WriteByte("\n\r\t\b\f\v\x00"[strings.IndexByte("nrtbfv0", c)])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
