package sqltext

import "strings"

// Placeholders returns SQL text with each "?" replaced by what placeholder returns for its number, from 1, and how many there are.
// "??" becomes a single "?". Those in strings, quoted names and comments are kept.
func Placeholders(sql string, placeholder func(n int) string) (text string, n int) {
	var b strings.Builder
	list := tokens(sql)
	for i := 0; i < len(list); i++ {
		switch {
		case list[i].text != "?":
			b.WriteString(list[i].text)
		case i+1 < len(list) && list[i+1].text == "?":
			b.WriteByte('?')
			i++
		default:
			n++
			b.WriteString(placeholder(n))
		}
	}
	return b.String(), n
}
