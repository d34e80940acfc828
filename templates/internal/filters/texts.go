package filters

import (
	"fmt"
	htmltemplate "html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func upper(v any) string { return strings.ToUpper(Text(v)) }
func lower(v any) string { return strings.ToLower(Text(v)) }
func trim(v any) string  { return strings.TrimSpace(Text(v)) }

// title begins every word with a capital and makes its other letters small. Letters after a digit, and after
// an apostrophe that follows a small letter, do not begin a word: 3rd, Joe's, O'Neil.
func title(v any) string {
	var before, last rune // the two characters before, as they are written
	return strings.Map(func(r rune) rune {
		apostrophe := last == '\'' || last == '’'
		switch {
		case cased(last), last >= '0' && last <= '9', apostrophe && unicode.IsLower(before):
			r = unicode.ToLower(r)
		default:
			r = unicode.ToTitle(r)
		}
		before, last = last, r
		return r
	}, Text(v))
}

// cased reports whether a letter is written large or small.
func cased(r rune) bool { return unicode.IsLower(r) || unicode.IsUpper(r) || unicode.IsTitle(r) }

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

func contains(part, v any) bool  { return strings.Contains(Text(v), Text(part)) }
func hasPrefix(part, v any) bool { return strings.HasPrefix(Text(v), Text(part)) }
func hasSuffix(part, v any) bool { return strings.HasSuffix(Text(v), Text(part)) }
func split(sep, v any) []string  { return strings.Split(Text(v), Text(sep)) }
func wordCount(v any) int        { return len(strings.Fields(Text(v))) }

// urlEncode writes text for a part of an address. Letters, digits, _ . - ~ and / stay as they are; {{ .x | urlencode "" }}
// takes away the slash, and the text before the value may name others to keep.
func urlEncode(args ...any) (htmltemplate.URL, error) {
	keep := "/"
	switch len(args) {
	case 1:
	case 2:
		keep = Text(args[0])
	default:
		return "", fmt.Errorf("urlencode takes the characters to keep and a value, got %d arguments", len(args))
	}
	const hex = "0123456789ABCDEF"
	s := Text(args[len(args)-1])
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z',
			c >= '0' && c <= '9',
			strings.IndexByte("_.-~", c) >= 0,
			c < utf8.RuneSelf && strings.IndexByte(keep, c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return htmltemplate.URL(b.String()), nil
}

// truncate shortens to at most n characters, the last of them an ellipsis. Marks that combine with the
// character before them are not counted.
func truncate(n int, v any) string {
	if n <= 0 {
		return ""
	}
	s := norm.NFC.String(Text(v))
	if len(s) <= n {
		return s
	}
	end, count := 0, 0
	for i, r := range s {
		if r >= utf8.RuneSelf && norm.NFC.PropertiesString(s[i:]).CCC() != 0 {
			continue
		}
		if count == n-1 {
			end = i
		}
		if count++; count > n {
			return s[:end] + "…"
		}
	}
	return s
}

// truncateWords keeps the first n words, with one space between them; longer text ends in an ellipsis.
func truncateWords(n int, v any) string {
	if n <= 0 {
		return ""
	}
	var b strings.Builder
	count := 0
	for word := range strings.FieldsSeq(Text(v)) {
		if count == n {
			b.WriteString(" …")
			break
		}
		if count > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		count++
	}
	return b.String()
}

// lineBreaks makes paragraphs of text: blank lines end a paragraph, a line end becomes <br>. Text that is
// HTML already is not escaped.
func lineBreaks(v any) htmltemplate.HTML {
	s := strings.ReplaceAll(strings.ReplaceAll(Text(v), "\r\n", "\n"), "\r", "\n")
	_, safe := v.(htmltemplate.HTML)
	if !safe {
		s = htmltemplate.HTMLEscapeString(s)
	}
	var b strings.Builder
	for {
		paragraph, rest, more := strings.Cut(s, "\n\n")
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString("<p>")
		b.WriteString(strings.ReplaceAll(paragraph, "\n", "<br>"))
		b.WriteString("</p>")
		if !more {
			return htmltemplate.HTML(b.String())
		}
		s = strings.TrimLeft(rest, "\n")
	}
}

// slugify makes lower-case ASCII letters, digits, underscores and hyphens for addresses. Accents are removed,
// white space becomes a hyphen, and other characters are dropped; {{ .title | slugify "unicode" }} keeps the letters
// and digits of every script.
func slugify(args ...any) (string, error) {
	keep := false
	switch len(args) {
	case 1:
	case 2:
		if keep = Text(args[0]) == "unicode"; !keep {
			return "", fmt.Errorf(`slugify takes "unicode", to keep the letters of every script, or nothing; got %q`, Text(args[0]))
		}
	default:
		return "", fmt.Errorf("slugify takes one value, got %d arguments", len(args))
	}
	s, form := Text(args[len(args)-1]), norm.NFKD
	if keep {
		form = norm.NFKC
	}
	var b strings.Builder
	gap := false
	for _, r := range form.String(s) {
		r = unicode.ToLower(r)
		plain := ""
		switch {
		case r == '-' || unicode.IsSpace(r):
			gap = true
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			plain = string(r)
		case keep && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)):
			plain = string(r)
		case !keep && r > unicode.MaxASCII:
			plain = foldLatin(r)
		}
		if plain == "" {
			continue
		}
		if gap {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(plain)
	}
	return strings.Trim(b.String(), "-_"), nil
}

// latin lists letters that no normalization takes apart, by what is written for them.
var latin = map[rune]string{
	'æ': "ae", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'ł': "l", 'ŋ': "n", 'ø': "o", 'œ': "oe", 'ß': "ss", 'ŧ': "t", 'þ': "th",
}

func foldLatin(r rune) string { return latin[r] }
