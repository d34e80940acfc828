package staticfiles_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/staticfiles"
)

// others are files that references lead to.
var others = map[string]string{
	"base.css": "b{}", "a.png": "x", "b.png": "y", "my font.woff": "f", "c#.png": "c", "q?x.png": "q", "100%.png": "%", "it's (1).png": "'", "ä/ö.png": "ö",
	"c.js": "export let c = 1", "d.js": "export let d = 1", "a b.js": "1", "x.map": "{}", "lib/e.mjs": "export default 1",
}

// sent returns what is served for a file with that content, with every hash written as HASH.
func sent(t *testing.T, name, content string) (string, *staticfiles.Files) {
	t.Helper()
	all := map[string]string{name: content}
	for other, text := range others {
		all[other] = text
	}
	files := newFiles(t, source("app", all))
	w := get(files, url(t, files, name))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d", name, w.Code)
	}
	return regexp.MustCompile(`\.[0-9a-f]{12}`).ReplaceAllString(w.Body.String(), ".HASH"), files
}

func checkRewriting(t *testing.T, name string, cases []struct{ text, want string }) {
	t.Helper()
	for _, c := range cases {
		if c.want == "" {
			c.want = c.text
		}
		if got, _ := sent(t, name, c.text); got != c.want {
			t.Errorf("%s\n\tis sent as %s\n\twant       %s", c.text, got, c.want)
		}
	}
}

