package feeds

import (
	"strings"
	"unicode/utf8"
)

// clean leaves out what XML 1.0 cannot carry, not even escaped: control characters, surrogates, two non-characters, and
// bytes that are no UTF-8. One such byte in a title would make readers refuse the whole feed.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError,
			r < ' ' && r != '\t' && r != '\n' && r != '\r',
			r == 0xFFFE,
			r == 0xFFFF,
			r >= 0x7F && r <= 0x9F && r != 0x85:
			return -1
		}
		return r
	}, s)
}

func cleanAll(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		if s = strings.TrimSpace(clean(s)); s != "" {
			out = append(out, s)
		}
	}
	return out
}
