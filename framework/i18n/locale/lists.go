package locale

import "strings"

// listForms joins a text, {0}, with the next one, {1}.
type listForms struct {
	Two    string `json:"2"`
	Start  string `json:"start"`
	Middle string `json:"middle"`
	End    string `json:"end"`
}

// List returns texts as an enumeration: "a, b and c" in British English; "" for none.
func (l *Locale) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	case 2:
		return join(l.data.Lists.Two, items[0], items[1])
	}
	out := join(l.data.Lists.Start, items[0], items[1])
	for _, item := range items[2 : len(items)-1] {
		out = join(l.data.Lists.Middle, out, item)
	}
	return join(l.data.Lists.End, out, items[len(items)-1])
}

// join fills a pattern. The texts may have braces of their own, so nothing in them is replaced.
func join(pattern, first, second string) string {
	return strings.NewReplacer("{0}", first, "{1}", second).Replace(pattern)
}