func TestReferencesInStyleSheets(t *testing.T) {
	t.Parallel()
	checkRewriting(t, "site.css", []struct{ text, want string }{
		{`@import url("base.css");`, `@import url("./base.HASH.css");`},
		{`@import url('base.css') screen;`, `@import url('./base.HASH.css') screen;`},
		{`@import url(base.css);`, `@import url(./base.HASH.css);`},
		{"@import url(\n base.css\t);", "@import url(\n ./base.HASH.css\t);"},
		{`@import "base.css" layer(theme) supports(display: grid) screen;`, `@import "./base.HASH.css" layer(theme) supports(display: grid) screen;`},
		{`@import url("base.css") layer(x) supports(not (background: url(gone))) print;`, `@import url("./base.HASH.css") layer(x) supports(not (background: url(gone))) print;`},
		{`@import"base.css";@import'base.css';`, `@import"./base.HASH.css";@import'./base.HASH.css';`},
		{`@IMPORT "base.css"; a{b:URL(a.png) Url( "b.png" )}`, `@IMPORT "./base.HASH.css"; a{b:URL(./a.HASH.png) Url( "./b.HASH.png" )}`},
		{`@import /* the base */ "base.css";`, `@import /* the base */ "./base.HASH.css";`},
		{`@\69mport "base.css"; a{b:u\72l("a.png")}`, `@\69mport "./base.HASH.css"; a{b:u\72l("./a.HASH.png")}`},
		{"\ufeff@import 'base.css';", "\ufeff@import './base.HASH.css';"},
		{`@charset "utf-8";@import 'base.css'`, `@charset "utf-8";@import './base.HASH.css'`},
		{`a{b:url(a.png),url(b.png)}c{d:url(a.png)}`, `a{b:url(./a.HASH.png),url(./b.HASH.png)}c{d:url(./a.HASH.png)}`},
		{`a{b:url(a.png?v=1#x)}`, `a{b:url(./a.HASH.png?v=1#x)}`},
		{`a{b:url("a.png?#iefix")}`, `a{b:url("./a.HASH.png?#iefix")}`},
		{
			`a{b:url("my%20font.woff") url(my\ font.woff) url("my font.woff") url(my\000020 font.woff) url(my\20 font.woff)}`,
			`a{b:url("./my%20font.HASH.woff") url(./my%20font.HASH.woff) url("./my%20font.HASH.woff") url(./my%20font.HASH.woff) url(./my%20font.HASH.woff)}`,
		},
		{`a{b:url(c%23.png) url(q%3fx.png) url(100%25.png) url(100%.png)}`, `a{b:url(./c%23.HASH.png) url(./q%3Fx.HASH.png) url(./100%25.HASH.png) url(./100%25.HASH.png)}`},
		{`a{b:url("it's (1).png") url(it\'s\ \(1\).png)}`, `a{b:url("./it%27s%20%281%29.HASH.png") url(./it%27s%20%281%29.HASH.png)}`},
		{`a{b:url(ä/ö.png) url(%C3%A4/%c3%b6.png) url(\e4/\f6.png)}`, `a{b:url(./%C3%A4/%C3%B6.HASH.png) url(./%C3%A4/%C3%B6.HASH.png) url(./%C3%A4/%C3%B6.HASH.png)}`},
		{`a{b:url(/static/a.png) url(../static/b.png)}`, `a{b:url(/static/a.HASH.png) url(./b.HASH.png)}`},
		{`a{b:image-set("a.png" 1x, url(b.png) 2x, "a.png" type("image/png"))}`, `a{b:image-set("./a.HASH.png" 1x, url(./b.HASH.png) 2x, "./a.HASH.png" type("image/png"))}`},
		{`a{b:-webkit-image-set(url("a.png") 1x)}`, `a{b:-webkit-image-set(url("./a.HASH.png") 1x)}`},
		{`a{--icon:url(a.png);b:var(--icon)}`, `a{--icon:url(./a.HASH.png);b:var(--icon)}`},
		{"a{b:url(\"a\\\n.png\")}", `a{b:url("./a.HASH.png")}`},
		{
			`a{b:url("a.png" crossorigin(anonymous)) url( 'b.png'  referrerpolicy(no-referrer) ) src("a.png")} c{d:url(b.png)}`,
			`a{b:url("./a.HASH.png" crossorigin(anonymous)) url( './b.HASH.png'  referrerpolicy(no-referrer) ) src("./a.HASH.png")} c{d:url(./b.HASH.png)}`,
		},
		{
			`.bg-\[url\(gone\.png\)\]{background:url(a.png)} @font-face{unicode-range:U+0-7F,U+26??;src:local("a.png"),url(b.png)format("woff2")}`,
			`.bg-\[url\(gone\.png\)\]{background:url(./a.HASH.png)} @font-face{unicode-range:U+0-7F,U+26??;src:local("a.png"),url(./b.HASH.png)format("woff2")}`,
		},
		{`<!-- @import url(https://fonts.example/css2?family=A:wght@400;700);@import "base.css"; -->`, `<!-- @import url(https://fonts.example/css2?family=A:wght@400;700);@import "./base.HASH.css"; -->`},
		{`a{}` + "\n/*# sourceMappingURL=x.map */\n", `a{}` + "\n/*# sourceMappingURL=./x.HASH.map */\n"},
		{`a{b:url(a.png`, `a{b:url(./a.HASH.png`},
		{`a{b:url("a.png`, `a{b:url("./a.HASH.png`},
		// These are no references.
		{text: `/*! http://ui.example/?bg=url("a.png") @import "base.css" */ a{}`},
		{text: `a::before{content:"url(a.png)"} b{content:'@import "base.css"'}`},
		{text: `@namespace svg url(a.png); @namespace "base.css"; @-moz-document url(a.png) {}`},
		{text: `a[href="a.png"]{b:url(data:image/png;base64,AA==) url("data:image/svg+xml;utf8,<svg/>") url(#a) url("") url()}`},
		{text: `a{b:url(https://example.com/a.png) url(//example.com/a.png) url(/media/a.png) url(../media/a.png) url(?a.png)}`},
		{text: `a{b:url(gone.png) url("gone.png") url(a b.png) url(a"b.png) url(}`},
		{text: "a{b:url(\"a.png\n)} c{d:\"a\nb\"}"},
		{text: "a{b:url(\xff\xfe.png)} \x00 \xff\xfe@"},
		{text: `myurl(a.png) url-prefix(a.png) format("a.png")`},
	})
}

