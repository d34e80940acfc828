package templates_test

import (
	"fmt"
	"os"
	"testing/fstest"

	"github.com/quintetgo/quintet/templates"
)

func Example() {
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "blog", FS: fstest.MapFS{
		"base.html":  {Data: []byte(`<title>{{ block "title" . }}Blog{{ end }}</title>{{ block "content" . }}{{ end }}`)},
		"_post.html": {Data: []byte(`<li>{{ .title | upper }}</li>`)},
		"list.html": {Data: []byte(`{{ extends "base.html" }}
{{ define "title" }}Posts, {{ super }}{{ end }}
{{ define "content" }}<ul>{{ range .posts }}{{ include "_post.html" "title" . }}{{ end }}</ul>{{ end }}`)},
	}}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := engine.Render(os.Stdout, "list.html", map[string]any{"posts": []string{"Tea & milk"}}); err != nil {
		fmt.Println(err)
	}
	// Output: <title>Posts, Blog</title><ul><li>TEA &amp; MILK</li></ul>
}

func Example_errors() {
	_, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "blog", FS: fstest.MapFS{
		"_card.html": {Data: []byte(`card`)},
		"list.html":  {Data: []byte("<ul>\n{{ include \"_crad.html\" . }}\n</ul>")},
	}}}})
	fmt.Println(err)
	// Output: template list.html:2:12 (blog): partial "_crad.html" does not exist; did you mean "_card.html"?
}
