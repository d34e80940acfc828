package middleware_test

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/quintetgo/quintet/framework/middleware"
	"github.com/quintetgo/quintet/framework/web"
)

// limited are the default limits.
func limited() []web.Middleware {
	return []web.Middleware{middleware.Limits(middleware.LimitOptions{})}
}

// post is a request with a body whose length is said, or not.
func post(contentType, body string, said bool) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	if !said {
		r.ContentLength = -1
	}
	return r
}

const plainForm = "application/x-www-form-urlencoded"

// careless uses what the request brings without looking at errors; careful returns them.
func careless(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseMultipartForm(32 << 20)
	fmt.Fprintf(w, "%d in the query, %d in the form, %d cookies", len(r.URL.Query()["a"]), len(r.PostForm["a"]), len(r.Cookies()))
}

func careful(w http.ResponseWriter, r *http.Request) {
	err := r.ParseForm()
	if err == nil && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = r.ParseMultipartForm(32 << 20)
	}
	if err != nil {
		web.WriteError(w, r, err)
		return
	}
	careless(w, r)
}

func TestTooManyFieldsAreRefused(t *testing.T) {
	t.Parallel()
	query := func(n int) func() *http.Request {
		return func() *http.Request { return get("/?" + strings.TrimSuffix(strings.Repeat("a=1&", n), "&")) }
	}
	form := func(n int) func() *http.Request {
		return func() *http.Request {
			return post(plainForm, strings.TrimSuffix(strings.Repeat("a=1&", n), "&"), true)
		}
	}
	cookies := func(n, lines int) func() *http.Request {
		return func() *http.Request {
			r := get("/")
			for range lines {
				r.Header.Add("Cookie", strings.TrimSuffix(strings.Repeat("a=1; ", n/lines), "; "))
			}
			return r
		}
	}
	few := []web.Middleware{middleware.Limits(middleware.LimitOptions{MaxFields: 3})}
	none := []web.Middleware{middleware.Limits(middleware.LimitOptions{MaxFields: -1})}
	for name, c := range map[string]struct {
		chain   []web.Middleware
		request func() *http.Request
		status  int
		want    string
	}{
		"query parameters, all":      {limited(), query(10_000), 200, "10000 in the query"},
		"query parameters, one more": {limited(), query(10_001), 400, "more than 10000 query parameters"},
		"empty ones":                 {limited(), func() *http.Request { return get("/?" + strings.Repeat("&", 10_000)) }, 400, "more than 10000 query parameters"},
		"form fields, all":           {limited(), form(10_000), 200, "10000 in the form"},
		"form fields, one more":      {limited(), form(10_001), 400, "more than 10000 form fields"},
		"cookies, all":               {limited(), cookies(3000, 1), 200, "3000 cookies"},
		"cookies, one more":          {limited(), cookies(3001, 1), 400, "more than 3000 cookies"},
		"cookies on many lines":      {limited(), cookies(3030, 10), 400, "more than 3000 cookies"},
		"a limit of one's own":       {few, query(3), 200, "3 in the query"},
		"above it":                   {few, query(4), 400, "more than 3 query parameters"},
		"above it in a form":         {few, form(4), 400, "more than 3 form fields"},
		"no limit but that of Go":    {none, query(10_001), 200, "0 in the query"},
	} {
		for kind, view := range map[string]http.HandlerFunc{"careless": careless, "careful": careful} {
			if strings.Contains(name, "that of Go") && kind == "careful" {
				continue
			}
			answer := serve(t, c.chain, c.request(), view)
			if got := body(t, answer); answer.StatusCode != c.status || !strings.Contains(got, c.want) || c.status == 400 && answer.Header.Get("Connection") != "close" {
				t.Errorf("%s, %s view: %d %v %q; want %d, %q", name, kind, answer.StatusCode, answer.Header, got, c.status, c.want)
			}
		}
	}
}