func TestReferencesInScripts(t *testing.T) {
	t.Parallel()
	checkRewriting(t, "app.js", []struct{ text, want string }{
		{`import{c}from"./c.js";import{d}from"./d.js";console.log(c,d)`, `import{c}from"./c.HASH.js";import{d}from"./d.HASH.js";console.log(c,d)`},
		{`let x=1;export{x};export*from"./c.js";export{d}from"./d.js"`, `let x=1;export{x};export*from"./c.HASH.js";export{d}from"./d.HASH.js"`},
		{`x();import"./c.js";import './d.js'`, `x();import"./c.HASH.js";import './d.HASH.js'`},
		{`import d, * as all from './lib/e.mjs'; export * as ns from "./c.js"`, `import d, * as all from './lib/e.HASH.mjs'; export * as ns from "./c.HASH.js"`},
		{
			`export*as default from"./c.js";import defer*as x from"./d.js";import.source("./c.js");import.defer("./d.js")`,
			`export*as default from"./c.HASH.js";import defer*as x from"./d.HASH.js";import.source("./c.HASH.js");import.defer("./d.HASH.js")`,
		},
		{`try{}catch{}/'/.test(x);import("./c.js")`, `try{}catch{}/'/.test(x);import("./c.HASH.js")`},
		{"import {\n  c, // one\n  default as from, if as \"a b\" /* two */,\n}\nfrom\n'./c.js'", "import {\n  c, // one\n  default as from, if as \"a b\" /* two */,\n}\nfrom\n'./c.HASH.js'"},
		{`import from from "./c.js"; import x from './d.js' with { type: "json" }`, `import from from "./c.HASH.js"; import x from './d.HASH.js' with { type: "json" }`},
		{`const a = () => import("./c.js"), b = import(/* chunk */ './d.js' /* x */, {with: {}}), e = import(` + "`./c.js`)", `const a = () => import("./c.HASH.js"), b = import(/* chunk */ './d.HASH.js' /* x */, {with: {}}), e = import(` + "`./c.HASH.js`)"},
		{`import './a%20b.js'; import "./a b.js"; import "./\u0063.js"; import "./\x64.js"`, `import './a%20b.HASH.js'; import "./a%20b.HASH.js"; import "./c.HASH.js"; import "./d.HASH.js"`},
		{`import "./c.js?worker#x"; import "/static/d.js"; import "../static/c.js"`, `import "./c.HASH.js?worker#x"; import "/static/d.HASH.js"; import "./c.HASH.js"`},
		{`addEventListener(import.meta.resolve("./c.js"))`, `addEventListener(import.meta.resolve("./c.HASH.js"))`},
		{"#!/usr/bin/env node it's\nimport './c.js'", "#!/usr/bin/env node it's\nimport './c.HASH.js'"},
		{"\ufeffimport './c.js'", "\ufeffimport './c.HASH.js'"},
		{"let a = 1\n//# sourceMappingURL=x.map\n", "let a = 1\n//# sourceMappingURL=./x.HASH.map\n"},
		{"let a=1;/*# sourceMappingURL=x.map */", "let a=1;/*# sourceMappingURL=./x.HASH.map */"},
		// Regular expressions, divisions, templates: what follows is still found.
		{`let r = /["'/*]/; import("./c.js")`, `let r = /["'/*]/; import("./c.HASH.js")`},
		{`let r = /[/"]/g.test(x) / 2 / "'"; import("./c.js")`, `let r = /[/"]/g.test(x) / 2 / "'"; import("./c.HASH.js")`},
		{`let q = a / b, s = "/"; import("./c.js")`, `let q = a / b, s = "/"; import("./c.HASH.js")`},
		{`let q = (a + b) / c; import("./c.js"); let z = d / e`, `let q = (a + b) / c; import("./c.HASH.js"); let z = d / e`},
		{`if (a) /'/.test(b); import("./c.js"); let s = "'"`, `if (a) /'/.test(b); import("./c.HASH.js"); let s = "'"`},
		{"if (a) {}\n/\"/.test(b); import(\"./c.js\")", "if (a) {}\n/\"/.test(b); import(\"./c.HASH.js\")"},
		{`let o = {a: {b: 1} / 2, c: "/"}; import("./c.js")`, `let o = {a: {b: 1} / 2, c: "/"}; import("./c.HASH.js")`},
		{`f(x++ / 2, "/"); import("./c.js")`, `f(x++ / 2, "/"); import("./c.HASH.js")`},
		{`return_ / 2; a.return / 2; "/"; import("./c.js")`, `return_ / 2; a.return / 2; "/"; import("./c.HASH.js")`},
		{`function f() { return /'/ } import("./c.js")`, `function f() { return /'/ } import("./c.HASH.js")`},
		{`for (const x of /'/[Symbol.split](y)) {} import("./c.js")`, `for (const x of /'/[Symbol.split](y)) {} import("./c.HASH.js")`},
		{"let t = `a ${ {b: `c ${ import('./c.js') } '` } } / \" `; import('./d.js')", "let t = `a ${ {b: `c ${ import('./c.HASH.js') } '` } } / \" `; import('./d.HASH.js')"},
		{"let t = `import './c.js' ${a}`; t / 2; import('./d.js') // '", "let t = `import './c.js' ${a}`; t / 2; import('./d.HASH.js') // '"},
		{`a<!--b;import"./c.js"`, `a<!--b;import"./c.HASH.js"`},
		{"@decorator class A { #p = /'/; static { import('./c.js') } }", "@decorator class A { #p = /'/; static { import('./c.HASH.js') } }"},
		{`let n = 0777 + 1_000n + 0xffn + .5; import("./c.js")`, `let n = 0777 + 1_000n + 0xffn + .5; import("./c.HASH.js")`},
		{"let s = '\xe9\"'; import('./c.js') // \xff", "let s = '\xe9\"'; import('./c.HASH.js') // \xff"},
		{"let broken = 'a\nimport('./c.js')", "let broken = 'a\nimport('./c.HASH.js')"},
		// These are no references.
		{text: "/*\nimport x from \"./c.js\"\n*/\nlet a = 1 // import('./c.js')"},
		{text: "/** @type {import('./c.js').Thing} */\nlet a = 1"},
		{text: `let s = "write import('./c.js') here", t = 'export * from "./c.js"'`},
		{text: "let t = `import('./c.js')`, u = `\nimport './c.js'\n`"},
		{text: `export function f() { return load('./c.js') }`},
		{text: `export const path = "./c.js"; export default "../c.js"; export { path }; "./c.js"`},
		{text: `import.meta.x = './c.js'; import.meta.url + './c.js'`},
		{text: `import x from "package"; import "lodash/fp.js"; import("c.js"); import "https://example.com/c.js"; import "//example.com/c.js"`},
		{text: `import("./" + name); import('./c.js' + x); import(name); import(` + "`./${name}.js`)"},
		{text: `a.import("./c.js"); a?.import("./c.js"); a.export; let o = {import: "./c.js", from: "./c.js"}`},
		{text: `let r = /import "./; x = "c.js"; let q = a / import_ / "./c.js"`},
		{text: `import "./gone.js"; import("./gone.js"); export * from "../gone/away.js"`},
		{text: `//# sourceMappingURL=data:application/json;base64,AA`},
		{text: "let s = '//# sourceMappingURL=x.map'"},
		{text: "import"},
		{text: "export"},
		{text: "import("},
		{text: "import {"},
		{text: "import x from"},
		{text: "import.meta.resolve("},
	})
}

