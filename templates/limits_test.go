package templates_test

import (
	"bytes"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/quintetgo/quintet/templates"
)

// category may be its own parent.
type category struct {
	Name     string
	Parent   *category
	Children []*category
}

// calls counts how often a page calls its function step, so that the cost of a refused page can be bounded.
type calls struct{ n atomic.Int64 }

func engineOf(t *testing.T, funcs map[string]any, pairs ...string) *templates.Engine {
	t.Helper()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "shop", FS: files(pairs...)}}, Funcs: funcs})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func TestCirclesInDataAreRefusedAtSmallCost(t *testing.T) {
	t.Parallel()
	own := &category{Name: "own"}
	own.Parent, own.Children = own, []*category{own}
	first, second := &category{Name: "a"}, &category{Name: "b"}
	first.Parent, second.Parent = second, first
	first.Children, second.Children = []*category{second, second}, []*category{first, first}
	chosen := map[string]any{"template": "tree.html"}
	chosen["self"] = chosen
	tests := map[string][]string{
		"fixed name":              {"tree.html", `<i>{{ step }}{{ .Name }}</i>{{ with .Parent }}{{ include "tree.html" . }}{{ end }}`},
		"chosen while rendering":  {"tree.html", `{{ step }}{{ with .Parent }}{{ include (print "tree" ".html") . }}{{ end }}`},
		"define":                  {"tree.html", `{{ define "node" }}{{ step }}{{ with .Parent }}{{ template "node" . }}{{ end }}{{ end }}{{ template "node" . }}`},
		"block":                   {"tree.html", `{{ block "node" . }}{{ step }}{{ range .Children }}{{ template "node" . }}{{ end }}{{ end }}`},
		"two files":               {"tree.html", `{{ step }}{{ include "other.html" .Parent }}`, "other.html", `{{ with .Parent }}{{ include "tree.html" . }}{{ end }}`},
		"two files, chosen":       {"tree.html", `{{ step }}{{ include (print "other.html") .Parent }}`, "other.html", `{{ with .Parent }}{{ include (print "tree.html") . }}{{ end }}`},
		"a layout":                {"tree.html", `{{ extends "base.html" }}{{ define "content" }}{{ step }}{{ include "tree.html" .Parent }}{{ end }}`, "base.html", `<p>{{ block "content" . }}{{ end }}</p>`},
		"in an attribute":         {"tree.html", `<a title="{{ template "node" . }}">{{ define "node" }}{{ step }}{{ template "node" .Parent }}{{ end }}</a>`},
		"in a script":             {"tree.html", `<script>var x = {{ include (print "tree.html") .Parent }};{{ step }}</script>`},
		"not made into closures":  {"tree.html", `{{ step }}{{ call .Say }}{{ range .Children }}{{ include "tree.html" . }}{{ end }}`},
		"not closures and chosen": {"tree.html", `{{ step }}{{ call .Say }}{{ range .Children }}{{ include (print "tree.html") . }}{{ end }}`},
		"text":                    {"tree.txt", `{{ step }}{{ range .Children }}{{ include "tree.txt" . }}{{ end }}`},
		"xml, chosen":             {"tree.xml", `{{ step }}{{ range .Children }}{{ include (print "tree.xml") . }}{{ end }}`},
	}
	for name, pairs := range tests {
		for _, root := range []*category{own, first} {
			t.Run(name+"/"+root.Name, func(t *testing.T) {
				t.Parallel()
				var count calls
				page := pairs[0]
				start := "start" + page[strings.IndexByte(page, '.'):]
				engine := engineOf(t, map[string]any{"step": func() string { count.n.Add(1); return "" }}, append(pairs, start, `{{ include (print "`+page+`") .root }}`)...)
				var out bytes.Buffer
				err := engine.Render(&out, start, map[string]any{"root": root})
				known, ok := errors.AsType[*templates.Error](err)
				if !ok || out.Len() > 0 {
					t.Fatalf("wrote %d bytes, error %v", out.Len(), err)
				}
				if text := known.Error(); !strings.Contains(text, "more than 200 deep") || strings.Count(text, page) < 2 || !strings.Contains(text, "→") || !strings.Contains(text, "circle") {
					t.Errorf("got %s", text)
				}
				if n := count.n.Load(); n > 500 {
					t.Errorf("%d steps for a page that is refused", n)
				}
			})
		}
	}
}

func (c *category) Say() func() string { return func() string { return c.Name } }

func TestDeepButFiniteDataIsRendered(t *testing.T) {
	t.Parallel()
	leaf := &category{Name: "leaf"}
	for range 150 {
		leaf = &category{Name: "inner", Children: []*category{leaf}}
	}
	engine := engineOf(t, nil, "tree.html", `({{ .Name }}{{ range .Children }}{{ include "tree.html" . }}{{ end }})`, "start.html", `{{ include "tree.html" .root }}`)
	var out bytes.Buffer
	if err := engine.Render(&out, "start.html", map[string]any{"root": leaf}); err != nil || strings.Count(out.String(), "(") != 151 {
		t.Errorf("%d levels, %v", strings.Count(out.String(), "("), err)
	}
	out.Reset()
	wide := &category{Name: "root", Children: make([]*category, 5000)}
	for i := range wide.Children {
		wide.Children[i] = &category{Name: "x"}
	}
	if err := engine.Render(&out, "start.html", map[string]any{"root": wide}); err != nil || strings.Count(out.String(), "(") != 5001 {
		t.Errorf("%d nodes, %v", strings.Count(out.String(), "("), err)
	}
}

