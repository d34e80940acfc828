package filters

import (
	htmltemplate "html/template"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

func upper(v any) string { return strings.ToUpper(Text(v)) }
func lower(v any) string { return strings.ToLower(Text(v)) }
func trim(v any) string  { return strings.TrimSpace(Text(v)) }

// title begins every word with a capital and leaves the rest as it is.
func title(v any) string {
	start := true
	return strings.Map(func(r rune) rune {
		if start && unicode.IsLetter(r) {
			r = unicode.ToTitle(r)
		}
		start = !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
		return r
	}, Text(v))
}

func capFirst(v any) string {
	s := Text(v)
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// cut removes every occurrence of old.
func cut(old, v any) string { return strings.ReplaceAll(Text(v), Text(old), "") }

func replace(old, by, v any) string { return strings.ReplaceAll(Text(v), Text(old), Text(by)) }

func contains(part, v any) bool      { return strings.Contains(Text(v), Text(part)) }
func hasPrefix(part, v any) bool     { return strings.HasPrefix(Text(v), Text(part)) }
func hasSuffix(part, v any) bool     { return strings.HasSuffix(Text(v), Text(part)) }
func split(sep, v any) []string      { return strings.Split(Text(v), Text(sep)) }
func urlEncode(v any) string         { return url.QueryEscape(Text(v)) }
func wordCount(v any) int            { return len(strings.Fields(Text(v))) }
func isSpaceRune(r rune) bool        { return unicode.IsSpace(r) }
func trimRightSpace(s string) string { return strings.TrimRightFunc(s, isSpaceRune) }

// truncate shortens to at most n characters, the last of them an ellipsis.
func truncate(n int, v any) string {
	s := Text(v)
	if len(s) <= n {
		return s
	}
	last, count := 0, 0
	for i := range s {
		if count == n-1 {
			last = i
		}
		if count++; count > n {
			if n < 1 {
				return ""
			}
			return trimRightSpace(s[:last]) + "…"
		}
	}
	return s
}

// truncateWords keeps the first n words; longer text ends in an ellipsis.
func truncateWords(n int, v any) string {
	s := Text(v)
	inWord, count := false, 0
	for i, r := range s {
		space := unicode.IsSpace(r)
		if !space && !inWord {
			if count++; count > n {
				return strings.TrimSpace(trimRightSpace(s[:i]) + " …")
			}
		}
		inWord = !space
	}
	return s
}

// lineBreaks makes paragraphs of text: a blank line ends a paragraph, a line end becomes <br>.
func lineBreaks(v any) htmltemplate.HTML {
	s := strings.ReplaceAll(strings.ReplaceAll(Text(v), "\r\n", "\n"), "\r", "\n")
	var b strings.Builder
	for paragraph := range strings.SplitSeq(s, "\n\n") {
		paragraph = strings.Trim(paragraph, "\n")
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString("<p>")
		b.WriteString(strings.ReplaceAll(htmltemplate.HTMLEscapeString(paragraph), "\n", "<br>"))
		b.WriteString("</p>")
	}
	return htmltemplate.HTML(b.String())
}

// stripTags removes what looks like tags, in one pass. The result is text, not safe HTML.
func stripTags(v any) string {
	s := Text(v)
	if !strings.Contains(s, "<") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		open := strings.IndexByte(s[i:], '<')
		if open < 0 {
			b.WriteString(s[i:])
			break
		}
		open += i
		b.WriteString(s[i:open])
		next := byte(' ')
		if open+1 < len(s) {
			next = s[open+1]
		}
		if next != '/' && next != '!' && next != '?' && (next|0x20 < 'a' || next|0x20 > 'z') {
			b.WriteByte('<') // "a < b"
			i = open + 1
			continue
		}
		end := strings.IndexByte(s[open:], '>')
		if end < 0 {
			break // an unfinished tag goes to the end
		}
		i = open + end + 1
	}
	return b.String()
}

// slugify makes lower-case ASCII letters, digits and hyphens; accents go, other scripts too.
func slugify(v any) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(Text(v)) {
		plain := ""
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			plain = string(r)
		case r > 127:
			plain = foldLatin(r)
		case r == '\'':
			continue
		}
		if plain == "" {
			gap = gap || !unicode.Is(unicode.Mn, r)
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(plain)
	}
	return b.String()
}

// latin lists the letters that stand for each plain one.
var latin = [...]struct{ plain, letters string }{
	{"a", "àáâãäåāăąǎ"}, {"ae", "æ"}, {"c", "çćĉċč"}, {"d", "ďđð"}, {"e", "èéêëēĕėęěẽ"}, {"g", "ĝğġģ"}, {"h", "ĥħ"},
	{"i", "ìíîïĩīĭįıǐ"}, {"j", "ĵ"}, {"k", "ķ"}, {"l", "ĺļľŀł"}, {"n", "ñńņňŋ"}, {"o", "òóôõöøōŏőǒ"}, {"oe", "œ"}, {"r", "ŕŗř"},
	{"s", "śŝşšș"}, {"ss", "ß"}, {"t", "ţťŧț"}, {"th", "þ"}, {"u", "ùúûüũūŭůűųǔ"}, {"w", "ŵẁẃẅ"}, {"y", "ýÿŷỳ"}, {"z", "źżž"},
}

func foldLatin(r rune) string {
	for _, entry := range latin {
		if strings.ContainsRune(entry.letters, r) {
			return entry.plain
		}
	}
	return ""
}
