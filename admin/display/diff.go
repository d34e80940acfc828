package display

import (
	"strings"
	"unicode"
)

// Part is a run of text that both texts share ("" in Op), that went ("del") or that came ("ins").
type Part struct{ Op, Text string }

// wordLimit bounds the work: texts with more words are shown as a whole, old and new.
const wordLimit = 1500

// Diff compares two texts word by word. Texts that share little are given as one deletion and one insertion.
func Diff(before, after string) []Part {
	if before == after {
		return keep(nil, "", before)
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
	parts = keep(parts, "", strings.Join(a[:head], ""))
	parts = middle(parts, a[head:len(a)-tail], b[head:len(b)-tail])
	parts = keep(parts, "", strings.Join(a[len(a)-tail:], ""))
	return elide(parts)
}

// middle compares by the longest common subsequence of words.
func middle(parts []Part, a, b []string) []Part {
	if len(a) == 0 || len(b) == 0 || len(a) > wordLimit || len(b) > wordLimit {
		parts = keep(parts, "del", strings.Join(a, ""))
		return keep(parts, "ins", strings.Join(b, ""))
	}
	table := make([][]int16, len(a)+1)
	for i := range table {
		table[i] = make([]int16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			switch {
			case a[i] == b[j]:
				table[i][j] = table[i+1][j+1] + 1
			default:
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	var woven []Part
	i, j, shared := 0, 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			if strings.TrimSpace(a[i]) != "" {
				shared++
			}
			woven = keep(woven, "", a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && table[i+1][j] >= table[i][j+1]:
			woven = keep(woven, "del", a[i])
			i++
		default:
			woven = keep(woven, "ins", b[j])
			j++
		}
	}
	if shared*6 < min(len(a), len(b)) { // a patchwork of stray spaces helps nobody
		parts = keep(parts, "del", strings.Join(a, ""))
		return keep(parts, "ins", strings.Join(b, ""))
	}
	return append(parts, woven...)
}

func keep(parts []Part, op, text string) []Part {
	if text == "" {
		return parts
	}
	if n := len(parts); n > 0 && parts[n-1].Op == op {
		parts[n-1].Text += text
		return parts
	}
	return append(parts, Part{op, text})
}

// elide shortens what stayed the same to the words around the changes.
func elide(parts []Part) []Part {
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
