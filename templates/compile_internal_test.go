package templates

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// twice renders a page as closures and by html/template, or text/template. fast is false if closures could
// not, so that there is nothing to compare.
func twice(e *Engine, name string, data any) (closures, original string, fast bool, err error) {
	p := e.pages[name]
	if p == nil || p.err != nil || e.closures(p) == nil {
		return "", "", false, nil
	}
	var a, b bytes.Buffer
	fastErr := p.fast.Load().Run(&a, &newRendering().State, data)
	r := newRendering()
	defer r.end()
	o, err := e.take(r, p)
	if err == nil {
		err = o.execute(&b, data)
	}
	return a.String(), b.String(), fastErr == nil, err
}

func bothWays(t *testing.T, e *Engine, name string, data any) (fast bool) {
	t.Helper()
	closures, original, fast, err := twice(e, name, data)
	if fast && (err != nil || closures != original) {
		t.Errorf("%s: closures write\n%q\nthe original\n%q, %v", name, closures, original, err)
	}
	return fast
}

// TestGoldenPagesAsClosures renders every page of the golden files both ways.
func TestGoldenPagesAsClosures(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	compared := 0
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources, data := map[string]fstest.MapFS{}, map[string]any{}
		for _, file := range archive.Files {
			source, path, _ := strings.Cut(file.Name, "/")
			if sources[source] == nil {
				sources[source] = fstest.MapFS{}
			}
			sources[source][path] = &fstest.MapFile{Data: file.Data}
			if file.Name == "data.json" {
				if err := json.Unmarshal(file.Data, &data); err != nil {
					t.Fatal(err)
				}
			}
		}
		e, err := New(Options{
			Sources: []Source{{Name: "project", FS: sources["project"]}, {Name: "shop", FS: sources["shop"]}, {Name: "blog", FS: sources["blog"]}},
			Now:     func() time.Time { return time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC) },
			Funcs: map[string]any{
				"url":  func(name string, args ...any) string { return "/" + name },
				"fail": func() (string, error) { return "", errors.New("out of order") },
			},
		})
		if err != nil {
			continue // a file with errors
		}
		for name, p := range e.pages {
			if p.err == nil && e.closures(p) == nil {
				t.Errorf("%s: %s is not compiled", path, name)
			}
			if bothWays(t, e, name, data) {
				compared++
			}
		}
	}
	if compared < 20 {
		t.Errorf("only %d pages were compared", compared)
	}
}

type (
	word    string
	shouted string
	level   int
	pair    struct{ A, B any }
	inner   struct {
		Name  string
		Count int
		Next  *inner
	}
	thing struct {
		inner
		*pair
		Title   string
		Word    word
		Shout   shouted
		Level   level
		Price   float64
		Tags    []string
		Scores  map[string]int
		ByLevel map[int]string
		When    time.Time
		Err     error
		Any     any
		Maker   fmt.Stringer
		Fn      func() string
		hidden  string
	}
)

func (s shouted) String() string                        { return strings.ToUpper(string(s)) + "!<" }
func (l *level) String() string                         { return "level & pointer" }
func (t thing) Upper() string                           { return strings.ToUpper(t.Title) }
func (t *thing) Pointed(n int, s string) string         { return fmt.Sprint(t.Title, n, s) }
func (t *thing) Many(s ...string) (string, error)       { return strings.Join(s, "-"), nil }
func (t *thing) Fails() (string, error)                 { return "", errors.New("it fails") }
func (t *thing) Self() *thing                           { return t }
func (t thing) Nothing() *thing                         { return nil }
func (i *inner) Chain() string                          { return i.Name + ">" }
func (t *thing) Take(v any) string                      { return fmt.Sprintf("%T", v) }
func (t *thing) Sum(a int64, b uint8, c float32) string { return fmt.Sprint(a, b, c) }

