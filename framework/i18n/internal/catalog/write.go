package catalog

import (
	"fmt"
	"strings"
)

// Bytes returns the file as text, which ReadFile reads as an equal file.
func (f *File) Bytes() []byte {
	var b strings.Builder
	for _, comment := range f.HeaderComments {
		b.WriteString(comment + "\n")
	}
	b.WriteString("msgid \"\"\n")
	writeText(&b, "", "msgstr", f.Header)
	for _, m := range f.Messages {
		b.WriteByte('\n')
		m.write(&b, "")
	}
	if len(f.Obsolete) > 0 {
		b.WriteByte('\n')
	}
	for _, line := range f.Obsolete {
		b.WriteString(line + "\n")
	}
	return []byte(b.String())
}

// write writes a message, with prefix before each line.
func (m *Message) write(b *strings.Builder, prefix string) {
	for _, comment := range m.Comments {
		b.WriteString(comment + "\n")
	}
	for _, place := range m.Places {
		b.WriteString("#: " + place + "\n")
	}
	if len(m.Flags) > 0 {
		b.WriteString("#, " + strings.Join(m.Flags, ", ") + "\n")
	}
	if m.Context != "" {
		writeText(b, prefix, "msgctxt", m.Context)
	}
	writeText(b, prefix, "msgid", m.Text)
	if m.Plural == "" {
		writeText(b, prefix, "msgstr", m.Forms[0])
		return
	}
	writeText(b, prefix, "msgid_plural", m.Plural)
	for i, form := range m.Forms {
		writeText(b, prefix, fmt.Sprintf("msgstr[%d]", i), form)
	}
}

// retire returns the lines that keep a message which the program no longer has, for translators.
func (m *Message) retire() []string {
	kept := Message{Entry: m.Entry}
	var b strings.Builder
	kept.write(&b, "#~ ")
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

var escapes = strings.NewReplacer("\\", `\\`, "\"", `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// writeText writes a keyword with a text, which has a line for each of its own.
func writeText(b *strings.Builder, prefix, keyword, text string) {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) < 2 {
		fmt.Fprintf(b, "%s%s \"%s\"\n", prefix, keyword, escapes.Replace(text))
		return
	}
	fmt.Fprintf(b, "%s%s \"\"\n", prefix, keyword)
	for _, line := range lines {
		fmt.Fprintf(b, "%s\"%s\"\n", prefix, escapes.Replace(line))
	}
}

// PluralForms returns the value of the header Plural-Forms, or "".
func (f *File) PluralForms() string {
	for line := range strings.Lines(f.Header) {
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "Plural-Forms") {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