// TestABodyThatIsCutIsNotAnsweredWithSuccess has a view that does not look at errors.
func TestABodyThatIsCutIsNotAnsweredWithSuccess(t *testing.T) {
	t.Parallel()
	large := "a=" + strings.Repeat("x", 3<<20)
	for name, c := range map[string]struct {
		r    *http.Request
		want int
	}{
		"a form that is too large, said":       {post(plainForm, large, true), http.StatusRequestEntityTooLarge},
		"a form that is too large, unsaid":     {post(plainForm, large, false), http.StatusRequestEntityTooLarge},
		"the same with other letters":          {post("Application/X-WWW-Form-URLencoded ; charset=utf-8", large, false), http.StatusRequestEntityTooLarge},
		"another body of that size":            {post("text/plain", large, false), http.StatusOK},
		"another body, too large":              {post("text/plain", strings.Repeat("x", 32<<20+1), false), http.StatusRequestEntityTooLarge},
		"a body that ends early":               {withBody(post(plainForm, "", false), io.MultiReader(strings.NewReader("a=1"), iotest.ErrReader(io.ErrUnexpectedEOF))), http.StatusBadRequest},
		"a body that takes too long":           {withBody(post(plainForm, "", false), iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("a=1")))), http.StatusBadRequest},
		"a body that is read in small pieces":  {withBody(post(plainForm, "", false), iotest.OneByteReader(strings.NewReader(strings.Repeat("&", 10_001)))), http.StatusBadRequest},
		"a body that comes with its end (EOF)": {withBody(post(plainForm, "", false), iotest.DataErrReader(strings.NewReader("a=1"))), http.StatusOK},
	} {
		read := careless
		if !strings.Contains(c.r.Header.Get("Content-Type"), "orm") {
			read = func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }
		}
		if got := serve(t, limited(), c.r, read); got.StatusCode != c.want || c.want != 200 && got.Header.Get("Connection") != "close" {
			t.Errorf("%s: %d %v, want %d", name, got.StatusCode, got.Header, c.want)
		}
	}
	// The view's own response to an error is kept.
	own := serve(t, limited(), post(plainForm, large, false), func(w http.ResponseWriter, r *http.Request) {
		if _, ok := errors.AsType[*http.MaxBytesError](r.ParseForm()); ok {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	if own.StatusCode != http.StatusTeapot || own.Header.Get("Connection") != "close" {
		t.Errorf("the view's own answer became %d %v", own.StatusCode, own.Header)
	}
}

func withBody(r *http.Request, body io.Reader) *http.Request {
	r.Body = io.NopCloser(body)
	return r
}

// bomb makes a form with files by hand. The boundary is "b".
func bomb(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteString("--b\r\n" + part + "\r\n")
	}
	return b.String() + "--b--\r\n"
}

func text(name, value string) string {
	return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value
}

func file(name, filename, content string) string {
	return "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename + "\"\r\n\r\n" + content
}

func TestMultipartBombs(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 3<<20)
	for name, c := range map[string]struct {
		body, want string
		status     int
	}{
		"good":                               {bomb(text("a", "1"), text("a", "2"), file("f", "f.txt", "x")), "2 in the form", 200},
		"a large file":                       {bomb(text("a", "1"), file("f", "f.bin", large)), "1 in the form", 200},
		"a large value":                      {bomb(text("a", large)), "limit is 2.5 MB", 413},
		"many values":                        {bomb(text("a", large[:1<<20]), text("b", large[:1<<20]), text("c", large[:1<<20])), "limit is 2.5 MB", 413},
		"a value in base64":                  {bomb("Content-Transfer-Encoding: base64\r\n" + text("a", strings.Repeat("eA==  \r\n", 400_000))), "limit is 2.5 MB", 413},
		"a value that quotes a boundary":     {bomb(text("a", "\n--b\nContent-Disposition: form-data; name=x; filename=y\n\n"+large)), "limit is 2.5 MB", 413},
		"a value that quotes a longer one":   {bomb(text("a", "\r\n--bc\r\nContent-Disposition: form-data; name=x; filename=y\r\n\r\n"+large)), "limit is 2.5 MB", 413},
		"a nested form":                      {bomb(text("a", "1"), "Content-Disposition: form-data; name=n\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n"+file("a", "f", large)+"\r\n--c--"), "limit is 2.5 MB", 413},
		"a hundred thousand parts":           {bomb(strings.Split(strings.Repeat(text("a", "")+"|", 100_000), "|")...), "", 400},
		"ten thousand parts, empty":          {strings.Repeat("--b\r\n\r\n\r\n", 10_001), "", 400},
		"a hundred thousand lines of a head": {bomb(strings.Repeat("X-A: b\r\n", 100_000) + text("a", "1")), "header has more than 8192 bytes", 400},
		"a head of one long line":            {bomb("X-A: " + large + "\r\n" + text("a", "1")), "header has more than 8192 bytes", 400},
		"no last boundary":                   {strings.TrimSuffix(bomb(text("a", "1")), "--b--\r\n"), "did not arrive completely", 400},
		"an empty body":                      {"", "did not arrive completely", 400},
		"a NUL in a name":                    {bomb("Content-Disposition: form-data; name=\"a\x00\"\r\n\r\n1"), "malformed header", 400},
		"a line without name":                {bomb("nothing\r\n\r\n1"), "malformed header", 400},
		"a head without end":                 {"--b\r\n" + strings.Repeat("X", 20_000), "header has more than 8192 bytes", 400},
	} {
		for how, said := range map[string]bool{"said": true, "unsaid": false} {
			answer := serve(t, limited(), post("multipart/form-data; boundary=b", c.body, said), careless)
			if got := body(t, answer); answer.StatusCode != c.status || !strings.Contains(got, c.want) {
				t.Errorf("%s, %s: %d %.200q; want %d, %q", name, how, answer.StatusCode, got, c.status, c.want)
			}
		}
	}
	// Of two files in a field both arrive; names are without their path, however they were sent.
	answer := serve(t, limited(), post("multipart/form-data; boundary=b", bomb(file("f", "../../etc/passwd", "1"), file("f", `..\..\x`, "2"), file("f", "/", "3")), true), func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Error(err)
		}
		for _, f := range r.MultipartForm.File["f"] {
			fmt.Fprintf(w, "[%s]", f.Filename)
		}
	})
	if got := body(t, answer); got != `[passwd][..\..\x][/]` {
		t.Errorf("names %s", got)
	}
}

