package templates_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/quintetgo/quintet/templates"
)

// BenchmarkPage renders a list of 20 posts through a layout and a partial.
func BenchmarkPage(b *testing.B) {
	type author struct{ Name string }
	type post struct {
		Title, Slug, Summary string
		Author               *author
		Created              time.Time
		Tags                 []string
	}
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "blog", FS: files(
		"base.html", `<!doctype html><title>{{ block "title" . }}Blog{{ end }}</title><main>{{ block "content" . }}{{ end }}</main>`,
		"list.html", `{{ extends "base.html" }}{{ define "title" }}{{ .title }}{{ end }}{{ define "content" }}{{ range .posts }}{{ include "_post.html" . }}{{ end }}{{ end }}`,
		"_post.html", `<article><h2><a href="/posts/{{ .Slug }}/">{{ .Title }}</a></h2><p class="by">{{ .Author.Name }}, {{ .Created | date "short" }}</p><p>{{ .Summary | truncate 80 }}</p>{{ range .Tags }}<a href="/tags/{{ . }}/">{{ . }}</a>{{ end }}</article>`,
	)}}})
	if err != nil {
		b.Fatal(err)
	}
	var posts []post
	for i := range 20 {
		posts = append(posts, post{fmt.Sprintf("Post & %d", i), fmt.Sprintf("post-%d", i), "A summary that is a little longer than it needs to be, so that it is cut.", &author{"Ann"}, now, []string{"go", "web"}})
	}
	data := map[string]any{"title": "Posts", "posts": posts}
	b.ReportAllocs()
	for b.Loop() {
		if err := engine.Render(io.Discard, "list.html", data); err != nil {
			b.Fatal(err)
		}
	}
}
