package templates_test

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"testing"
	"time"

	"github.com/quintetgo/quintet/templates"
)

type benchAuthor struct{ Name string }

type benchPost struct {
	Title, Slug, Summary string
	Author               *benchAuthor
	Created              time.Time
	Tags                 []string
}

// benchData is a list of 20 posts.
func benchData() map[string]any {
	var posts []benchPost
	for i := range 20 {
		posts = append(posts, benchPost{
			fmt.Sprintf("Post & %d", i), fmt.Sprintf("post-%d", i), "A summary that is a little longer than it needs to be, so that it is cut.", &benchAuthor{"Ann"}, now, []string{"go", "web"},
		})
	}
	return map[string]any{"title": "Posts", "posts": posts}
}

const benchRow = `<article><h2><a href="/posts/{{ .Slug }}/">{{ .Title }}</a></h2><p class="by">{{ .Author.Name }}, {{ .Created | date "2006-01-02" }}</p><p>{{ .Summary | truncate 80 }}</p>` +
	`{{ range .Tags }}<a href="/tags/{{ . }}/">{{ . }}</a>{{ end }}</article>`

// BenchmarkPage renders the list through a layout and a partial.
func BenchmarkPage(b *testing.B) {
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "blog", FS: files(
		"base.html", `<!doctype html><title>{{ block "title" . }}Blog{{ end }}</title><main>{{ block "content" . }}{{ end }}</main>`,
		"list.html", `{{ extends "base.html" }}{{ define "title" }}{{ .title }}{{ end }}{{ define "content" }}{{ range .posts }}{{ include "_post.html" . }}{{ end }}{{ end }}`,
		"_post.html", benchRow,
	)}}})
	if err != nil {
		b.Fatal(err)
	}
	data := benchData()
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := engine.Render(&out, "list.html", data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPageByHand renders the same page with html/template alone.
func BenchmarkPageByHand(b *testing.B) {
	funcs := htmltemplate.FuncMap{
		"date": func(layout string, t time.Time) string { return t.Format(layout) },
		"truncate": func(n int, s string) string {
			if runes := []rune(s); len(runes) > n {
				return string(runes[:n-1]) + "…"
			}
			return s
		},
	}
	set, err := htmltemplate.New("base").Funcs(funcs).Parse(`<!doctype html><title>{{ .title }}</title><main>{{ range .posts }}{{ template "post" . }}{{ end }}</main>{{ define "post" }}` + benchRow + `{{ end }}`)
	if err != nil {
		b.Fatal(err)
	}
	data := benchData()
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := set.Execute(&out, data); err != nil {
			b.Fatal(err)
		}
	}
}