// TestCircles has modules and style sheets that import each other: each is served under one address, which changes with any of
// them.
func TestCircles(t *testing.T) {
	t.Parallel()
	with := func(d string) *staticfiles.Files {
		return newFiles(t, source("app", map[string]string{
			"a.js": "import './b.js'; import './a.js'", "b.js": "import './sub/c.js'", "sub/c.js": "import '../a.js'; import '../d.js'", "d.js": d, "top.js": "import './a.js'; import './b.js'",
			"a.css": "@import 'b.css';", "b.css": "@import 'a.css';",
		}))
	}
	files, changed := with("1"), with("2")
	address := regexp.MustCompile(`[\w./]+\.[0-9a-f]{12}\.(?:js|css)`)
	for _, name := range files.Paths() {
		for _, ref := range address.FindAllString(get(files, url(t, files, name)).Body.String(), -1) {
			base := &neturl.URL{Path: url(t, files, name)}
			to := base.ResolveReference(&neturl.URL{Path: ref}).Path
			if w := get(files, to); w.Code != http.StatusOK || w.Header().Get("Cache-Control") == "no-cache" {
				t.Errorf("%s refers to %s, which is no hashed name (status %d)", name, to, w.Code)
			}
		}
		if strings.HasSuffix(name, ".js") == (url(t, files, name) == url(t, changed, name)) {
			t.Errorf("%s: addresses %s and %s", name, url(t, files, name), url(t, changed, name))
		}
	}
}

