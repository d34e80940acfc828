package templates_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/templates"
)

// TestNothingIsWrittenAsNothing has nil, nil pointers and empty texts in every place of a page.
func TestNothingIsWrittenAsNothing(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, empty, full string }{
		{`<p>{{ .v }}</p>`, `<p></p>`, `<p>a b</p>`},
		{`<a title="{{ .v }}">`, `<a title="">`, `<a title="a b">`},
		{`<a title={{ .v }}>`, `<a title="">`, `<a title="a b">`},
		{`<a title = {{ .v }} class=c>`, `<a title = "" class=c>`, `<a title = "a b" class=c>`},
		{`<a class=x{{ .v }}>`, `<a class="x">`, `<a class="xa b">`},
		{`<a class={{ .v }}x data-b=1>`, `<a class="x" data-b=1>`, `<a class="a bx" data-b=1>`},
		{`<a class={{ .v }}{{ .v }}>`, `<a class="">`, `<a class="a ba b">`},
		{`<a class={{ .v }}-{{ .v }} id={{ .v }}>`, `<a class="-" id="">`, `<a class="a b-a b" id="a b">`},
		{`<a href={{ .v }}>`, `<a href="">`, `<a href="a%20b">`},
		{`<a href=/x/{{ .v }}/{{ .v }}>`, `<a href="/x//">`, `<a href="/x/a%20b/a%20b">`},
		{`<a onclick={{ .v }}>`, "", `<a onclick="&#34;a b&#34;">`},
		{`<a style=width:{{ .v }}>`, `<a style="width:">`, `<a style="width:a b">`},
		{`<input{{ $x := 1 }} value={{ $y := 2 }}{{ .v }}>`, `<input value="">`, `<input value="a b">`},
		{`<input {{ .v }}>`, `<input >`, ""},
		{`<input {{ .v }} id="x">`, `<input  id="x">`, ""},
		{`<a href="/x?q={{ .v }}">`, `<a href="/x?q=">`, `<a href="/x?q=a%20b">`},
		{`<a style="width: {{ .v }}">`, `<a style="width: ">`, `<a style="width: a b">`},
		{`<script>x = "{{ .v }}"</script>`, `<script>x = ""</script>`, `<script>x = "a b"</script>`},
		{`<style>p { color: {{ .v }} }</style>`, `<style>p { color:  }</style>`, `<style>p { color: a b }</style>`},
		{`<textarea>{{ .v }}</textarea>`, `<textarea></textarea>`, `<textarea>a b</textarea>`},
		{`<img srcset="{{ .v }}">`, `<img srcset="">`, ""},
	}
	text := "a b"
	for _, test := range tests {
		engine := engineOf(t, nil, "t.html", test.in)
		for name, value := range map[string]any{"nil": nil, "text": (*string)(nil), "number": (*int)(nil), "time": (*time.Time)(nil), "empty": "", "zero": time.Time{}} {
			var out bytes.Buffer
			if err := engine.Render(&out, "t.html", map[string]any{"v": value}); err != nil {
				t.Errorf("%s, %s: %v", test.in, name, err)
			} else if test.empty != "" && out.String() != test.empty || strings.Contains(out.String(), "Zgotmpl") {
				t.Errorf("%s, %s: got %s, want %s", test.in, name, out.String(), test.empty)
			}
		}
		for _, value := range []any{text, &text} {
			var out bytes.Buffer
			if err := engine.Render(&out, "t.html", map[string]any{"v": value}); test.full != "" && (err != nil || out.String() != test.full) {
				t.Errorf("%s: got %s, want %s, %v", test.in, out.String(), test.full, err)
			}
		}
	}
}

func TestScriptsGetJSON(t *testing.T) {
	t.Parallel()
	engine := engineOf(t, nil, "t.html", `<script>x = {{ .v }};</script>`)
	at := time.Date(2024, 2, 29, 13, 30, 0, 0, time.UTC)
	for want, value := range map[string]any{"null": (*int)(nil), `"2024-02-29T13:30:00Z"`: at, `""`: ""} {
		var out bytes.Buffer
		if err := engine.Render(&out, "t.html", map[string]any{"v": value}); err != nil || strings.ReplaceAll(out.String(), " ", "") != "<script>x="+want+";</script>" {
			t.Errorf("%v: got %s, want %s, %v", value, out.String(), want, err)
		}
	}
	var out bytes.Buffer
	if err := engine.Render(&out, "t.html", map[string]any{"v": nil}); err != nil || !strings.Contains(out.String(), "null") {
		t.Errorf("nil: %s, %v", out.String(), err)
	}
}