func data() map[string]any {
	closed := make(chan int)
	close(closed)
	text, number, none := "a pointer's <text>", 7, (*string)(nil)
	pointer := &text
	one := &thing{
		inner: inner{Name: "in <ner>", Count: 3, Next: &inner{Name: "next"}}, pair: &pair{A: "a", B: 1},
		Title: `Ti"t'le & <b>+`, Word: "w<ord", Shout: "quiet", Level: 4, Price: 12.50, Tags: []string{"go", "we&b", ""},
		Scores: map[string]int{"b": 2, "a": 1, "c<": 3}, ByLevel: map[int]string{2: "two", -1: "minus"},
		When: time.Date(2026, 11, 26, 3, 4, 5, 0, time.UTC), Err: errors.New("an <error>"), Any: []any{1, "x", nil}, Maker: shouted("maker"),
		Fn: func() string { return "called" }, hidden: "no one sees it",
	}
	return map[string]any{
		"thing": one, "value": *one, "things": []thing{*one, {Title: "empty"}}, "pointers": []*thing{one, nil},
		"string": "s & <p>", "empty": "", "int": 42, "minus": -3, "zero": 0, "uint": uint8(200), "float": 1.5, "big": 1e21, "true": true, "false": false,
		"nil": nil, "none": none, "text": pointer, "deep": &pointer, "number": &number, "word": word("a<b"), "shout": shouted("hey"),
		"html": htmltemplate.HTML("<b>bold & \"brave\"</b>"), "url": htmltemplate.URL("javascript:x('y')"), "js": htmltemplate.JS("f(1)"), "css": htmltemplate.CSS("a:b"), "attr": htmltemplate.HTMLAttr(`a="b"`),
		"error": errors.New("err & or"), "time": one.When, "duration": 90 * time.Nanosecond,
		"list": []any{1, "two", nil, 3.5, []int{4}, map[string]any{"k": "v"}}, "ints": []int{1, 2, 3}, "none_list": []int(nil), "array": [2]string{"x", "y"},
		"map": map[string]any{"a": 1, "nested": map[string]any{"b": "<c>"}, "nothing": nil}, "strings": map[string]string{"k": "v"}, "words": map[word]int{"w": 1},
		"bylong": map[int64]string{2: "long"}, "byany": map[any]int{1: 2, 4: 3}, "bytes": []byte("by<tes"), "rune": 'é', "bad": "bad \xff utf \x00 nul", "unicode": "Zoë – 日本", "path": "/a b/é?x=1&y='2'%20%zz#f", "evil": "javascript:alert(1)",
		"mail": "mailto:a@b.example", "complex": complex(1, 2), "struct": struct{ X, Y int }{1, 2}, "func": func() string { return "f" },
		"seq": slices.Values([]string{"a", "b<"}), "seq2": slices.All([]string{"x", "y"}), "nobody": slices.Values([]string(nil)), "closed": closed, "nil_channel": (chan int)(nil),
	}
}

