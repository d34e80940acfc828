package templates_test

import (
	"io"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/templates"
)

// FuzzNew feeds a page and a partial to the parser, the resolver and the lint. Whatever they are,
// New ends, and what it accepts renders or fails with an error.
func FuzzNew(f *testing.F) {
	f.Add(`{{ extends "base.html" }}{{ define "content" }}{{ super }}{{ include "part.html" . "a" 1 }}{{ end }}`, `<b x="{{ .a }}">{{ range .list }}{{ include "part.html" }}{{ end }}</b>`)
	f.Add(`{{ template "x" $ }}{{ define "x" }}{{ template "x" .y }}{{ end }}`, `{{ block "b" .a.b }}{{ $.c }}{{ end }}`)
	f.Add(`<a href="{{ .x }}" onclick='{{ . }}'><!-- {{ . }} --><script>{{ . }}</script>`, `{{ with $x := . }}{{ $x = 2 }}{{ break }}{{ end }}`)
	f.Fuzz(func(t *testing.T, page, part string) {
		if len(page)+len(part) > 2000 {
			return
		}
		engine, err := templates.New(templates.Options{Sources: []templates.Source{
			{Name: "project", FS: files("base.html", page)},
			{Name: "fuzz", FS: files("base.html", `<p>{{ block "content" . }}{{ end }}`, "page.html", page, "part.html", part, "part.xml", part)},
		}})
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("an error without text")
			}
			return
		}
		engine.Uses("page.html", "a")
		if strings.Contains(page+part, "range") {
			return // may be long
		}
		for _, name := range engine.Names() {
			_ = engine.Render(io.Discard, name, map[string]any{"a": 1})
		}
	})
}