func TestTimesWithoutAFilter(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(h, m int) time.Time { return time.Date(2024, 2, 29, h, m, 0, 0, time.UTC) }
	clock := time.Date(0, 1, 1, 15, 4, 0, 0, time.UTC)
	for _, test := range []struct {
		value    any
		location *time.Location
		want     string
	}{
		{at(0, 0), nil, "Feb. 29, 2024"},
		{at(13, 30), nil, "Feb. 29, 2024, 1:30 p.m."},
		{at(12, 0), nil, "Feb. 29, 2024, noon"},
		{at(9, 5).Add(time.Second), nil, "Feb. 29, 2024, 9:05 a.m."},
		{at(23, 30), paris, "March 1, 2024, 12:30 a.m."},
		{at(23, 0), paris, "March 1, 2024, midnight"},
		{at(0, 0), paris, "Feb. 29, 2024"},
		{clock, paris, "3:04 p.m."},
		{at(13, 30).In(paris), nil, "Feb. 29, 2024, 2:30 p.m."},
		{time.Time{}, nil, ""},
		{(*time.Time)(nil), nil, ""},
		{time.Date(2024, 5, 9, 0, 0, 0, 0, paris), nil, "May 9, 2024, midnight"},
	} {
		values := []any{test.value}
		if v, ok := test.value.(time.Time); ok {
			values = append(values, &v)
		}
		for _, v := range values {
			for _, in := range []string{`{{ .v }}`, `<a title="{{ .v }}">`, `{{ .v | default "" }}`, `{{ list .v | join ", " }}`, `{{ with $x := .v }}{{ $x }}{{ end }}`} {
				for _, kind := range []string{"html", "txt", "xml"} {
					engine := engineOf(t, nil, "t."+kind, in)
					var out bytes.Buffer
					err := engine.RenderWith(&out, "t."+kind, map[string]any{"v": v}, templates.RenderOptions{Location: test.location})
					if got := strings.TrimSuffix(strings.TrimPrefix(out.String(), `<a title="`), `">`); err != nil || got != test.want {
						t.Errorf("%s of %v in %v: got %q, want %q, %v", in, v, test.location, got, test.want, err)
					}
				}
			}
		}
	}
}

// TestTheLocationOfARendering has everything that shows times.
func TestTheLocationOfARendering(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	angeles, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	data := map[string]any{
		"at": time.Date(2026, 5, 17, 22, 30, 0, 0, time.UTC), "day": time.Date(2026, 5, 17, 0, 0, 0, 0, time.UTC), "clock": time.Date(0, 1, 1, 15, 4, 0, 0, time.UTC), "text": "2026-05-17T22:30:00Z",
	}
	for _, test := range []struct{ in, paris, angeles string }{
		{`{{ .at | date "2 Jan 2006 15:04 MST" }}`, "18 May 2026 00:30 CEST", "17 May 2026 15:30 PDT"},
		{`{{ .at | date "j M Y H:i T" }}`, "18 May 2026 00:30 CEST", "17 May 2026 15:30 PDT"},
		{`{{ .at | time }} {{ .at | date }}`, "00:30 18 May 2026", "15:30 17 May 2026"},
		{`{{ .text | date "c" }}`, "2026-05-18T00:30:00&#43;02:00", "2026-05-17T15:30:00-07:00"},
		{`{{ .at | date "http" }}`, "Sun, 17 May 2026 22:30:00 GMT", "Sun, 17 May 2026 22:30:00 GMT"},
		{`{{ .day | date "iso" }} {{ .day | date "l j F" }}`, "2026-05-17 Sunday 17 May", "2026-05-17 Sunday 17 May"},
		{`{{ .day | date "Y-m-d H:i" }}`, "2026-05-17 02:00", "2026-05-16 17:00"},
		{`{{ .clock | time "H:i" }}`, "15:04", "15:04"},
		{`{{ now "Y-m-d H:i" }} {{ now | date "15:04" }} {{ now.Hour }}`, "2026-11-23 13:00 13:00 13", "2026-11-23 04:00 04:00 4"},
	} {
		engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: files("t.html", test.in)}}, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		for location, want := range map[*time.Location]string{paris: test.paris, angeles: test.angeles} {
			var out bytes.Buffer
			if err := engine.RenderWith(&out, "t.html", data, templates.RenderOptions{Location: location}); err != nil || out.String() != want {
				t.Errorf("%s in %s: got %q, want %q, %v", test.in, location, out.String(), want, err)
			}
		}
	}
}
