package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// line matches the lines of a .po file that are neither blank nor comments: a keyword with a text, or a continued text.
var line = regexp.MustCompile(`^\s*(?:(msgctxt|msgid|msgid_plural|msgstr|msgstr\[([0-9])\])\s+)?"(.*)"\s*$`)

// File is a .po file as people edit it, with its comments.
type File struct {
	HeaderComments []string // lines before the header
	Header         string   // the translation of "": lines of the form "Name: value"
	Messages       []Message
	Obsolete       []string // lines that begin with "#~": messages that the program no longer has
}

// Message is an entry of a file.
type Message struct {
	Entry
	Comments []string // of translators: lines that begin with "# "
	Places   []string // where the program has the text: "blog/views.go:12"
	Flags    []string // such as "fuzzy"
}

// reading is an entry while it is read.
type reading struct {
	Message
	target   *string // what a continued text belongs to; nil before the first keyword
	previous string  // the last keyword
}

// ParsePO reads a text file, in the form of the manual of GNU gettext, "The Format of PO Files". Errors name the line.
func ParsePO(data []byte) (*Catalog, error) {
	file, err := ReadFile(data)
	if err != nil {
		return nil, err
	}
	return file.Catalog()
}

// Catalog returns the translations of the file.
func (f *File) Catalog() (*Catalog, error) {
	c := &Catalog{}
	if err := c.readHeader(f.Header); err != nil {
		return nil, err
	}
	for _, m := range f.Messages {
		if want := c.Plurals.Count; m.Plural != "" && want > 0 && len(m.Forms) != want {
			return nil, fmt.Errorf("line %d: %q has %d forms, and the header nplurals=%d", m.Line, short(m.Text), len(m.Forms), want)
		}
		if !slices.Contains(m.Flags, "fuzzy") {
			c.add(m.Entry)
		}
	}
	return c, nil
}

// ReadFile reads a text file with its comments.
func ReadFile(data []byte) (*File, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("the file has more than %d bytes", maxFile)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("the file is not in UTF-8")
	}
	r := poReader{seen: map[Key]int{}, file: &File{}}
	for text := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		r.number++
		if err := r.read(strings.TrimSpace(text)); err != nil {
			return nil, fmt.Errorf("line %d: %w", r.number, err)
		}
	}
	if err := r.finish(); err != nil {
		return nil, fmt.Errorf("line %d: %w", r.number, err)
	}
	return r.file, nil
}

type poReader struct {
	file    *File
	message reading
	number  int         // of the current line
	seen    map[Key]int // the lines of the messages so far
}

func (r *poReader) read(text string) error {
	if text == "" {
		return nil
	}
	if text[0] == '#' {
		return r.comment(text)
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

// comment keeps a comment for the message that follows it.
func (r *poReader) comment(text string) error {
	if r.message.previous == "msgstr" {
		if err := r.finish(); err != nil {
			return err
		}
	}
	m := &r.message
	switch rest := text[1:]; {
	case strings.HasPrefix(rest, "~"):
		r.file.Obsolete = append(r.file.Obsolete, text)
	case strings.HasPrefix(rest, ":"):
		m.Places = append(m.Places, strings.Fields(rest[1:])...)
	case strings.HasPrefix(rest, ","):
		for flag := range strings.SplitSeq(rest[1:], ",") {
			m.Flags = append(m.Flags, strings.TrimSpace(flag))
		}
	case strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "|"): // made by programs, which make them again
	default:
		m.Comments = append(m.Comments, text)
	}
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
		if m.previous != "msgid_plural" && (m.previous != "msgstr" || m.Plural == "") || n != len(m.Forms) {
			return fmt.Errorf("%s is out of place: write msgid_plural, and then msgstr[0], msgstr[1], … in order", keyword)
		}
		m.Forms = append(m.Forms, value)
		m.target, m.previous = &m.Forms[n], "msgstr"
		return nil
	}
	if !slices.Contains(follows[keyword], m.previous) {
		return fmt.Errorf("%s is out of place after %s", keyword, m.previous)
	}
	switch keyword {
	case "msgctxt":
		m.target, m.Line = &m.Context, r.number
	case "msgid":
		if m.Line == 0 {
			m.Line = r.number
		}
		m.target = &m.Text
	case "msgid_plural":
		m.target = &m.Plural
	case "msgstr":
		m.Forms = []string{""}
		m.target = &m.Forms[0]
	}
	*m.target, m.previous = value, keyword
	return nil
}

// finish keeps the message that was read.
func (r *poReader) finish() error {
	m := r.message
	r.message = reading{}
	switch {
	case m.previous == "":
		return nil
	case m.previous != "msgstr":
		return fmt.Errorf("the message %q has no msgstr", short(m.Text))
	case m.Text == "" && m.Context != "":
		return fmt.Errorf("a message in the context %q has no text", short(m.Context))
	}
	if line, ok := r.seen[m.Key]; ok {
		return fmt.Errorf("the message %q is in line %d as well", short(m.Text), line)
	}
	r.seen[m.Key] = m.Line
	if m.Text == "" {
		r.file.HeaderComments, r.file.Header = m.Comments, m.Forms[0]
		return nil
	}
	r.file.Messages = append(r.file.Messages, m.Message)
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
