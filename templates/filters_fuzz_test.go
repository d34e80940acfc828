package templates_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/quintetgo/quintet/templates"
)

// everyFilter has a use of each filter that takes text.
var everyFilter = []string{
	`upper`, `lower`, `title`, `capfirst`, `trim`, `cut "a"`, `replace "<" "&"`, `truncate 7`, `truncate 100000`, `truncatewords 3`, `wordcount`, `linebreaks`, `striptags`, `slugify`, `slugify "unicode"`,
	`urlencode`, `urlencode ""`, `contains "x"`, `hasprefix "x"`, `hassuffix "x"`, `split ","  | join ";"`, `default "x"`, `yesno`, `pluralize`, `pluralize "y,ies"`, `first`, `last`, `length`, `reverse | join ""`, `in "x"`,
	`json_script "x"`, `add "x"`, `add 1`, `sub 1`, `mul 2`, `div 2`, `mod 2`, `intcomma`, `filesize`, `floatformat`, `floatformat 2`, `floatformat "-3g"`, `date`, `date "j F Y"`, `time`, `timesince`, `timeuntil`, `print`, `printf "%s"`, `html`, `js`, `urlquery`,
}

// filterPages is an engine with a page for each use, and one that takes the text as an argument.
func filterPages(t testing.TB) *templates.Engine {
	t.Helper()
	var pairs []string
	for i, use := range everyFilter {
		name := string(rune('a'+i/26)) + string(rune('a'+i%26))
		if use == "html" || use == "urlquery" { // not allowed before the end of a pipeline of a page
			pairs = append(pairs, name+".txt", `{{ .v | `+use+` }}`)
			continue
		}
		pairs = append(pairs, name+".html", `<p title="{{ .v | `+use+` }}">{{ .v | `+use+` }}</p>`)
		if !strings.Contains(use, "json_script") {
			pairs = append(pairs, name+".txt", `{{ .v | `+use+` }}`)
		}
	}
	for i, use := range []string{`cut .v "abc"`, `replace .v .v "abc"`, `urlencode .v "abc"`, `pluralize .v 2`, `join .v (list 1 2)`, `split .v "abc" | join ""`, `date .v .at`, `now .v`, `yesno .v true`, `floatformat .v 1`, `slugify .v "x"`, `json_script .v 1`} {
		pairs = append(pairs, "arg"+string(rune('a'+i))+".html", `<p>{{ `+use+` }}</p>`)
	}
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: files(pairs...)}}, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// FuzzFilters passes any text to every filter: none panics, valid text stays valid, and what is written is not much
// longer than what was read.
func FuzzFilters(f *testing.F) {
	for _, text := range []string{"", "a", "<b>x</b>", "1234567.25", "-0.0", "1e400", "2026-11-23T12:00:00Z", "\xff\xfe", "é日本", "<a title='>'>x", "a\r\n\r\nb", "j F Y", "2006", `\`, "%d", "e\u0301\u0301", strings.Repeat("<", 50), "ﬁ\u0000"} {
		f.Add(text)
	}
	engine := filterPages(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 5000 {
			return
		}
		for _, name := range engine.Names() {
			var out bytes.Buffer
			err := engine.Render(&out, name, map[string]any{"v": text, "at": now})
			if err != nil && strings.Contains(err.Error(), "panic") {
				t.Errorf("%s: %q: %v", name, text, err)
			}
			if utf8.ValidString(text) && !utf8.Valid(out.Bytes()) {
				t.Errorf("%s: %q became %q", name, text, out.String())
			}
			if out.Len() > 200+200*len(text)+len(text)*len(text)*4 {
				t.Errorf("%s: %d bytes became %d", name, len(text), out.Len())
			}
		}
	})
}

// TestHugeTextsTakeNoMoreThanTheirShare passes megabytes of what might be read again and again to every filter. The
// test has no clock: a filter that is not linear makes it run into the limit of the whole.
func TestHugeTextsTakeNoMoreThanTheirShare(t *testing.T) {
	t.Parallel()
	engine := filterPages(t)
	const n = 1 << 18
	for _, text := range []string{strings.Repeat("<", n), strings.Repeat("<a ", n/3) + ">", strings.Repeat(`<a x="`, n/6), strings.Repeat("<!--", n/4), strings.Repeat("9", n), strings.Repeat("e\u0301", n/3), strings.Repeat("\n\n", n/2), strings.Repeat("a-", n/2), strings.Repeat("\xff", n)} {
		for _, name := range engine.Names() {
			if strings.HasPrefix(name, "arg") {
				continue
			}
			var out bytes.Buffer
			if err := engine.Render(&out, name, map[string]any{"v": text, "at": now}); err != nil && strings.Contains(err.Error(), "panic") {
				t.Errorf("%s: %.20q: %v", name, text, err)
			}
		}
	}
}