// TestClosuresWriteWhatTheOriginalsWrite has pipelines of every kind over values of every kind.
func TestClosuresWriteWhatTheOriginalsWrite(t *testing.T) {
	t.Parallel()
	var bodies []string
	places := []string{
		"<p>%s</p>", `<a title="%s">`, `<a href="%s">`, `<a href="/x/%s/">`, `<a href="/x?q=%s&amp;r=1">`, "<title>%s</title>", "<textarea>%s</textarea>",
		"<a title=%s>", "<script>var x = %s;</script>", `<script>var x = "%s";</script>`, "<style>a { color: %s }</style>", `<a style="width: %s">`, `<img srcset="%s">`,
		`<input %s>`, "<!-- %s -->x", `<script type="application/json">%s</script>`,
	}
	for key := range data() {
		for _, place := range places {
			bodies = append(bodies, fmt.Sprintf(place, "{{ ."+key+" }}"))
		}
		bodies = append(bodies,
			"{{ with ."+key+" }}{{ . }}{{ else }}none{{ end }}", "{{ if ."+key+" }}yes{{ else }}no{{ end }}", "{{ range ."+key+" }}<i>{{ . }}</i>{{ else }}none{{ end }}",
			"{{ range $k, $v := ."+key+" }}{{ $k }}={{ $v }},{{ else }}none{{ end }}", "{{ len ."+key+" }}", "{{ index ."+key+" 0 }}", `{{ index .`+key+` "a" }}`, "{{ not ."+key+" }}",
			"{{ eq ."+key+" .string }}{{ eq .int ."+key+" 42 }}", "{{ lt ."+key+" .int }}{{ ge ."+key+" .float }}", `{{ ."`+key+`" }}`, "{{ print ."+key+" }}", `{{ printf "%v|%5v" .`+key+` .int }}`,
			"{{ and ."+key+" .string }}{{ or ."+key+" .int }}", "{{ ."+key+".Name }}", "{{ ."+key+" | upper }}{{ ."+key+` | default "d" }}`, "{{ slice ."+key+" 1 2 }}", "{{ $x := ."+key+" }}{{ $x }}",
			"{{ ."+key+" | eq .string }}", "{{ eq ."+key+" nil }}", "{{ list 1 ."+key+" | join \",\" }}", "{{ first ."+key+" }}{{ last ."+key+" }}", "{{ ."+key+" | json_script }}", "{{ ."+key+" | truncate 3 }}",
			"{{ add ."+key+" 1 }}", "{{ ."+key+" | yesno \"y\" \"n\" }}", "{{ ."+key+` | date "short" }}`, "{{ range ."+key+" }}{{ if . }}{{ continue }}{{ end }}{{ break }}{{ end }}.",
		)
	}
	for _, body := range []string{
		"{{ .thing.Title }}{{ .thing.Word }}{{ .thing.Shout }}{{ .thing.Level }}{{ .thing.Price }}", "{{ .value.Level }}{{ range .things }}{{ .Level }}{{ .Upper }}{{ .Pointed 1 `b` }}{{ end }}",
		"{{ .thing.Name }}{{ .thing.Next.Name }}{{ .thing.Next.Next }}{{ .thing.Next.Next.Name }}", "{{ .thing.A }}{{ .thing.B }}{{ (index .things 1).A }}", "{{ .thing.hidden }}", "{{ .thing.Missing }}",
		"{{ .thing.Upper }}{{ .value.Upper }}{{ .thing.Self.Upper }}{{ .thing.Chain }}{{ .thing.Next.Chain }}", `{{ .thing.Pointed 3 "x" }}{{ .value.Pointed 3 "x" }}`, `{{ "p" | .thing.Pointed 3 }}`,
		`{{ .thing.Many }}{{ .thing.Many "a" "b" }}{{ .string | .thing.Many "a" }}`, "{{ .thing.Fails }}", "{{ .thing.Nothing }}{{ .thing.Nothing.Title }}", "{{ .thing.Fn }}", "{{ call .thing.Fn }}", "{{ .thing.Maker }}{{ .thing.Err }}{{ .thing.Any }}",
		"{{ .thing.Take 1 }}{{ .thing.Take 1.5 }}{{ .thing.Take 0x1F }}{{ .thing.Take 'a' }}{{ .thing.Take `s` }}{{ .thing.Take true }}{{ .thing.Take nil }}{{ .thing.Take .nil }}{{ .thing.Take .missing }}{{ .thing.Take 1e3 }}{{ .thing.Take -0x1e }}",
		"{{ .thing.Sum 1 2 3 }}{{ .thing.Sum 1 2 3.5 }}", "{{ .thing.Sum 1.5 2 3 }}", "{{ .thing.Sum -1 2 3 }}{{ .thing.Sum .int 2 3 }}", "{{ .thing.Scores.a }}{{ .thing.Scores.zz }}{{ .thing.ByLevel.x }}{{ index .thing.ByLevel 2 }}{{ index .thing.ByLevel 99 }}",
		"{{ range $k, $v := .thing.Scores }}{{ $k }}{{ $v }}{{ end }}{{ range .thing.ByLevel }}{{ . }}{{ end }}", "{{ .map.nested.b }}{{ .map.nothing }}{{ .map.missing }}{{ .map.missing.x }}", "{{ .map.nothing.x }}", "{{ .missing.x.y }}", "{{ .strings.k }}{{ .strings.zz }}{{ .words.w }}",
		"{{ $ }}x{{ $.string }}{{ with .thing }}{{ $.int }}{{ .Title }}{{ end }}", "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ $y }}{{ end }}{{ $x }}", "{{ range $i, $e := .ints }}{{ $i }}{{ $e }}{{ range $.ints }}{{ if eq . $e }}{{ break }}{{ end }}{{ . }}{{ end }};{{ end }}",
		"{{ range $x := .none_list }}{{ else }}{{ $x }}{{ len $x }}{{ end }}", "{{ $x := 0 }}{{ range $x = .ints }}{{ end }}{{ $x }}", "{{ $i := 0 }}{{ $e := 0 }}{{ range $i, $e = .list }}{{ end }}{{ $i }}{{ $e }}", "{{ range 3 }}{{ . }}{{ end }}{{ range $n := 2 }}{{ $n }}{{ end }}{{ range 0 }}{{ else }}none{{ end }}",
		"{{ range .ints }}{{ range $.none_list }}{{ else }}{{ continue }}{{ end }}{{ . }}{{ end }}", "{{ range .ints }}{{ range $.none_list }}{{ else }}{{ break }}{{ end }}{{ . }}{{ end }}", "{{ if and .true .int }}a{{ else if .nil }}b{{ else }}c{{ end }}",
		"{{ with $x := .thing }}{{ $x.Title }}{{ .Title }}{{ else with .nil }}x{{ end }}", "{{ (index .list 5).k }}{{ (.thing).Title }}{{ (print 1 2) }}", "{{ 1 }}{{ 1.0 }}{{ 'x' }}{{ true }}{{ `raw` }}{{ 0x10 }}{{ 1e2 }}{{ 1_000 }}", "{{ 1i }}", "{{ printf `%T %T %T` 1 1.0 'x' }}",
		"{{ index .list 1 | printf `%s-%d` | upper }}", "{{ eq 1 1.0 }}", "{{ eq .int 42 }}{{ eq .uint 200 }}{{ lt .minus .uint }}{{ gt .uint .minus }}{{ eq .word `a<b` }}{{ eq .nil nil }}{{ ne .string `x` }}{{ le 1 1 }}", "{{ eq .ints .ints }}", "{{ eq .thing .thing }}{{ eq .none nil }}{{ eq .time .time }}",
		"{{ index .bylong 2 }}{{ index .bylong .uint }}{{ index .words `w` }}{{ index .words .word }}", "{{ index .strings 1 }}", "{{ index .strings nil }}", "{{ index .byany nil }}{{ index .byany 1 }}{{ range .byany }}{{ . }}{{ end }}", "{{ nobody }}{{ nobody | default `x` }}{{ nobody.Title }}", "{{ nobody }}", "<a title='{{ nobody }}'>", "{{ nothing }}{{ nothing.x }}{{ print nothing }}", "{{ (someone .thing).Title }}{{ (someone .thing 1 2).Title }}{{ someone nil }}", "{{ someone .value }}", "{{ (someone (index .things 0)).Title }}",
		"{{ floats 1 2 }}{{ floats .float .uint }}", "{{ floats .int .uint }}", "{{ value .thing.Title }}{{ value .missing }}{{ value nil }}", "{{ value .int | value }}{{ (value .thing).Title }}", "{{ texts `a` .string | join `,` }}{{ range texts }}{{ else }}none{{ end }}", "{{ when .time }}{{ .time | when }}{{ when .thing.When }}", "{{ words `lit` }}{{ words .word }}", "{{ words .string }}", "{{ when nil }}",
		"{{ len `日本` }}{{ len .map }}{{ len .array }}", "{{ slice .string 1 }}{{ slice .string }}{{ slice .ints 0 2 }}", "{{ slice .ints 0 2 3 }}", "{{ slice .string 5 2 }}", "{{ html .string }}", "{{ .string | urlquery }}", "{{ print }}{{ print 1 `a` 2 3 `b` }}{{ println 1 }}",
		"{{ or }}", "{{ or .nil .empty `last` }}{{ and .int `x` }}{{ .int | and .nil }}{{ .int | or .nil }}", "{{ /* comment */ }}{{- .string -}} x", `{{ define "rec" }}{{ .Name }}{{ with .Next }}({{ template "rec" . }}){{ end }}{{ end }}{{ template "rec" .thing }}`,
		`{{ define "loop" }}{{ template "loop" . }}{{ end }}{{ if .nil }}{{ template "loop" . }}{{ end }}x`, "{{ include \"part.html\" .thing }}{{ include \"part.html\" \"Title\" .string }}{{ include .word }}", `{{ include "part.html" .thing "Title" "other" }}`, "{{ .none }}{{ .text }}{{ .deep }}{{ .number }}",
		"{{ dict `a` 1 `b` .string }}{{ (dict `a` .thing).a.Title }}", "{{ seq 3 }}{{ range seq 2 4 }}{{ . }}{{ end }}", "{{ now }}{{ .time | date }}{{ .time | timesince }}", "{{ .error }}{{ .duration }}{{ .complex }}{{ .struct }}{{ .struct.X }}{{ .func }}",
	} {
		bodies = append(bodies, body, strings.ReplaceAll(body, "</p>", ""))
	}
	pages, text, marks := fstest.MapFS{}, fstest.MapFS{}, map[string]string{}
	for i, body := range bodies {
		name := fmt.Sprintf("%04d", i)
		marks[name] = body
		pages[name+".html"], text[name+".xml"], text[name+".txt"] = &fstest.MapFile{Data: []byte(body)}, &fstest.MapFile{Data: []byte(body)}, &fstest.MapFile{Data: []byte(body)}
	}
	compared, engines := 0, 0
	for _, files := range []fstest.MapFS{pages, text} {
		for name, file := range files {
			e, err := New(Options{
				Sources: []Source{{Name: "t", FS: fstest.MapFS{name: file, "part.html": {Data: []byte("[{{ .Title }}]")}}}},
				Now:     func() time.Time { return time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC) },
				Funcs: map[string]any{
					"nobody": func() *thing { return nil }, "nothing": func() any { return nil }, "someone": func(t *thing, n ...int) *thing { return t }, "floats": func(f float64, u uint8) float64 { return f * float64(u) },
					"value": func(v reflect.Value) reflect.Value { return v }, "texts": func(s ...string) []string { return s }, "when": func(t time.Time) string { return t.String() }, "words": func(w word) word { return w + "!" },
				},
			})
			if err != nil {
				continue // an error that New finds
			}
			engines++
			if bothWays(t, e, name, data()) {
				compared++
			}
			if t.Failed() {
				t.Fatalf("with %s", file.Data)
			}
		}
	}
	if compared < 4000 { // others are errors of the template
		t.Errorf("of %d pages only %d were compared", engines, compared)
	}
}

