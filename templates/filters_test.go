package templates_test

import (
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/templates"
)

type level int

func (l level) String() string { return "level" }

func TestFilters(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, time.January, 31, 15, 4, 5, 0, time.UTC)
	data := map[string]any{
		"day": day, "dayp": &day, "noday": (*time.Time)(nil), "zero": time.Time{}, "s": "Änne's <b>tea</b> & milk", "nums": []int{3, 1, 2},
		"strs": []string{"a", "b"}, "empty": []string{}, "n": 1234567.5, "i": int64(1), "lvl": level(3), "words": "one two  three", "null": nil,
		"m": map[string]any{"k": 1}, "yes": true, "f": false, "text": "a\r\nb\n\n\nc <x>", "long": "héllo wörld", "iface": []any{1, "x"},
		"boolp": new(bool),
	}
	tests := []struct{ in, want string }{
		{`{{ .s | upper }}`, "ÄNNE&#39;S &lt;B&gt;TEA&lt;/B&gt; &amp; MILK"},
		{`{{ "o'neil goes" | title }} {{ "ärger" | capfirst }} {{ "" | capfirst }}`, "O&#39;Neil Goes Ärger "},
		{`{{ .long | truncate 5 }}|{{ .long | truncate 11 }}|{{ .long | truncate 0 }}|{{ .long | truncate 1 }}`, "héll…|héllo wörld||…"},
		{`{{ .words | truncatewords 2 }}|{{ .words | truncatewords 3 }}|{{ .words | wordcount }}`, "one two …|one two three|3"},
		{`{{ .null | default "x" }}{{ "" | default "y" }}{{ .yes | default "z" }}{{ .absent | default 3 }}`, "xytrue3"},
		{`{{ .nums | join ", " }}|{{ .strs | join "-" }}|{{ .null | join "," }}`, "3, 1, 2|a-b|"},
		{`{{ .day | date }}|{{ .day | date "long" }}|{{ date "2006" .dayp }}|{{ .noday | date }}|{{ .zero | date }}`, "31 January 2026|Saturday, 31 January 2026|2026||"},
		{`{{ .day | time }}|{{ "2026-02-01" | date "short" }}|{{ now "iso" }}|{{ now | date "iso" }}`, "15:04|1 Feb 2026|2026-11-23|2026-11-23"},
		{`{{ .day | timesince }}|{{ .noday | timesince }}|{{ now | timesince }}|{{ .day | timeuntil }}`, "9\u00a0months, 3\u00a0weeks||0\u00a0minutes|0\u00a0minutes"},
		{`item{{ 2 | pluralize }} item{{ .i | pluralize }} cherr{{ .strs | pluralize "y" "ies" }} bus{{ 0 | pluralize "es" }}`, "items item cherries buses"},
		{`{{ .yes | yesno }} {{ .f | yesno "on" "off" }} {{ .null | yesno "a" "b" "c" }} {{ .boolp | yesno }}`, "yes off c no"},
		{`{{ .text | linebreaks }}`, "<p>a<br>b</p>\n\n<p>c &lt;x&gt;</p>"},
		{`{{ .s | striptags }}|{{ "a < b <!-- x" | striptags }}`, "Änne&#39;s tea &amp; milk|a &lt; b &lt;!-- x"},
		{`{{ .s | slugify }}|{{ "  Straße nach Łódź!" | slugify }}|{{ "日本" | slugify }}`, "annes-bteab-milk|strasse-nach-lodz|"},
		{`{{ "a b&c" | urlencode }}`, "a%20b%26c"},
		{`{{ .n | intcomma }} {{ 999 | intcomma }} {{ -1234 | intcomma }} {{ "x" | intcomma }}`, "1,234,567.5 999 -1,234 x"},
		{`{{ 100 | filesize }} {{ 1536 | filesize }} {{ 1234567890 | filesize }}`, "100\u00a0bytes 1.5\u00a0KB 1.1\u00a0GB"},
		{`{{ add 1 2 }} {{ sub 5 2 }} {{ mul 2 1.5 }} {{ mod 7 3 }} {{ div 7 2 }} {{ "3" | add 1 }}`, "3 3 3 1 3 4"},
		{`{{ 3.14159 | floatformat 2 }} {{ 2 | floatformat 0 }} {{ .null | floatformat 2 }}`, "3.14 2 "},
		{`{{ range seq 3 }}{{ . }}{{ end }} {{ range seq 3 1 }}{{ . }}{{ end }} {{ range seq 0 5 12 }}{{ . }},{{ end }} {{ range seq 0 }}x{{ end }}`, "123 321 0,5,10, "},
		{`{{ first .nums }}{{ last .nums }}{{ first .empty }}{{ last "añ" }}{{ .nums | length }}{{ length "añ" }}{{ length .null }}{{ length .m }}`, "32ñ3201"},
		{`{{ in 2 .nums }} {{ in "2" .nums }} {{ in "k" .m }} {{ in "tea" .s }} {{ in .lvl .nums }} {{ in "x" .iface }} {{ in 1 .null }}`, "true false true true true true false"},
		{`{{ $d := dict "a" 1 "b" (list 1 2) }}{{ $d.a }}{{ range $d.b }}{{ . }}{{ end }}{{ range reverse .nums }}{{ . }}{{ end }}`, "112213"},
		{`{{ .m | json_script "my\"id" }}`, `<script id="my&#34;id" type="application/json">{"k":1}</script>`},
		{`{{ "</script>" | json_script "x" }}`, `<script id="x" type="application/json">"\u003c/script\u003e"</script>`},
		{`{{ .null }}|{{ .absent }}|{{ .noday }}|{{ .lvl }}`, "|||level"},
		{`{{ " x " | trim }}{{ "a-b" | replace "-" "+" }}{{ "abc" | cut "b" }}{{ split "," "a,b" | join ";" }}{{ "abc" | hasprefix "ab" }}`, "xa&#43;baca;btrue"},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			t.Parallel()
			engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: files("t.html", test.in)}}, Now: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := engine.Render(&b, "t.html", data); err != nil {
				t.Fatal(err)
			}
			if b.String() != test.want {
				t.Errorf("got  %s\nwant %s", b.String(), test.want)
			}
		})
	}
}

func TestFiltersRefuseWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`{{ add 1 "x" }}`, `{{ div 1 0 }}`, `{{ mod 1 0 }}`, `{{ seq 1 0 5 }}`, `{{ seq 1 -1 5 }}`, `{{ seq 100000 }}`, `{{ seq }}`,
		`{{ length 3 }}`, `{{ first 3 }}`, `{{ join "," 3 }}`, `{{ in 1 2 }}`, `{{ dict "a" }}`, `{{ dict 1 2 }}`, `{{ 3 | date }}`, `{{ date }}`,
		`{{ pluralize }}`, `{{ yesno 1 2 3 4 5 }}`, `{{ floatformat 99 1 }}`, `{{ include "t.html" 1 "a" 2 | upper }}`, `{{ filesize "x" }}`,
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: files("t.html", in)}}})
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := engine.Render(&b, "t.html", nil); err == nil || b.Len() > 0 {
				t.Errorf("wrote %q, error %v", b.String(), err)
			}
		})
	}
}
