package filters

import "strings"

// stripTags removes tags and comments. What is no tag stays, such as "a < b" and a tag that does not end; tags
// that appear when others are removed go too. The result is text, not safe HTML.
func stripTags(v any) string {
	s := Text(v)
	if !strings.Contains(s, "<") || !strings.Contains(s, ">") {
		return s
	}
	out := make([]byte, 0, len(s))
	var open []int // positions in out of the angle brackets that may begin a tag
	ended := map[string]bool{}
	// next returns what follows the first end in rest. Ends that are not there are not looked for again.
	next := func(rest, end string) (string, bool) {
		if ended[end] {
			return "", false
		}
		_, after, found := strings.Cut(rest, end)
		ended[end] = !found
		return after, found
	}
	for rest := s; rest != ""; {
		c := rest[0]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			if after, found := next(rest[4:], "-->"); found {
				rest = after
				continue
			}
			open = append(open, len(out))
		case c == '<':
			open = append(open, len(out))
		case (c == '"' || c == '\'') && len(open) > 0 && beginsTag(out[open[len(open)-1]:]) && endsWithEquals(out):
			if after, found := next(rest[1:], rest[:1]); found { // a value, in which an angle bracket ends nothing
				out = append(out, rest[:len(rest)-len(after)]...)
				rest = after
				continue
			}
		case c == '>':
			for len(open) > 0 && !beginsTag(out[open[len(open)-1]:]) {
				open = open[:len(open)-1]
			}
			if n := len(open); n > 0 {
				out, open = out[:open[n-1]], open[:n-1]
				rest = rest[1:]
				continue
			}
		}
		out = append(out, c)
		rest = rest[1:]
	}
	return string(out)
}

// beginsTag reports whether text that begins with an angle bracket may be a tag.
func beginsTag(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	c := text[1]
	return c == '/' || c == '!' || c == '?' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// endsWithEquals reports whether text ends in an equals sign, with at most a few blanks after it.
func endsWithEquals(text []byte) bool {
	for i := len(text) - 1; i >= 0 && i >= len(text)-4; i-- {
		if text[i] != ' ' {
			return text[i] == '='
		}
	}
	return false
}