func TestManyRenderAPageForTheFirstTime(t *testing.T) {
	t.Parallel()
	e, err := New(Options{Sources: []Source{{Name: "t", FS: fstest.MapFS{
		"page.html": {Data: []byte(`<a href="{{ .path }}" title="{{ .string }}">{{ range .things }}{{ .Title }}{{ .Upper }}{{ include "part.html" . }}{{ end }}</a>`)}, "part.html": {Data: []byte("{{ .Level }}{{ .Word | truncate 2 }}")},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := e.pages["page.html"].spare[0].execute(&want, data()); err != nil {
		t.Fatal(err)
	}
	var renders sync.WaitGroup
	for range 8 {
		renders.Go(func() {
			for range 20 {
				var out bytes.Buffer
				if err := e.Render(&out, "page.html", data()); err != nil || out.String() != want.String() {
					t.Errorf("%q, %v, want %q", out.String(), err, want.String())
				}
			}
		})
	}
	renders.Wait()
}

// FuzzClosures compares what closures write with what the originals write.
func FuzzClosures(f *testing.F) {
	f.Add(`<a href="{{ .path }}" title='{{ .thing.Title | truncate 5 }}'>{{ range $k, $v := .thing.Scores }}{{ $k }}{{ $v }}{{ end }}</a>`)
	f.Add(`{{ with .thing }}{{ .Pointed 1 "x" | upper }}{{ else }}{{ $.int }}{{ end }}<script>var x = {{ .map }}</script>`)
	f.Add(`{{ $x := index .list 5 }}{{ if and $x (eq $x.k "v") }}{{ $x = 2 }}{{ end }}{{ $x }}`)
	f.Fuzz(func(t *testing.T, page string) {
		if len(page) > 500 || strings.Contains(page, "range") && strings.ContainsAny(page, "0123456789") {
			return // it may count for long
		}
		e, err := New(Options{Sources: []Source{{Name: "t", FS: fstest.MapFS{"page.html": {Data: []byte(page)}, "page.txt": {Data: []byte(page)}}}}})
		if err != nil {
			return
		}
		clock := strings.Contains(page, "now") || strings.Contains(page, "time")
		for name := range e.pages {
			if !clock {
				bothWays(t, e, name, data())
			}
		}
	})
}

// TestWhatClosuresCannotDo is left to the original from then on; what functions return is not held against
// the closures, and a function that fails is not called a second time.
func TestWhatClosuresCannotDo(t *testing.T) {
	t.Parallel()
	failed := false
	e, err := New(Options{
		Sources: []Source{{Name: "t", FS: fstest.MapFS{
			"keys.html": {Data: []byte("{{ range .byany }}<i>{{ . }}</i>{{ end }}")}, "call.html": {Data: []byte("{{ call .func }}")}, "once.html": {Data: []byte("<p>{{ once }}</p>")}, "panics.html": {Data: []byte("{{ panics }}")},
		}}},
		Funcs: map[string]any{
			"once": func() (string, error) {
				if !failed {
					failed = true
					return "", errors.New("not yet")
				}
				return "now", nil
			},
			"panics": func() string { panic("out of order") },
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want, wantErr string
		fast, after         bool
	}{
		{"keys.html", "<i>2</i><i>3</i>", "", true, false}, {"call.html", "f", "", false, false}, {"once.html", "<p>now</p>", "not yet", true, true}, {"panics.html", "", "out of order", true, true},
	} {
		if fast := e.closures(e.pages[c.name]) != nil; fast != c.fast {
			t.Errorf("%s: compiled is %v", c.name, fast)
		}
		for i := range 2 {
			var out bytes.Buffer
			err := e.Render(&out, c.name, data())
			wantErr := c.wantErr
			if c.name == "once.html" && i == 0 {
				if out.Len() > 0 || err == nil || !strings.Contains(err.Error(), wantErr) {
					t.Errorf("%s: %q, %v", c.name, out.String(), err)
				}
				continue
			} else if c.name == "once.html" {
				wantErr = ""
			}
			if out.String() != c.want || (err != nil) != (wantErr != "") || err != nil && !strings.Contains(err.Error(), wantErr) {
				t.Errorf("%s: %q, %v", c.name, out.String(), err)
			}
		}
		if fast := e.pages[c.name].fast.Load() != nil; fast != c.after {
			t.Errorf("%s: afterwards compiled is %v", c.name, fast)
		}
	}
}
