package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// line matches the lines of a .po file that are neither blank nor comments: a keyword with a text, or a continued text.
var line = regexp.MustCompile(`^\s*(?:(msgctxt|msgid|msgid_plural|msgstr|msgstr\[([0-9])\])\s+)?"(.*)"\s*$`)

// message is an entry of a .po file while it is read.
type message struct {
	context, id, plural string
	forms               []string
	fuzzy               bool
	line                int
	target              *string // what a continued text belongs to; nil before the first keyword
	previous            string  // the last keyword
}

// ParsePO reads a text file, in the form of the manual of GNU gettext, "The Format of PO Files". Errors name the line.
func ParsePO(data []byte) (*Catalog, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("the file has more than %d bytes", maxFile)
	}
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("the file is not in UTF-8")
	}
	r := poReader{seen: map[Key]int{}, catalog: &Catalog{}}
	for text := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		r.number++
		if err := r.read(strings.TrimSpace(text)); err != nil {
			return nil, fmt.Errorf("line %d: %w", r.number, err)
		}
	}
	if err := r.finish(); err != nil {
		return nil, fmt.Errorf("line %d: %w", r.number, err)
	}
	for _, e := range r.catalog.Entries {
		if want := max(r.catalog.Plurals.Count, 1); e.Plural != "" && r.catalog.Plurals.Count > 0 && len(e.Forms) != want {
			return nil, fmt.Errorf("line %d: %q has %d forms, and the header nplurals=%d", e.Line, short(e.Text), len(e.Forms), want)
		}
	}
	return r.catalog, nil
}

type poReader struct {
	catalog *Catalog
	message message
	number  int         // of the current line
	seen    map[Key]int // the lines of the messages so far
}

func (r *poReader) read(text string) error {
	if text == "" {
		return nil
	}
	if text[0] == '#' {
		if r.message.previous == "msgstr" {
			if err := r.finish(); err != nil {
				return err
			}
		}
		if flags, ok := strings.CutPrefix(text, "#,"); ok {
			isFuzzy := func(flag string) bool { return strings.TrimSpace(flag) == "fuzzy" }
			r.message.fuzzy = r.message.fuzzy || slices.ContainsFunc(strings.Split(flags, ","), isFuzzy)
		}
		return nil
	}
	m := line.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("%q is neither a comment nor a keyword with a text in quotation marks", short(text))
	}
	value, ok := unquote(m[3])
	if !ok {
		return fmt.Errorf(`in %s, write \" for a quotation mark and \\ for a backslash`, short(text))
	}
	if m[1] != "" {
		return r.keyword(m[1], m[2], value)
	}
	if r.message.target == nil {
		return fmt.Errorf("%q follows no keyword", short(text))
	}
	*r.message.target += value
	return nil
}

// follows has the keywords that may stand before a keyword in the same message.
var follows = map[string][]string{
	"msgctxt": {""}, "msgid": {"", "msgctxt"}, "msgid_plural": {"msgid"}, "msgstr": {"msgid"},
}

func (r *poReader) keyword(keyword, index, value string) error {
	if (keyword == "msgctxt" || keyword == "msgid") && r.message.previous == "msgstr" {
		if err := r.finish(); err != nil {
			return err
		}
	}
	m := &r.message
	if index != "" {
		n := int(index[0] - '0')
		if m.previous != "msgid_plural" && (m.previous != "msgstr" || m.plural == "") || n != len(m.forms) {
			return fmt.Errorf("%s is out of place: write msgid_plural, and then msgstr[0], msgstr[1], … in order", keyword)
		}
		m.forms = append(m.forms, value)
		m.target, m.previous = &m.forms[n], "msgstr"
		return nil
	}
	if !slices.Contains(follows[keyword], m.previous) {
		return fmt.Errorf("%s is out of place after %s", keyword, m.previous)
	}
	switch keyword {
	case "msgctxt":
		m.target, m.line = &m.context, r.number
	case "msgid":
		if m.line == 0 {
			m.line = r.number
		}
		m.target = &m.id
	case "msgid_plural":
		m.target = &m.plural
	case "msgstr":
		m.forms = []string{""}
		m.target = &m.forms[0]
	}
	*m.target, m.previous = value, keyword
	return nil
}

// finish keeps the message that was read.
func (r *poReader) finish() error {
	m := r.message
	r.message = message{}
	switch {
	case m.previous == "":
		return nil
	case m.previous != "msgstr":
		return fmt.Errorf("the message %q has no msgstr", short(m.id))
	case m.id == "" && m.context == "":
		return r.catalog.readHeader(m.forms[0])
	case m.id == "":
		return fmt.Errorf("a message in the context %q has no text", short(m.context))
	}
	key := Key{m.context, m.id}
	if line, ok := r.seen[key]; ok {
		return fmt.Errorf("the message %q is in line %d as well", short(m.id), line)
	}
	r.seen[key] = m.line
	if !m.fuzzy {
		r.catalog.add(Entry{Key: key, Plural: m.plural, Forms: m.forms, Line: m.line})
	}
	return nil
}

// unquote resolves the escapes of a text. It reports false for a quotation mark without one, and for an unknown one.
func unquote(text string) (string, bool) {
	if !strings.ContainsAny(text, `"\`) {
		return text, true
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '"' {
			return "", false
		}
		if c == '\\' {
			i++
			at := -1
			if i < len(text) {
				at = strings.IndexByte(`"\nrt`, text[i])
			}
			if at < 0 {
				return "", false
			}
			c = "\"\\\n\r\t"[at]
		}
		out.WriteByte(c)
	}
	return out.String(), true
}

func short(text string) string {
	if len(text) > 60 {
		return strings.ToValidUTF8(text[:60], "") + "…"
	}
	return text
}
