package web_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/web"
)

// echo responds with the parameters by name, one on a line.
func echo(names ...string) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		var b strings.Builder
		for _, name := range names {
			if r.PathValue(name) != web.Param(r, name) {
				return fmt.Errorf("PathValue(%q) is %q", name, r.PathValue(name))
			}
			fmt.Fprintf(&b, "%q\n", web.Param(r, name))
		}
		return web.Text(w, b.String())
	}
}

func quoted(values ...any) string {
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, "%q\n", fmt.Sprint(v))
	}
	return b.String()
}

// TestPathsInAnyEncoding asks for the same paths encoded in other ways.
func TestPathsInAnyEncoding(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/café/{dish}/", param("dish"))
	r.Get("/caf%C3%A8/{dish}/", param("dish"))
	r.Get("/~ada/", text("ada"))
	r.Get("/it's/{x}/", param("x"))
	r.Get("/get/", text("get"))
	r.Get("/word/{w:[a-zé]+}/", param("w"))
	r.Get("/one/{w:.}/", param("w"))
	r.Get("/files/ö/*", param("*"))
	r.Get("/a%2Fb/{x}", param("x"))
	r.Get("/a%20b/", text("space"))
	r.Get("/100%/", text("percent"))
	r.Get("/%7Bbraces%7D*/", text("never"))
	r.Get("/%7Bbraces%7D%2A/{x}", param("x"))
	r.Mount("/mü", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "%s %s", r.URL.Path, r.URL.EscapedPath())
	}))
	inner := web.NewRouter()
	inner.Get("/{x}/", param("x"))
	r.Mount("/in ner", inner)
	if err := r.Err(); err == nil || strings.Count(err.Error(), "is wrong") != 2 {
		t.Fatalf("want two wrong patterns, a * in the middle and a space: %v", err)
	}
	r.Mount("/in%20ner", inner)
	for _, c := range []struct {
		target string
		status int
		want   string // body, or the location of a redirect
	}{
		{"/caf%C3%A9/fish%2Fchips/", 200, "fish/chips"},
		{"/caf%c3%a9/fish%2fchips/", 200, "fish/chips"},
		{"/caf%c3%a9/soup/", 200, "soup"},
		{"/caf%C3%A9/it's/", 200, "it's"},
		{"/caf%C3%A9/%252F/", 200, "%2F"},
		{"/caf%C3%A8/a/", 200, "a"},
		{"/caf%c3%a8/a%2F/", 200, "a/"},
		{"/%7Eada/", 200, "ada"},
		{"/%7eada/", 200, "ada"},
		{"/it%27s/x/", 200, "x"},
		{"/it%27s/(x)/", 200, "(x)"},
		{"/it's/%28x%29/", 200, "(x)"},
		{"/%67et/", 200, "get"},
		{"/word/%c3%a9/", 200, "é"},
		{"/word/%61%C3%A9'/", 404, ""},
		{"/one/%2F/", 200, "/"},
		{"/one/%C3%A9/", 200, "é"},
		{"/one/ab/", 404, ""},
		{"/files/%c3%b6/a'b/c%2Fd", 200, "a'b/c/d"},
		{"/a%2fb/x%2Fy", 200, "x/y"},
		{"/a/b/x", 404, ""},
		{"/a%20b/", 200, "space"},
		{"/100%25/", 200, "percent"},
		{"/{braces}*/x", 200, "x"},
		{"/%7bbraces%7d%2a/x", 200, "x"},
		{"/m%C3%BC/a%2Fb", 200, "/a/b /a%2Fb"},
		{"/m%c3%bc/a'b", 200, "/a'b /a'b"},
		{"/in%20ner/x%2Fy/", 200, "x/y"},
		{"/in%20ner/x%2Fy", 301, "/in%20ner/x%2Fy/"},
		{"/in%20ner/x?q=1", 301, "/in%20ner/x/?q=1"},
		{"/caf%c3%a9/soup", 301, "/caf%c3%a9/soup/"},
		{"/caf%C3%A9/fish%2Fchips?a=b", 301, "/caf%C3%A9/fish%2Fchips/?a=b"},
		{"/%7Eada", 301, "/%7Eada/"},
		{"/caf%C3%A9//", 404, ""},
		{"/caf%C3%A9/\xff/", 200, "\xff"},
		{"/café/fish%2Fchips/", 200, "fish/chips"}, // letters as some clients send them
		{"/café/fish%2Fchips?a", 301, "/caf%C3%A9/fish%2Fchips/?a"},
		{"/in%20ner/é%2F\xff", 301, "/in%20ner/%C3%A9%2F%FF/"},
		{"/mü/ä%2Fb", 200, "/ä/b /%C3%A4/b"},
	} {
		res := do(t, r, "GET", c.target)
		got := body(t, res)
		if res.StatusCode == http.StatusMovedPermanently {
			got = res.Header.Get("Location")
		}
		if res.StatusCode != c.status || c.want != "" && got != c.want {
			t.Errorf("GET %s: %d %q, want %d %q", c.target, res.StatusCode, got, c.status, c.want)
		}
	}
}

