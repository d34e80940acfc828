package ddl

import "strings"

// statementsOf splits a script at the semicolons between statements. Pieces without a statement are left out.
func statementsOf(script string) []string {
	var list []string
	start, content := 0, false
	for i := 0; i < len(script); {
		end := tokenEnd(script, i)
		switch text := script[i:end]; {
		case text == ";":
			if content {
				list = append(list, strings.TrimSpace(script[start:i]))
			}
			start, content = end, false
		case strings.TrimSpace(text) != "" && !isComment(text):
			content = true
		}
		i = end
	}
	if content {
		list = append(list, strings.TrimSpace(script[start:]))
	}
	return list
}

// isComment reports whether a token is a comment that the database does not run.
func isComment(text string) bool {
	return strings.HasPrefix(text, "--") || strings.HasPrefix(text, "#") ||
		strings.HasPrefix(text, "/*") && !strings.HasPrefix(text, "/*!") && !strings.HasPrefix(text, "/*M!")
}

// tokenEnd returns the end of the comment, quoted text or character that begins at i.
func tokenEnd(script string, i int) int {
	rest := script[i:]
	switch c := script[i]; {
	case c == '\'' || c == '"' || c == '`':
		for j := i + 1; j < len(script); j++ {
			switch {
			case script[j] == '\\' && c != '`':
				j++
			case script[j] == c: // a doubled quotation mark ends one text and begins the next
				return j + 1
			}
		}
		return len(script)
	case c == '#', strings.HasPrefix(rest, "-- "), strings.HasPrefix(rest, "--\n"), strings.HasPrefix(rest, "--\t"):
		if n := strings.IndexByte(rest, '\n'); n >= 0 {
			return i + n + 1
		}
		return len(script)
	case strings.HasPrefix(rest, "/*"):
		if n := strings.Index(rest, "*/"); n >= 0 {
			return i + n + 2
		}
		return len(script)
	}
	return i + 1
}
