package sample

import (
	_ "embed" // for topics.txt
	"fmt"
	"strings"
)

//go:embed topics.txt
var topicsText string

// topic is what posts are made of: each has one of the titles, begins with an opening, and ends with an ending.
type topic struct {
	tags                               []string
	titles, openings, middles, endings []string
}

// topics reads topics.txt: a line "= tag, tag" begins a topic, the other lines begin with the part that they are.
func topics() ([]*topic, error) {
	var list []*topic
	for line := range strings.Lines(topicsText) {
		kind, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		if kind == "=" {
			list = append(list, &topic{tags: strings.Split(text, ", ")})
			continue
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("topics.txt begins with %q instead of a topic", kind)
		}
		t := list[len(list)-1]
		switch kind {
		case "title":
			t.titles = append(t.titles, text)
		case "open":
			t.openings = append(t.openings, text)
		case "mid":
			t.middles = append(t.middles, text)
		case "end":
			t.endings = append(t.endings, text)
		default:
			return nil, fmt.Errorf("topics.txt: unknown part %q", kind)
		}
	}
	return list, nil
}