// TestEveryAddressLeadsToItsFile makes files with every printable character and some others in their names, and asks for them
// by the addresses of Files.URL, of a style sheet and of a script.
func TestEveryAddressLeadsToItsFile(t *testing.T) {
	t.Parallel()
	var names []string
	for c := rune(1); c < 0x100; c++ {
		if c != '/' {
			names = append(names, fmt.Sprintf("x%cy/a%cb.png", c, c), fmt.Sprintf("%cx%c.js", c, c))
		}
	}
	names = append(names, "日本/語.png", "%20.png", "%2F.png", "a%23b.js", "\u2028.png", "a.b.c", "noext", "sp ace/#/?.css", "data:x.png", "..x/...js", "{{ x }}.png", `"'</script>.png`)
	for _, prefix := range []string{"/static/", "/st%C3%A4tic files/", "https://cdn.example/p/"} {
		fsys := fstest.MapFS{}
		var kept []string
		for _, name := range names {
			if fs.ValidPath(name) && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, "~") {
				fsys[name] = &fstest.MapFile{Data: []byte("content of " + name)}
				kept = append(kept, name)
			}
		}
		var sheet, script strings.Builder
		for _, name := range kept {
			fmt.Fprintf(&sheet, "a{b:url(%q)}\n", "../"+(&neturl.URL{Path: name}).EscapedPath())
			fmt.Fprintf(&script, "import(\"../%s\")\n", strings.NewReplacer(`"`, "%22", `?`, "%3F", `#`, "%23", `%`, "%25", "\n", "%0A", "\r", "%0D", `\`, "%5C", " ", "%20").Replace(name))
		}
		fsys["s/sheet.css"] = &fstest.MapFile{Data: []byte(sheet.String())}
		fsys["s/script.js"] = &fstest.MapFile{Data: []byte(script.String())}
		files, err := staticfiles.New([]staticfiles.Source{{Name: "app", FS: fsys}}, staticfiles.Options{Prefix: prefix})
		if err != nil {
			t.Fatal(err)
		}
		if p := files.Problems(); len(p) > 0 {
			t.Fatalf("%d problems, first %v", len(p), p[0])
		}
		leads := func(from, address, name string) {
			t.Helper()
			base, err := neturl.Parse(url(t, files, from))
			if err != nil {
				t.Fatal(err)
			}
			to, err := base.Parse(address)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, to.RequestURI(), nil)
			if files.Handler().ServeHTTP(w, r); w.Code != 200 || w.Body.String() != "content of "+name || w.Header().Get("Cache-Control") == "no-cache" {
				t.Errorf("%q: GET %s: status %d, %q", name, to.RequestURI(), w.Code, w.Body.String())
			}
		}
		body := func(name string) []string {
			u, err := neturl.Parse(url(t, files, name))
			if err != nil {
				t.Fatal(err)
			}
			return strings.Split(get(files, u.RequestURI()).Body.String(), "\n")
		}
		inSheet, inScript := body("s/sheet.css"), body("s/script.js")
		for i, name := range kept {
			leads("s/sheet.css", url(t, files, name), name)
			leads("s/sheet.css", strings.TrimSuffix(strings.TrimPrefix(inSheet[i], `a{b:url("`), `")}`), name)
			leads("s/script.js", strings.TrimSuffix(strings.TrimPrefix(inScript[i], `import("`), `")`), name)
		}
	}
}

func FuzzReferences(f *testing.F) {
	for _, s := range []string{"a{background:url(b.png)}", "@import 'a.css'; url(", `@import url("a\.css") x`, "image-set('b.png' 1x)", "import './a.js';", "import(\"./a.js\")", "`${`${/x/}`}`/a/", "a<!--\nexport * from './a.js'", "/[/", "0b1n\\u{", "\xe2\x80"} {
		f.Add(s, s)
	}
	hash := regexp.MustCompile(`\./[ab]\.[0-9a-f]{12}\.(?:css|js|png)`)
	f.Fuzz(func(t *testing.T, css, js string) {
		files := newFiles(t, source("app", map[string]string{"a.css": css, "a.js": js, "b.png": "x"}))
		for name, text := range map[string]string{"a.css": css, "a.js": js} {
			// Between the references everything is as it was.
			rest := text
			for _, piece := range hash.Split(get(files, url(t, files, name)).Body.String(), -1) {
				_, after, found := strings.Cut(rest, piece)
				if !found && !strings.Contains(piece, "%") {
					t.Fatalf("%s of %q lost %q", name, text, piece)
				}
				rest = after
			}
		}
	})
}

func TestManyMissingFilesAreSummedUp(t *testing.T) {
	t.Parallel()
	var sheet strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&sheet, "a{b:url(gone%d.png)}\nc{d:url(gone%d.png)}\n", i, i)
	}
	files := newFiles(t, source("app", map[string]string{"a.css": sheet.String()}))
	problems := files.Problems()
	if len(problems) != 11 || problems[9].Place != "app: static/a.css:19" || !strings.Contains(problems[10].Message, "4990 more files") {
		t.Errorf("%d problems, the last two %v", len(problems), problems[max(0, len(problems)-2):])
	}
}