func TestTwoSpellingsOfOnePatternAreOneRoute(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/café/{a}.json", text("1"))
	r.Get("/caf%c3%a9/{b}.js%6Fn", text("2"))
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), "matches the same paths as /café/{a}.json") {
		t.Errorf("error %v does not report the second spelling", err)
	}
}

func TestSegmentsWithTextAndParameters(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/d/{name}.json", echo("name")).Name("json")
	r.Get("/d/{name}.tar.gz", echo("name")).Name("tar")
	r.Get("/s/{a}-{b}/", echo("a", "b")).Name("dash")
	r.Get("/t/{year:int}-{month:[0-9]{2}}-{slug:slug}/", echo("year", "month", "slug")).Name("dated")
	r.Get("/u/{a:(x|y)+}_{b:(?:[a-z](\\d))+}!", echo("a", "b")).Name("groups")
	r.Get("/v/@{user}", echo("user")).Name("user")
	r.Get("/w/v{major:int}.{minor:int}/{rest}", echo("major", "minor", "rest")).Name("version")
	r.Get("/x/{a}%7B{b}", echo("a", "b")).Name("brace")
	r.Get("/z/{a:^x$|^y$}.json", echo("a")).Name("anchors")
	r.Get(`/z/{a:\$[0-9]+\$}`, echo("a")).Name("dollars")
	r.Get(`/z/{a:(?:\Axx|y)z\z}-{b:^(a|b)$}`, echo("a", "b")).Name("ends")
	r.Get("/y/ö{a}(*", text("")).Name("wrong")
	if err := r.Err(); err == nil || strings.Count(err.Error(), "is wrong") != 1 {
		t.Fatalf("want one problem, a * that is not the rest: %v", err)
	}
	for _, c := range []struct {
		target string
		status int
		want   string
	}{
		{"/d/com.example.app.json", 200, quoted("com.example.app")},
		{"/d/a.json.json", 200, quoted("a.json")},
		{"/d/a%2Fb.json", 200, quoted("a/b")},
		{"/d/a%0Ab.json", 200, quoted("a\nb")},
		{"/d/.json", 404, ""},
		{"/d/json", 404, ""},
		{"/d/a.json/", 404, ""},
		{"/s/2026-05-x/", 200, quoted("2026", "05-x")},
		{"/s/-x/", 404, ""},
		{"/s/x-/", 404, ""},
		{"/s/-/", 404, ""},
		{"/s/a-b", 301, ""},
		{"/t/2026-05-a-b/", 200, quoted("2026", "05", "a-b")},
		{"/t/2026-5-a/", 404, ""},
		{"/u/xyx_a1b2!", 200, quoted("xyx", "a1b2")},
		{"/v/@ada", 200, quoted("ada")},
		{"/v/ada", 404, ""},
		{"/v/@", 404, ""},
		{"/w/v1.20/x", 200, quoted("1", "20", "x")},
		{"/x/a%7Bb", 200, quoted("a", "b")},
		{"/z/xy.json", 404, ""},
	} {
		res := do(t, r, "GET", c.target)
		if got := body(t, res); res.StatusCode != c.status || c.want != "" && got != c.want {
			t.Errorf("GET %s: %d %q, want %d %q", c.target, res.StatusCode, got, c.status, c.want)
		}
	}
	for _, c := range []struct {
		name string
		args []any
		want string // the address, or part of the error
	}{
		{"json", []any{"com.example.app"}, "/d/com.example.app.json"},
		{"json", []any{"a/b"}, "/d/a%2Fb.json"},
		{"json", []any{""}, "the value is empty"},
		{"tar", []any{"a.json"}, "/d/a.json.tar.gz"},
		{"dash", []any{"2026", "05-x"}, "/s/2026-05-x/"},
		{"dash", []any{"2026-05", "x"}, `the address /s/2026-05-x/ would be read with "2026" for {a}, not "2026-05"`},
		{"dash", []any{"-", "x"}, "/s/--x/"},
		{"dated", []any{2026, "05", "a-b"}, "/t/2026-05-a-b/"},
		{"dated", []any{2026, 5, "a"}, `"5" does not fit`},
		{"version", []any{1, 20, "é"}, "/w/v1.20/%C3%A9"},
		{"brace", []any{"a", "b"}, "/x/a%7Bb"},
		{"anchors", []any{"x"}, "/z/x.json"},
		{"anchors", []any{"y"}, "/z/y.json"},
		{"dollars", []any{"$12$"}, "/z/$12$"},
		{"ends", []any{"xxz", "b"}, "/z/xxz-b"},
		{"ends", []any{"yz", "a"}, "/z/yz-a"},
	} {
		got, err := r.URL(c.name, c.args...)
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("URL(%q, %v) = %q, want %q", c.name, c.args, got, c.want)
		}
	}
}

