package templates_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/templates"
)

// TestAValueIsMadeWhenThePageUsesIt renders each page with closures and, by something that these do not know, with the
// original as well.
func TestAValueIsMadeWhenThePageUsesIt(t *testing.T) {
	t.Parallel()
	type user struct{ Name string }
	pages := map[string]struct {
		source string
		want   string
		made   bool
	}{
		"not mentioned":          {`a`, "a", false},
		"shown":                  {`{{ .lazy.Name }}`, "Ada", true},
		"in a branch":            {`{{ if .yes }}{{ .lazy.Name }}{{ end }}`, "Ada", true},
		"in the other branch":    {`{{ if .yes }}a{{ else }}{{ .lazy.Name }}{{ end }}`, "a", false},
		"in a list without rows": {`{{ range .none }}{{ $.lazy.Name }}{{ else }}a{{ end }}`, "a", false},
		"in a list":              {`{{ range .list }}{{ $.lazy.Name }}{{ end }}`, "AdaAda", true},
		"in a with":              {`{{ with .lazy }}{{ .Name }}{{ end }}`, "Ada", true},
		"after an or":            {`{{ if or .yes .lazy }}a{{ end }}`, "a", false},
		"in a partial":           {`{{ include "part.html" . }}`, "Ada", true},
		"in a partial, unused":   {`{{ if .no }}{{ include "part.html" . }}{{ end }}a`, "a", false},
		"handed to a partial":    {`{{ include "named.html" "user" .lazy }}`, "Ada", true},
		"beside named values":    {`{{ include "part.html" . "x" 1 }}`, "Ada", true},
		"unused beside them":     {`{{ include "plain.html" . "x" 1 }}`, "1", false},
		"in a chosen partial":    {`{{ include .path . }}`, "Ada", true},
		"in a layout":            {`{{ extends "layout.html" }}{{ define "content" }}{{ if .no }}{{ .lazy.Name }}{{ end }}{{ end }}`, "<p></p>", false},
		"in a variable":          {`{{ $u := .lazy }}{{ $u.Name }}`, "Ada", true},
		"by index":               {`{{ with index . "lazy" }}{{ .Name }}{{ end }}`, "Ada", true},
		"by index of a variable": {`{{ $d := . }}{{ with index $d "lazy" }}{{ .Name }}{{ end }}`, "Ada", true},
		"as a row":               {`{{ range $k, $v := . }}{{ if eq $k "lazy" }}{{ $v.Name }}{{ end }}{{ end }}`, "Ada", true},
		"counted":                {`{{ len . }}`, "7", true},
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: fstest.MapFS{
				"page.html": {Data: []byte(page.source)}, "part.html": {Data: []byte(`{{ .lazy.Name }}`)}, "named.html": {Data: []byte(`{{ .user.Name }}`)},
				"plain.html": {Data: []byte(`{{ .x }}`)}, "layout.html": {Data: []byte(`<p>{{ block "content" . }}{{ end }}</p>`)},
			}}}})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				made := 0
				var b strings.Builder
				err := engine.Render(&b, "page.html", map[string]any{
					"lazy": templates.NewLazy(func() any { made++; return user{"Ada"} }),
					"yes":  true, "no": false, "none": []int{}, "list": []int{1, 2}, "path": "part.html", "more": 1,
				})
				if err != nil || b.String() != page.want || (made > 0) != page.made || made > 1 {
					t.Errorf("%q, made %d times, %v; want %q, made: %v", b.String(), made, err, page.want, page.made)
				}
			}
		})
	}
}

func TestALazyNilIsNothing(t *testing.T) {
	t.Parallel()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: fstest.MapFS{"page.html": {Data: []byte(`{{ if .lazy }}a{{ else }}b{{ end }}{{ with .lazy }}c{{ end }}`)}}}}})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := engine.Render(&b, "page.html", map[string]any{"lazy": templates.NewLazy(func() any { return nil })}); err != nil || b.String() != "b" {
		t.Errorf("%q, %v", b.String(), err)
	}
}
