package i18n

import (
	"strings"

	"github.com/quintetgo/quintet/framework/message"
)

// Pseudo is the code of a language for tests, the one that Unicode reserves for this purpose. Its texts are English with
// accents, in brackets: "[Šåvé]". A text on a page without brackets is one that the program does not translate, and the
// brackets and the longer words show where a design has no room.
const Pseudo = "en-XA"

// accents replaces letters by similar ones.
var accents = strings.NewReplacer(
	"a", "å", "e", "é", "i", "î", "o", "ö", "u", "û", "y", "ý", "c", "ç", "n", "ñ", "s", "š", "z", "ž",
	"A", "Å", "E", "É", "I", "Î", "O", "Ö", "U", "Û", "Y", "Ý", "C", "Ç", "N", "Ñ", "S", "Š", "Z", "Ž",
)

// pseudo translates a message, except for its placeholders.
func pseudo(m message.Message, n int64) string {
	text := m.Text
	if m.Plural != "" && n != 1 {
		text = m.Plural
	}
	if text == "" {
		return ""
	}
	var out strings.Builder
	out.WriteByte('[')
	for text != "" {
		start := strings.IndexByte(text, '{')
		end := strings.IndexByte(text, '}')
		if start < 0 || end < start {
			break
		}
		out.WriteString(accents.Replace(text[:start]))
		out.WriteString(text[start : end+1])
		text = text[end+1:]
	}
	out.WriteString(accents.Replace(text))
	out.WriteByte(']')
	return out.String()
}
