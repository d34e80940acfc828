package display

import (
	"strings"
	"unicode"
)

// Part is a part of two compared texts.
type Part struct {
	Op   string // "" for text of both, "del" for deleted text, "ins" for inserted text
	Text string
}

// wordLimit is the number of words beyond which texts are not compared: one deletion and one insertion show them.
const wordLimit = 1500

// Diff compares two texts word by word. Texts that have little in common, and those of more than 1,500 words, are
// one deletion and one insertion. Long text without changes is shortened around them.
func Diff(before, after string) []Part {
	if before == after {
		return appendPart(nil, "", before)
	}
	a, b := words(before), words(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var parts []Part
	parts = appendPart(parts, "", strings.Join(a[:head], ""))
	parts = compareWords(parts, a[head:len(a)-tail], b[head:len(b)-tail])
	parts = appendPart(parts, "", strings.Join(a[len(a)-tail:], ""))
	return shortenUnchanged(parts)
}

// compareWords appends the differences by the longest common subsequence of words.
func compareWords(parts []Part, a, b []string) []Part {
	if len(a) == 0 || len(b) == 0 || len(a) > wordLimit || len(b) > wordLimit {
		parts = appendPart(parts, "del", strings.Join(a, ""))
		return appendPart(parts, "ins", strings.Join(b, ""))
	}
	lengths := make([][]int16, len(a)+1)
	for i := range lengths {
		lengths[i] = make([]int16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			switch {
			case a[i] == b[j]:
				lengths[i][j] = lengths[i+1][j+1] + 1
			default:
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	var compared []Part
	i, j, shared := 0, 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			if strings.TrimSpace(a[i]) != "" {
				shared++
			}
			compared = appendPart(compared, "", a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && lengths[i+1][j] >= lengths[i][j+1]:
			compared = appendPart(compared, "del", a[i])
			i++
		default:
			compared = appendPart(compared, "ins", b[j])
			j++
		}
	}
	if shared*6 < min(len(a), len(b)) { // only a few words in common: a mixture would be hard to read
		parts = appendPart(parts, "del", strings.Join(a, ""))
		return appendPart(parts, "ins", strings.Join(b, ""))
	}
	return append(parts, compared...)
}

// appendPart appends text, to the last part if that has the same operation.
func appendPart(parts []Part, op, text string) []Part {
	if text == "" {
		return parts
	}
	if n := len(parts); n > 0 && parts[n-1].Op == op {
		parts[n-1].Text += text
		return parts
	}
	return append(parts, Part{op, text})
}

// shortenUnchanged shortens unchanged text to the part next to the changes.
func shortenUnchanged(parts []Part) []Part {
	const around = 60
	for i := range parts {
		if parts[i].Op != "" {
			continue
		}
		runes := []rune(parts[i].Text)
		switch first, last := i == 0, i == len(parts)-1; {
		case first && last:
		case first && len(runes) > 2*around:
			parts[i].Text = "…" + string(runes[len(runes)-around:])
		case last && len(runes) > 2*around:
			parts[i].Text = string(runes[:around]) + "…"
		case !first && !last && len(runes) > 3*around:
			parts[i].Text = string(runes[:around]) + " … " + string(runes[len(runes)-around:])
		}
	}
	return parts
}

// words splits text into words, runs of space and runs of everything else, losing nothing.
func words(s string) []string {
	var out []string
	start, before := 0, 0
	for i, r := range s {
		class := classOf(r)
		if i > start && class != before {
			out = append(out, s[start:i])
			start = i
		}
		before = class
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

func classOf(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return 1
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return 2
	}
	return 3
}
