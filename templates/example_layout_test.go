package templates_test

import (
	"fmt"
	"os"
	"testing/fstest"

	"github.com/quintetgo/quintet/templates"
)

// exampleEngine parses templates by name.
func exampleEngine(files map[string]string) *templates.Engine {
	source := fstest.MapFS{}
	for name, text := range files {
		source[name] = &fstest.MapFile{Data: []byte(text)}
	}
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "site", FS: source}}})
	if err != nil {
		panic(err)
	}
	return engine
}

// A page extends a layout and fills its blocks; super is the layout's content.
func ExampleEngine_inheritance() {
	engine := exampleEngine(map[string]string{
		"base.html": `<title>{{ block "title" . }}Shop{{ end }}</title>`,
		"page.html": `{{ extends "base.html" }}{{ define "title" }}{{ .Name }} · {{ super }}{{ end }}`,
	})
	fmt.Println(engine.Render(os.Stdout, "page.html", map[string]any{"Name": "Tea"}))
	// Output: <title>Tea · Shop</title><nil>
}

// Filters change a value; the value is escaped for its context afterwards.
func ExampleEngine_filters() {
	engine := exampleEngine(map[string]string{
		"page.html": `{{ .Title | truncate 5 }} {{ .Count | intcomma }} {{ .Tags | join ", " }}`,
	})
	fmt.Println(engine.Render(os.Stdout, "page.html", map[string]any{
		"Title": "Lantern", "Count": 12345, "Tags": []string{"a", "<b>"},
	}))
	// Output: Lant… 12,345 a, &lt;b&gt;<nil>
}

// A partial is a template that others include, with values by name.
func ExampleEngine_partials() {
	engine := exampleEngine(map[string]string{
		"_card.html": `<b>{{ .title }}</b>`,
		"page.html":  `{{ range .Items }}{{ include "_card.html" "title" . }}{{ end }}`,
	})
	fmt.Println(engine.Render(os.Stdout, "page.html", map[string]any{"Items": []string{"Tea", "Milk"}}))
	// Output: <b>Tea</b><b>Milk</b><nil>
}
