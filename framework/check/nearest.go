package check

import (
	"strings"
	"unicode/utf8"
)

// Nearest returns the most similar choice: the one with the smallest edit distance, compared case-insensitively, of
// at most 1+len(word)/4 edits. It returns "" if none is similar enough. Of equally similar choices it returns the
// first.
func Nearest(word string, choices []string) string {
	if word == "" {
		return ""
	}
	lower := strings.ToLower(word)
	limit := 1 + utf8.RuneCountInString(word)/4
	best := ""
	for _, choice := range choices {
		if choice == "" {
			continue
		}
		if d := distance(lower, strings.ToLower(choice), limit); d <= limit {
			best, limit = choice, d-1
			if d == 0 {
				break
			}
		}
	}
	return best
}

// DidYouMean returns `; did you mean "x"?` for the nearest choice, to be appended to a message, or "" if none is
// similar enough.
func DidYouMean(word string, choices []string) string {
	if near := Nearest(word, choices); near != "" {
		return `; did you mean "` + near + `"?`
	}
	return ""
}

// distance returns the number of insertions, deletions, substitutions and transpositions that turn a into b. It
// returns limit+1 as soon as the result must exceed limit.
func distance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if len(s)-len(t) > limit || len(t)-len(s) > limit {
		return limit + 1
	}
	before, previous, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range row {
		previous[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		smallest := i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(previous[j]+1, row[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			smallest = min(smallest, row[j])
		}
		if smallest > limit {
			return limit + 1
		}
		before, previous, row = previous, row, before
	}
	return previous[len(t)]
}