// FuzzParts wants that nothing passes uncounted, and nothing is refused that is within the limits.
func FuzzParts(f *testing.F) {
	good := bomb(text("a", "1"), file("f", "f.txt", "content"), text("b", "two"))
	for _, body := range []string{
		good, strings.ReplaceAll(good, "\r\n", "\n"), "preamble\n--bx\n--b \t\r\n" + text("a", "xxxxxxxx") + "\r\n--b--", "--b\n" + file("a", "f", "x\r\n--b\r\n\r\n"),
		bomb(text("a", "\n--b\nContent-Disposition: form-data; name=x; filename=y\n\nxxxxxxxxxxxx")), bomb("", "\r\n", "X: y\r\n z\r\n"+text("a", "1")), "--b--", "--b-\r\n", "",
		"--b\r\n" + text("a", "--b\r\n") + "\r\n--b\r\n" + text("a", "") + "--b--", bomb(`Content-Disposition: form-data; name=a; filename*=utf-8''%41` + "\r\n\r\nxxxx"),
		"--b\r\n" + text("a", "x\r\n--b-\r\n\r\n--b-x") + "\r\n--b--", "--b \rx\n--b\n" + text("a", "xxxxxx"), bomb(text("a", "=41=41\r\n--b\r\n\r\n")),
	} {
		f.Add([]byte(body), int64(40), 2)
		f.Add([]byte(body), int64(100_000), 100)
	}
	f.Fuzz(func(t *testing.T, raw []byte, maxForm int64, maxFields int) {
		if maxForm <= 0 || maxFields <= 0 {
			return
		}
		chain := []web.Middleware{middleware.Limits(middleware.LimitOptions{MaxForm: maxForm, MaxFields: maxFields})}
		var form *multipart.Form
		var err error
		serve(t, chain, post("multipart/form-data; boundary=b", string(raw), false), func(_ http.ResponseWriter, r *http.Request) {
			if err = r.ParseMultipartForm(1 << 30); err == nil {
				form = r.MultipartForm
			}
		})
		bytes, count := held(form)
		if bytes > maxForm || count > maxFields {
			t.Errorf("%q: %d bytes in %d fields passed the limits %d and %d", raw, bytes, count, maxForm, maxFields)
		}
		alone := post("multipart/form-data; boundary=b", string(raw), true)
		if err == nil || alone.ParseMultipartForm(1<<30) != nil || len(raw) > 8<<10 || !strings.HasSuffix(string(raw), "\n--b--\r\n") {
			return
		}
		boundaries := strings.Count(string(raw), "--b")
		if int64(len(raw)+400*boundaries) <= maxForm && boundaries <= maxFields {
			t.Errorf("%q is within the limits %d and %d: %v", raw, maxForm, maxFields, err)
		}
	})
}

// held counts what a form holds in memory beside files.
func held(form *multipart.Form) (bytes int64, count int) {
	if form == nil {
		return 0, 0
	}
	for _, values := range form.Value {
		for _, value := range values {
			bytes += int64(len(value))
			count++
		}
	}
	for _, files := range form.File {
		count += len(files)
	}
	return bytes, count
}

func TestLimitsCostNothing(t *testing.T) {
	ran := false
	h := middleware.Limits(middleware.LimitOptions{})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { ran = true }))
	r := get("/?a=1&b=2&c=3")
	r.Header.Set("Cookie", "a=1; b=2; c=3")
	w := httptest.NewRecorder()
	if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n != 0 || !ran {
		t.Errorf("%v allocations for each request without a body, want none", n)
	}
}

func BenchmarkLimits(b *testing.B) {
	h := middleware.Limits(middleware.LimitOptions{})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	long := strings.Repeat("name=value&", 5000)
	for name, r := range map[string]*http.Request{"query": get("/?a=1&b=2&c=3"), "query of 55 kB": get("/?" + long)} {
		b.Run(name, func(b *testing.B) {
			r.Header.Set("Cookie", "session=0123456789; csrf=0123456789")
			w := httptest.NewRecorder()
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
		})
	}
}
