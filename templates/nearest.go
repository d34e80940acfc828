package templates

import (
	"slices"
	"strconv"
	"strings"
)

// didYouMean returns `did you mean "x"?` for the choice nearest to word, or "" when none is near.
// Of equally near choices the one with the same first letter wins, then the first by alphabet.
func didYouMean(word string, choices []string) string {
	best, limit := "", 1+len(word)/4
	folded := strings.ToLower(word)
	for _, choice := range slices.Sorted(slices.Values(choices)) {
		if abs(len(choice)-len(word)) > limit || choice == word || choice == "" {
			continue
		}
		d := distance(folded, strings.ToLower(choice))
		if d < limit || d == limit && (best == "" || choice[0] == word[0] && best[0] != word[0]) {
			best, limit = choice, d
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + strconv.Quote(best) + "?"
}

// distance counts the insertions, deletions, replacements and swaps of neighbours between a and b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
