package pages_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing/fstest"

	"github.com/quintetgo/quintet/docs/snippets/pages"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

// show prints the lines of a page that are not empty.
func show(path string) {
	app := pages.App{Notes: notebook{}}
	project := framework.New(framework.Settings{Routes: func(r *web.Router) { r.Include("/notes/", app) }}, app)
	response := httptest.NewRecorder()
	project.ServeHTTP(response, httptest.NewRequest("GET", "http://localhost"+path, nil))
	for line := range strings.Lines(response.Body.String()) {
		if strings.TrimSpace(line) != "" {
			fmt.Print(line)
		}
	}
}

func Example_layout() {
	show("/notes/")
	// Output:
	// <!doctype html>
	// <html lang="en">
	// <title>All notes · Notebook</title>
	// <main>
	// <p>NOTES! Hello 192.0.2.1</p>
	// <article class="wide">
	// 	<h2><a href="/notes/7/">&lt;Fugue&gt;</a></h2>
	// 	<p>17 May 2026 · bach, organ</p>
	// </article>
	// <a href="?order=title">By title</a>
	// </main>
	// </html>
}

// parseError prints the error of a page that does not parse.
func parseError(page string) {
	_, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "notes", FS: fstest.MapFS{
		"_note.html": {Data: []byte(`<p>{{ .title }}</p>`)},
		"list.html":  {Data: []byte(page)},
	}}}})
	fmt.Println(err)
}

func Example_templateErrors() {
	parseError(`{{ include "_nota.html" }}`)
	parseError(`{{ .title | uper }}`)
	parseError(`{{ .at | date "YYYY-MM-DD" }}`)
	parseError(`<div x-data="{{ .title }}"></div>`)
	parseError(`{{ if .title }}`)
	// Output:
	// template list.html:1:12 (notes): partial "_nota.html" does not exist; did you mean "_note.html"?
	// template list.html:1:13 (notes): function "uper" is not defined; did you mean "upper"?
	// template list.html:1:15 (notes): date: layout "YYYY-MM-DD" has the letter "Y" twice in a row; write letters of Django such as "j F Y", a layout of Go such as "2 January 2006", or a style such as "short", "long", "iso"
	// template list.html:1:17 (notes): dynamic data in attribute "x-data", which Alpine runs as JavaScript; put the data into a data- attribute or json_script; if it is safe, say {{/* lint:allow x-data */}} in the file
	// template list.html:1:1 (notes): unexpected EOF; an {{ if }}, {{ range }}, {{ with }}, {{ block }} or {{ define }} is not closed by {{ end }}
}
