package admin_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// inputs returns what a browser sends for the form of a page without any change by the user.
func inputs(t *testing.T, page string) url.Values {
	t.Helper()
	values := url.Values{}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node, form bool)
	walk = func(n *html.Node, form bool) {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		_, checked := at["checked"]
		form = form || n.Data == "form" && at["class"] == "form"
		switch name := at["name"]; {
		case n.Type != html.ElementNode || name == "" || !form:
		case n.Data == "input" && (at["type"] == "checkbox" || at["type"] == "radio"):
			if value, own := at["value"]; checked && own {
				values.Add(name, value)
			} else if checked {
				values.Add(name, "on")
			}
		case n.Data == "input":
			values.Add(name, strings.NewReplacer("\r", "", "\n", "").Replace(at["value"]))
		case n.Data == "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data // the parser drops the first line end, as browsers do
			}
			values.Add(name, strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(text))
		case n.Data == "select":
			selectedOptions(n, name, values)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, form)
		}
	}
	walk(root, false)
	values.Del("csrf_token")
	return values
}

func selectedOptions(n *html.Node, name string, values url.Values) {
	first, several, found, options := "", false, false, 0
	for _, a := range n.Attr {
		several = several || a.Key == "multiple"
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data != "option" {
			continue
		}
		value, selected := "", false
		for _, a := range c.Attr {
			if a.Key == "value" {
				value = a.Val
			}
			selected = selected || a.Key == "selected"
		}
		if selected {
			values.Add(name, value)
			found = true
		}
		if options++; options == 1 {
			first = value
		}
	}
	if !found && !several && options > 0 {
		values.Add(name, first)
	}
}

func cloneValues(values url.Values) url.Values {
	out := url.Values{}
	for name, all := range values {
		out[name] = append([]string(nil), all...)
	}
	return out
}

func between(text, start, end string) string {
	_, text, _ = strings.Cut(text, start)
	text, _, _ = strings.Cut(text, end)
	return text
}

func textOf(n *html.Node) string {
	text := ""
	if n.Type == html.TextNode {
		text = n.Data
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		text += textOf(c)
	}
	return text
}
