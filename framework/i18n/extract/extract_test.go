package extract_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/i18n/extract"
)

func TestFolder(t *testing.T) {
	files := fstest.MapFS{
		"blog/views.go": {Data: []byte(`package blog

import (
	"github.com/quintetgo/quintet/framework/i18n"
	msg "github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	other "example.com/message"
)

const greeting = "Hello " + "{name}"

func view() {
	i18n.T(ctx, greeting, msg.Args{"name": 1})
	_ = msg.New("taken", "Taken.")
	_ = msg.Message{Code: "x", Text: "{count} post", Plural: "{count} posts", Count: "count"}
	_ = msg.Message{Text: "May", Context: "month"}
	_ = other.New("taken", "Not ours.")
	messages.Success(r, ` + "`Saved \"it\".`" + `)
	web.NotFound("Taken.")
	web.NotFound("")
	i18n.T(ctx, name+"!")
}
`)},
		"blog/views_test.go":             {Data: []byte("package blog\n\nimport \"github.com/quintetgo/quintet/framework/i18n\"\n\nvar _ = i18n.T(ctx, \"Test\")\n")},
		"blog/testdata/x.go":             {Data: []byte("not Go")},
		"blog/templates/blog/list.html":  {Data: []byte("<p>\n{{ define \"x\" }}{{ t \"In a block\" }}{{ end }}{{ if eq (t \"Nested\") .x }}{{ end }}{{ range .l }}{{ else }}{{ t \"Else\" | upper }}{{ end }}\n{{ tn \"{count} post\" \"{count} posts\" .n }} {{ tc \"month\" \"May\" }} {{ tc \"verb\" \"May\" }} {{ t .dynamic }}{{ include \"x.html\" \"label\" (t \"Argument\") }}")},
		"blog/static/x.html":             {Data: []byte("{{ t \"Not a template\" }}")},
		"node_modules/x/templates/y.txt": {Data: []byte("{{ t \"Foreign\" }}")},
		"other/templates/x.txt":          {Data: []byte("{{ t \"Skipped\" }}")},
		"templates/broken.html":          {Data: []byte("{{ t ")},
		"plural/templates/x.txt":         {Data: []byte("{{ tn \"{count} post\" \"{count} articles\" 1 }}")},
	}
	texts, err := extract.Folder(files, func(dir string) bool { return dir == "other" })
	var got []string
	for _, text := range texts {
		got = append(got, fmt.Sprintf("%s|%s|%s|%v", text.Context, text.Text, text.Plural, text.Places))
	}
	want := []string{
		"|In a block||[blog/templates/blog/list.html:2]",
		"|Nested||[blog/templates/blog/list.html:2]",
		"|Else||[blog/templates/blog/list.html:2]",
		"verb|May||[blog/templates/blog/list.html:3]",
		"|Argument||[blog/templates/blog/list.html:3]",
		"|Hello {name}||[blog/views.go:14]",
		"|Taken.||[blog/views.go:15 blog/views.go:20]",
		"|{count} post|{count} posts|[blog/views.go:16 blog/templates/blog/list.html:3 plural/templates/x.txt:1]",
		"month|May||[blog/views.go:17 blog/templates/blog/list.html:3]",
		"|Saved \"it\".||[blog/views.go:19]",
	}
	for _, line := range want {
		if !strings.Contains("\n"+strings.Join(got, "\n")+"\n", "\n"+line+"\n") {
			t.Errorf("%s is missing", line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got:\n%s", strings.Join(got, "\n"))
	}
	for _, problem := range []string{
		"blog/views.go:22: the text of i18n.T is no constant", "blog/templates/blog/list.html:3: a text of t is no literal",
		"broken.html", `"{count} post" has the plural "{count} articles" here`,
	} {
		if err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%v\nhas no %s", err, problem)
		}
	}
}
