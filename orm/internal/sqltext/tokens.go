// Package sqltext finds and changes names in SQL text: which columns an index uses, where a check names its table.
//
// It splits text into tokens and knows no grammar beyond that. String literals, numbers and comments are never names.
package sqltext

import "strings"

// token is one piece of SQL.
type token struct {
	text string // as written
	name string // the identifier or keyword without quotes; "" for anything else
	bare bool   // the name is written without quotes
	void bool   // space or a comment
}

// tokens splits SQL text; the texts of all tokens together are the text.
func tokens(sql string) []token {
	var list []token
	for i := 0; i < len(sql); {
		end, t := next(sql, i)
		t.text = sql[i:end]
		list = append(list, t)
		i = end
	}
	return list
}

// next returns the end of the token that begins at i.
func next(sql string, i int) (int, token) {
	rest := sql[i:]
	switch c := sql[i]; {
	case strings.IndexByte(" \t\r\n\f", c) >= 0:
		return i + 1, token{void: true}
	case strings.HasPrefix(rest, "--"):
		if n := strings.IndexByte(rest, '\n'); n >= 0 {
			return i + n + 1, token{void: true}
		}
		return len(sql), token{void: true}
	case strings.HasPrefix(rest, "/*"):
		if n := strings.Index(rest[2:], "*/"); n >= 0 {
			return i + n + 4, token{void: true}
		}
		return len(sql), token{void: true}
	case c == '\'':
		end, _ := closing(sql, i, '\'')
		return end, token{}
	case c == '"' || c == '`':
		end, closed := closing(sql, i, c)
		if !closed {
			return end, token{}
		}
		quote := string(c)
		return end, token{name: strings.ReplaceAll(sql[i+1:end-1], quote+quote, quote)}
	case c == '[':
		if n := strings.IndexByte(rest, ']'); n >= 0 {
			return i + n + 1, token{name: rest[1:n]}
		}
		return len(sql), token{}
	case c >= '0' && c <= '9':
		end := i + 1
		for end < len(sql) && (wordByte(sql[end]) || sql[end] == '.') {
			end++
		}
		return end, token{}
	case wordByte(c):
		end := i + 1
		for end < len(sql) && wordByte(sql[end]) {
			end++
		}
		if end < len(sql) && sql[end] == '\'' && strings.EqualFold(sql[i:end], "x") { // a blob
			end, _ = closing(sql, end, '\'')
			return end, token{}
		}
		return end, token{name: sql[i:end], bare: true}
	}
	return i + 1, token{}
}

// closing returns the index after the quoted text that begins at start, and whether it is closed; a doubled quote is
// part of it.
func closing(sql string, start int, quote byte) (end int, closed bool) {
	for i := start + 1; i < len(sql); i++ {
		if sql[i] != quote {
			continue
		}
		if i+1 < len(sql) && sql[i+1] == quote {
			i++
			continue
		}
		return i + 1, true
	}
	return len(sql), false
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// after returns the first token from i on that is neither space nor a comment, and its index.
func after(list []token, i int) (token, int) {
	for ; i < len(list); i++ {
		if !list[i].void {
			return list[i], i
		}
	}
	return token{}, len(list)
}

// before returns the last token before i that is neither space nor a comment.
func before(list []token, i int) token {
	for i--; i >= 0; i-- {
		if !list[i].void {
			return list[i]
		}
	}
	return token{}
}

// columnAt reports whether token i can name a column: it is no function, no qualifier and no collation.
func columnAt(list []token, i int) bool {
	if list[i].name == "" {
		return false
	}
	following, _ := after(list, i+1)
	if following.text == "." || following.text == "(" && list[i].bare {
		return false
	}
	return !strings.EqualFold(before(list, i).text, "collate")
}