// TestEveryAddressLeadsBack makes random routes and asks for the addresses made from random values.
func TestEveryAddressLeadsBack(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(8, 16))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	letters := []string{"a", "b", "é", "ö", "~", "'", "(", "%", "%2F", "%25", "/", "//", ".", "..", "-", "_", ":", ";", "+", "&", "=", "?", "#", " ", "\n", "\x00", "\xff", "\u2028", "{", "}", "*", "\\", "1", "05", "json", "\U0010FFFE", "日"}
	value := func() string {
		var b strings.Builder
		for range 1 + random.IntN(4) {
			b.WriteString(pick(letters...))
		}
		return b.String()
	}
	made := 0
	for range 3000 {
		var pattern strings.Builder
		var names []string
		param := func() string {
			name := string(rune('a' + len(names)))
			names = append(names, name)
			return "{" + name + pick("", "", "", ":int", ":slug", ":[a-zé.-]+", ":.+", ":[^-]{1,3}") + "}"
		}
		for range 1 + random.IntN(3) {
			pattern.WriteString("/")
			switch random.IntN(4) {
			case 0:
				pattern.WriteString(pick("a", "café", "caf%C3%A9", "~x", "it's", "a%20b", "100%25", "%2F", "%7B", "v1.0", "ö-ö"))
			case 1:
				pattern.WriteString(param())
			case 2:
				pattern.WriteString(pick("", "v", "@", "é") + param() + pick(".json", "-", "é", ".", "%2F", "'s"))
			case 3:
				pattern.WriteString(param() + pick("-", ".", "--", "ö", "'", "%20") + param())
			}
		}
		switch random.IntN(3) {
		case 0:
			pattern.WriteString("/")
		case 1:
			pattern.WriteString("/*")
			names = append(names, "*")
		}
		r := web.NewRouter()
		r.Get(pattern.String(), echo(names...)).Name("x")
		r.Get("/{one}", text("one")).Name("one")
		r.Get("/a/{b}/", text("other")).Name("other")
		for range 5 {
			args := make([]any, len(names))
			for i := range args {
				args[i] = value()
			}
			address, err := r.URL("x", args...)
			if err != nil {
				continue
			}
			made++
			for _, target := range []string{address, respell(address)} {
				res := do(t, r, "GET", target)
				if got := body(t, res); res.StatusCode != 200 || got != quoted(args...) {
					t.Fatalf("%s with %q: GET %s responds with %d %q", pattern.String(), args, target, res.StatusCode, got)
				}
			}
			if u, err := url.Parse(address); err != nil || u.Host != "" || strings.HasPrefix(address, "//") {
				t.Fatalf("%s with %q: %s is not a path (%v)", pattern.String(), args, address, err)
			}
		}
	}
	if made < 1000 {
		t.Errorf("only %d addresses were made: the test does not show much", made)
	}
}

// respell writes an address with other percent-encodings that mean the same.
func respell(address string) string {
	var b strings.Builder
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case c == '%':
			b.WriteString("%" + strings.ToLower(address[i+1:i+3]))
			i += 2
		case c == '/' || i%2 == 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

func TestValuesOfAddresses(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/{v}/", param("v")).Name("x")
	number := 7
	text := stringer("s")
	for _, c := range []struct {
		value any
		want  string // "" means an error
	}{
		{1234567.0, "/1234567/"},
		{float32(0.1), "/0.1/"},
		{1e21, "/1000000000000000000000/"},
		{-2.5, "/-2.5/"},
		{nan(), ""},
		{true, "/true/"},
		{int64(-1 << 63), "/-9223372036854775808/"},
		{uint8(7), "/7/"},
		{&number, "/7/"},
		{text, "/%3Cs%3E/"},
		{&text, "/%3Cs%3E/"},
		{(*stringer)(nil), ""},
		{nil, ""},
		{(*int)(nil), ""},
		{named("a b"), "/a%20b/"},
		{[]byte("a"), ""},
		{[2]int{1, 2}, ""},
		{map[string]int{}, ""},
		{struct{ A int }{1}, ""},
		{complex(1, 2), ""},
		{yesterday(), ""},
		{func() {}, ""},
	} {
		got, err := r.URL("x", c.value)
		if (err != nil) != (c.want == "") || err == nil && got != c.want {
			t.Errorf("URL(%T %v) = %q, %v; want %q", c.value, c.value, got, err, c.want)
		}
	}
}

func TestUUIDsAreLowerCase(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/{id:uuid}/", param("id")).Name("x")
	const id = "0f0e0d0c-0b0a-4908-8706-050403020100"
	if got := do(t, r, "GET", "/"+id+"/").StatusCode; got != 200 {
		t.Errorf("lower case: status %d", got)
	}
	if got := do(t, r, "GET", "/"+strings.ToUpper(id)+"/").StatusCode; got != 404 {
		t.Errorf("capitals: status %d, want 404", got)
	}
	if _, err := r.URL("x", strings.ToUpper(id)); err == nil {
		t.Error("an address was made with capitals")
	}
}

type stringer string

func (s stringer) String() string { return "<" + string(s) + ">" }

type named string

func nan() float64 { return math.NaN() }

func yesterday() time.Time { return time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC) }
