package state

import "strings"

// identifiers calls fn with each word of an SQL expression that may name a column, quoted ones without their quotes,
// and gives the expression with the words that fn returns instead. String literals are left alone.
func identifiers(sql string, fn func(word string) string) string {
	var b strings.Builder
	for i := 0; i < len(sql); {
		c := sql[i]
		switch {
		case c == '\'':
			end := closing(sql, i, '\'')
			b.WriteString(sql[i:end])
			i = end
		case c == '"' || c == '`':
			end := closing(sql, i, c)
			if end-i < 2 || sql[end-1] != c { // never closed
				b.WriteString(sql[i:end])
				i = end
				continue
			}
			word := sql[i+1 : end-1]
			b.WriteByte(c)
			b.WriteString(fn(word))
			b.WriteByte(c)
			i = end
		case wordByte(c):
			end := i
			for end < len(sql) && wordByte(sql[end]) {
				end++
			}
			b.WriteString(fn(sql[i:end]))
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// closing gives the index after the quote that ends the quoted text beginning at start; a doubled quote is part of it.
func closing(sql string, start int, quote byte) int {
	for i := start + 1; i < len(sql); i++ {
		if sql[i] != quote {
			continue
		}
		if i+1 < len(sql) && sql[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(sql)
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// RenameIdentifier gives an SQL expression with column from called to. String literals are left alone.
func RenameIdentifier(sql, from, to string) string {
	return identifiers(sql, func(word string) string {
		if strings.EqualFold(word, from) {
			return to
		}
		return word
	})
}

func hasIdentifier(sql, name string) bool {
	found := false
	identifiers(sql, func(word string) string {
		found = found || strings.EqualFold(word, name)
		return word
	})
	return found
}
