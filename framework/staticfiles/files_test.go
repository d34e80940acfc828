package staticfiles_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/staticfiles"
)

func source(name string, files map[string]string) staticfiles.Source {
	fsys := fstest.MapFS{}
	for path, content := range files {
		fsys[path] = &fstest.MapFile{Data: []byte(content)}
	}
	return staticfiles.Source{Name: name, FS: fsys}
}

func newFiles(t *testing.T, sources ...staticfiles.Source) *staticfiles.Files {
	t.Helper()
	files, err := staticfiles.New(sources, staticfiles.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func url(t *testing.T, files *staticfiles.Files, path string) string {
	t.Helper()
	address, err := files.URL(path)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func get(files *staticfiles.Files, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	files.Handler().ServeHTTP(w, r)
	return w
}

func TestURLHoldsAHashOfTheContent(t *testing.T) {
	t.Parallel()
	one := newFiles(t, source("blog", map[string]string{"blog/a.css": "a{}", "blog/noext": "x"}))
	two := newFiles(t, source("blog", map[string]string{"blog/a.css": "b{}"}))
	if got := url(t, one, "blog/a.css"); !regexp.MustCompile(`^/static/blog/a\.[0-9a-f]{12}\.css$`).MatchString(got) {
		t.Errorf("URL %q has not the form /static/blog/a.<12 hex>.css", got)
	}
	if got := url(t, one, "blog/noext"); !regexp.MustCompile(`^/static/blog/noext\.[0-9a-f]{12}$`).MatchString(got) {
		t.Errorf("URL %q has not the form /static/blog/noext.<12 hex>", got)
	}
	if url(t, one, "blog/a.css") == url(t, two, "blog/a.css") {
		t.Error("other content has the same URL")
	}
	if _, err := one.URL("blog/b.css"); err == nil || !strings.Contains(err.Error(), `did you mean "blog/a.css"?`) {
		t.Errorf("error %v does not name the nearest file", err)
	}
}

func TestFirstSourceWins(t *testing.T) {
	t.Parallel()
	files := newFiles(t, source("project", map[string]string{"admin/a.css": "mine"}), source("admin", map[string]string{"admin/a.css": "theirs"}))
	if body := get(files, url(t, files, "admin/a.css")).Body.String(); body != "mine" {
		t.Errorf("body %q, want the project's", body)
	}
}

func TestReferencesAreRewritten(t *testing.T) {
	t.Parallel()
	files := newFiles(t, source("app", map[string]string{
		"app/main.css":       `@import "parts/base.css"; /* url(gone.png) */ a{background:url(img/a.png?v=1#x)} b{background:url("data:image/png;base64,AA")} c{background:url(/abs.png)} d{src:url( '../other/f.woff2' )}`,
		"app/parts/base.css": `p{background:url('../img/a.png')}`,
		"app/img/a.png":      "png",
		"other/f.woff2":      "font",
		"app/main.js":        "import { x } from \"./lib/x.js\";\nimport './lib/y.js';\nimport {\n  z,\n} from './lib/z.js';\nconst lazy = () => import(\"./lib/y.js\");\nimport far from 'package';\nconst text = \"import './nothing.js'\";\nexport { a } from './lib/x.js';\n",
		"app/lib/x.js":       "import '../main.js'; // a circle\nexport const x = 1;\n",
		"app/lib/y.js":       "export {}\n",
		"app/lib/z.js":       "export const z = 1;\n",
	}))
	css := get(files, url(t, files, "app/main.css")).Body.String()
	for path, relative := range map[string]string{"app/parts/base.css": "./parts/", "app/img/a.png": "./img/", "other/f.woff2": "../other/"} {
		want := relative + filepath.Base(url(t, files, path))
		if !strings.Contains(css, want) {
			t.Errorf("style sheet has no %q:\n%s", want, css)
		}
	}
	for _, want := range []string{"?v=1#x", "data:image/png;base64,AA", "url(/abs.png)", "url(gone.png)"} {
		if !strings.Contains(css, want) {
			t.Errorf("style sheet lost %q:\n%s", want, css)
		}
	}
	js := get(files, url(t, files, "app/main.js")).Body.String()
	for _, path := range []string{"app/lib/x.js", "app/lib/y.js", "app/lib/z.js"} {
		want := "./lib/" + filepath.Base(url(t, files, path))
		if !strings.Contains(js, want) {
			t.Errorf("script has no %q:\n%s", want, js)
		}
	}
	if strings.Count(js, filepath.Base(url(t, files, "app/lib/y.js"))) != 2 || !strings.Contains(js, "'./nothing.js'") {
		t.Errorf("script is rewritten in the wrong places:\n%s", js)
	}
}

func TestNameChangesWithWhatAFileRefersTo(t *testing.T) {
	t.Parallel()
	with := func(png string) *staticfiles.Files {
		return newFiles(t, source("app", map[string]string{"a.css": "@import 'b.css';", "b.css": "p{background:url(c.png)}", "c.png": png}))
	}
	if url(t, with("1"), "a.css") == url(t, with("2"), "a.css") {
		t.Error("the style sheet kept its name though the image two steps away changed")
	}
}

func TestMissingReferenceIsAWarningWithFileAndLine(t *testing.T) {
	t.Parallel()
	files := newFiles(t, source("blog", map[string]string{
		"blog/a.css": "p{}\nb{background:url(nine.png)}\nc{background:url(nine.png)} d{background:url(/media/a.png)}",
		"blog/a.js":  "import './b.js'\n//# sourceMappingURL=a.js.map", "blog/none.png": "x",
	}))
	var got []string
	for _, p := range files.Problems() {
		got = append(got, p.String())
	}
	want := []string{
		`warning (staticfiles.W001): blog: static/blog/a.css:2: the address "nine.png" leads to no static file: there is no "blog/nine.png"; did you mean "blog/none.png"?`,
		`warning (staticfiles.W001): blog: static/blog/a.js:1: the address "./b.js" leads to no static file: there is no "blog/b.js"; did you mean "blog/a.js"?`,
		`info (staticfiles.I001): blog: static/blog/a.js:2: the address "a.js.map" leads to no static file: there is no "blog/a.js.map"; did you mean "blog/a.js"?`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if body := get(files, url(t, files, "blog/a.css")).Body.String(); !strings.Contains(body, "url(nine.png)") {
		t.Errorf("the reference was changed: %s", body)
	}
}

func TestServing(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("body { color: black }\n", 200)
	files := newFiles(t, source("app", map[string]string{"a.css": long, "a.png": "not really"}))
	hashed := url(t, files, "a.css")

	plain := get(files, "/static/a.css")
	if plain.Code != http.StatusOK || plain.Header().Get("Cache-Control") != "no-cache" || plain.Body.String() != long {
		t.Errorf("plain name: status %d, Cache-Control %q", plain.Code, plain.Header().Get("Cache-Control"))
	}
	full := get(files, hashed)
	if full.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || full.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("hashed name: header %v", full.Header())
	}
	if again := get(files, hashed, "If-None-Match", full.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("with its ETag: status %d, want 304", again.Code)
	}
	if part := get(files, hashed, "Range", "bytes=0-3", "Accept-Encoding", "gzip"); part.Code != http.StatusPartialContent || part.Body.String() != "body" {
		t.Errorf("range: status %d, body %q", part.Code, part.Body.String())
	}
	packed := get(files, hashed, "Accept-Encoding", "br, gzip;q=0.5")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("Vary") != "Accept-Encoding" || packed.Header().Get("ETag") == full.Header().Get("ETag") {
		t.Errorf("compressed: header %v", packed.Header())
	}
	reader, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(reader); err != nil || string(unpacked) != long {
		t.Errorf("compressed body does not unpack to the file (%v)", err)
	}
	if refused := get(files, hashed, "Accept-Encoding", "gzip;q=0, *"); refused.Header().Get("Content-Encoding") != "" {
		t.Error("gzip was sent though q=0 refuses it")
	}
	if image := get(files, "/static/a.png", "Accept-Encoding", "gzip"); image.Header().Get("Content-Encoding") != "" {
		t.Error("an image was compressed")
	}
}

func TestNothingOutsideIsServed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret.txt"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	inner := filepath.Join(dir, "static")
	if err := os.MkdirAll(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(inner, "a.txt"), []byte("public"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := newFiles(t, staticfiles.Source{Name: "project", FS: os.DirFS(inner)})
	for _, target := range []string{"/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static//etc/passwd", "/static/a.txt%00", "/static/", "/a.txt", `/static/..%5csecret.txt`} {
		if w := get(files, target); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("GET %s: status %d, want 404", target, w.Code)
		}
	}
	w := httptest.NewRecorder()
	files.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/static/a.txt", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: status %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestCollect(t *testing.T) {
	t.Parallel()
	files := newFiles(t, source("app", map[string]string{"app/a.css": strings.Repeat("p{color:red}", 100), "app/a.png": "png"}))
	dir := filepath.Join(t.TempDir(), "out")
	written, err := files.Collect(dir)
	if err != nil {
		t.Fatal(err)
	}
	hashed := strings.TrimPrefix(url(t, files, "app/a.css"), "/static/")
	for _, name := range []string{"app/a.css", hashed, hashed + ".gz", "app/a.css.gz", "app/a.png", staticfiles.Manifest} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if len(written) != 7 { // two names and two compressed copies, two names of the image, the manifest
		t.Errorf("wrote %d files: %v", len(written), written)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, staticfiles.Manifest))
	if err != nil || !strings.Contains(string(manifest), `"app/a.css": "`+hashed+`"`) {
		t.Errorf("manifest %s (%v) does not map the file", manifest, err)
	}
}