// Data that branches and meets again at each level is not deep, and has a trillion ways through it.
func TestDataThatBranchesWithoutEndIsRefused(t *testing.T) {
	t.Parallel()
	node := &category{Name: "end"}
	for range 40 {
		node = &category{Name: "inner", Children: []*category{node, node}}
	}
	engine := engineOf(t, nil, "tree.html", `{{ .Name }}{{ range .Children }}{{ include "tree.html" . }}{{ end }}`, "start.html", `{{ include "tree.html" .root }}`)
	err := engine.Render(io.Discard, "start.html", map[string]any{"root": node})
	if err == nil || !strings.Contains(err.Error(), "more than 100000 calls") {
		t.Errorf("got %v", err)
	}
}

func TestTemplateFunctionsThatRenderEachOtherAreBounded(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(error) error{
		"as it is": func(err error) error { return err },
		"as text":  func(err error) error { return fmt.Errorf("component: %v", err) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var engine *templates.Engine
			var count calls
			engine = engineOf(t, map[string]any{"component": func(name string) (htmltemplate.HTML, error) {
				count.n.Add(1)
				var b strings.Builder
				if err := engine.Render(&b, name, nil); err != nil {
					return "", wrap(err)
				}
				return htmltemplate.HTML(b.String()), nil
			}}, "card.html", `<b>{{ component "card.html" }}</b>`)
			err := engine.Render(io.Discard, "card.html", nil)
			if err == nil || !strings.Contains(err.Error(), "render each other without an end") {
				t.Errorf("got %v", err)
			}
			if n := count.n.Load(); n > 2000 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

func TestValuesThatContainThemselvesAreErrors(t *testing.T) {
	t.Parallel()
	m := map[string]any{"a": 1}
	m["self"] = m
	list := []any{1, nil}
	list[1] = list
	var pointer any
	pointer = &pointer
	type named struct{ Next any }
	inside := &named{}
	inside.Next = map[string]any{"back": []any{inside, map[string]any{}}}
	inside.Next.(map[string]any)["map"] = inside.Next
	deep := any("end")
	for range 100_000 {
		deep = []any{deep}
	}
	for name, value := range map[string]any{"map": m, "list": list, "pointer": pointer, "struct": *inside, "deep": deep} {
		for _, in := range []string{
			`{{ .v }}`, `<a title="{{ .v }}">`, `<a href="{{ .v }}">`, `<script>var x = "{{ .v }}"</script>`, `{{ .v | upper }}`, `{{ list 1 .v | join "," }}`,
			`{{ print .v }}`, `{{ printf "%v" .v }}`, `{{ println .v }}`, `{{ .v | truncate 5 }}`, `{{ .v | default "x" }}`, `{{ first (list .v) }}`,
		} {
			for _, kind := range []string{"html", "txt", "xml"} {
				if kind != "html" && strings.Contains(in, "<") {
					continue
				}
				engine := engineOf(t, nil, "t."+kind, in)
				err := engine.Render(io.Discard, "t."+kind, map[string]any{"v": value})
				if err == nil || !strings.Contains(err.Error(), "contains itself") {
					t.Errorf("%s, %s, %s: got %v", name, kind, in, err)
				}
			}
		}
		for _, in := range []string{`{{ eq .v .v }}`, `{{ ne .v .w }}`, `{{ if eq 1 .v }}{{ end }}`, `{{ range .holder }}{{ end }}`, `{{ range .v }}{{ end }}`, `{{ range $i, $x := .v }}{{ end }}`, `{{ with .v }}{{ len . }}{{ end }}`, `{{ range $i, $x := .holder }}{{ end }}`, `{{ lt .v .v }}`, `{{ index .list .v }}`, `{{ slice .list .v }}`, `{{ .v.nosuch.nosuch }}`, `{{ template "x" .v }}{{ define "x" }}{{ range .nosuch.x }}{{ end }}{{ end }}`} {
			for _, kind := range []string{"html", "txt", "xml"} {
				data := map[string]any{"v": value, "w": value, "holder": struct{ V any }{value}, "list": []int{1}}
				err := engineOf(t, nil, "t."+kind, in).Render(io.Discard, "t."+kind, data) // comes to an end
				if err == nil && strings.Contains(in, ".holder") {
					t.Errorf("%s, %s, %s: no error", name, kind, in)
				}
			}
		}
		engine := engineOf(t, nil, "t.html", `{{ .v | json_script "x" }}`)
		if err := engine.Render(io.Discard, "t.html", map[string]any{"v": value}); err == nil && name != "deep" && name != "struct" {
			t.Errorf("%s: json_script wrote it", name)
		}
	}
	engine := engineOf(t, nil, "t.html", `{{ .v.name }}`)
	if err := engine.Render(io.Discard, "t.html", map[string]any{"v": pointer}); err == nil {
		t.Error("a field of a pointer to itself was found")
	}
}

func TestSharedValuesAreNotCircles(t *testing.T) {
	t.Parallel()
	shared := map[string]any{"x": []int{1}}
	engine := engineOf(t, nil, "t.txt", `{{ .v }}`)
	var out bytes.Buffer
	if err := engine.Render(&out, "t.txt", map[string]any{"v": []any{shared, shared, &category{}}}); err != nil || !strings.HasPrefix(out.String(), "[map[x:[1]] map[x:[1]] 0x") {
		t.Errorf("%q, %v", out.String(), err)
	}
}
