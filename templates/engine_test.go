package templates_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/templates"
)

// files makes a source of name and content pairs.
func files(pairs ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return out
}

func TestPagesExtendIncludeAndEscape(t *testing.T) {
	t.Parallel()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "shop", FS: files(
		"base.html", `<title>{{ block "title" . }}Shop{{ end }}</title>{{ $x := "base" }}<main>{{ block "content" . }}{{ end }}</main>{{ $x }}`,
		"mid.html", `{{ extends "base.html" }}{{ define "title" }}Mid · {{ super }}{{ end }}`,
		"list.html", "{{ extends \"mid.html\" }}\n{{ define \"title\" }}{{ .name }} · {{ super }}{{ end }}{{ define \"content\" }}{{ $x := 1 }}{{ range .posts }}{{ include \"_card.html\" . }}{{ include \"_tag.html\" \"label\" .Title \"n\" $x }}{{ $.name }}{{ end }}{{ end }}",
		"_card.html", `{{ $x := .Title }}<b title="{{ .Title }}">{{ range .Tags }}{{ . }}/{{ $.Title }};{{ end }}{{ $x }}</b>`,
		"_tag.html", `<i>{{ .label | upper }} {{ .n }}{{ .absent }}</i>`,
	)}}})
	if err != nil {
		t.Fatal(err)
	}
	type post struct {
		Title string
		Tags  []string
	}
	var b strings.Builder
	if err := engine.Render(&b, "list.html", map[string]any{"name": "N<", "posts": []post{{"A", []string{"x", "y"}}, {"<b>", nil}}}); err != nil {
		t.Fatal(err)
	}
	want := `<title>N&lt; · Mid · Shop</title><main><b title="A">x/A;y/A;A</b><i>A 1</i>N&lt;<b title="&lt;b&gt;">&lt;b&gt;</b><i>&lt;B&gt; 1</i>N&lt;</main>base`
	if got := b.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for key, want := range map[string]bool{"name": true, "posts": true, "label": false, "Title": false} {
		if got := engine.Uses("list.html", key); got != want {
			t.Errorf("Uses(%q) = %v", key, got)
		}
	}
}

func TestNothingIsWrittenWhenRenderingFails(t *testing.T) {
	t.Parallel()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: files("t.html", `before {{ index .list 3 }}`)}}})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := engine.Render(&b, "t.html", map[string]any{"list": []int{}}); err == nil || b.Len() > 0 {
		t.Errorf("wrote %q, error %v", b.String(), err)
	}
}

func TestAnEngineRendersConcurrently(t *testing.T) {
	t.Parallel()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: files(
		"t.html", `{{ range .list }}{{ include "_i.html" . }}{{ end }}`, "_i.html", `<i>{{ . }}</i>`)}}})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			for range 50 {
				var b strings.Builder
				if err := engine.Render(&b, "t.html", map[string]any{"list": []int{i, i}}); err != nil {
					t.Error(err)
				}
				if want := strings.Repeat(fmt.Sprintf("<i>%d</i>", i), 2); b.String() != want {
					t.Errorf("got %s, want %s", b.String(), want)
				}
			}
		})
	}
	group.Wait()
}

func TestBadFunctionsAreRefused(t *testing.T) {
	t.Parallel()
	for name, fn := range map[string]any{"a b": strings.ToUpper, "x": 3, "nothing": func() {}, "three": func() (int, int, error) { return 0, 0, nil }, "include": strings.ToUpper, "nilfunc": (func() int)(nil)} {
		if _, err := templates.New(templates.Options{Funcs: map[string]any{name: fn}}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: got %v", name, err)
		}
	}
}
