package csrf_test

import (
	"bytes"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/quintetgo/quintet/framework/csrf"
)

// site is a protected handler that shows the token on GET and takes changes otherwise.
func site(t *testing.T, o csrf.Options) http.Handler {
	t.Helper()
	protect, err := csrf.Protect(o)
	if err != nil {
		t.Fatal(err)
	}
	return protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, csrf.Token(r))
			return
		}
		_, _ = io.WriteString(w, "changed "+r.FormValue("name"))
	}))
}

// open fetches a page and returns its token and the cookie.
func open(t *testing.T, handler http.Handler) (string, *http.Cookie) {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "https://example.com/", nil))
	cookies := recorder.Result().Cookies()
	if len(cookies) != 1 || recorder.Body.Len() == 0 {
		t.Fatalf("GET gives %d cookies and the token %q", len(cookies), recorder.Body)
	}
	return recorder.Body.String(), cookies[0]
}

func TestOnlySameOriginRequestsWithTheTokenPass(t *testing.T) {
	t.Parallel()
	handler := site(t, csrf.Options{Secure: true, SessionCookie: "__Host-session", TrustedOrigins: []string{"https://trusted.example"}})
	token, cookie := open(t, handler)
	otherToken, otherCookie := open(t, handler)
	session := &http.Cookie{Name: "__Host-session", Value: "x"}

	cases := map[string]struct {
		method  string // POST by default
		header  map[string]string
		cookies []*http.Cookie
		token   string
		want    string // "" passes, else part of the reason
	}{
		"same origin with token":          {header: map[string]string{"Sec-Fetch-Site": "same-origin"}, cookies: []*http.Cookie{session, cookie}, token: token},
		"typed by the user":               {header: map[string]string{"Sec-Fetch-Site": "none"}, cookies: []*http.Cookie{session, cookie}, token: token},
		"old browser with token":          {header: map[string]string{"Origin": "https://example.com"}, cookies: []*http.Cookie{session, cookie}, token: token},
		"no browser, with token":          {cookies: []*http.Cookie{cookie}, token: token},
		"trusted origin with token":       {header: map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://trusted.example"}, cookies: []*http.Cookie{session, cookie}, token: token},
		"same origin, no session":         {header: map[string]string{"Sec-Fetch-Site": "same-origin"}},
		"old browser, no session":         {header: map[string]string{"Origin": "https://example.com"}},
		"no token":                        {header: map[string]string{"Sec-Fetch-Site": "same-origin"}, cookies: []*http.Cookie{session, cookie}, want: "token is missing"},
		"no cookie":                       {header: map[string]string{"Sec-Fetch-Site": "same-origin"}, cookies: []*http.Cookie{session}, token: token, want: "cookie is missing"},
		"another visitor's token":         {header: map[string]string{"Sec-Fetch-Site": "same-origin"}, cookies: []*http.Cookie{session, cookie}, token: otherToken, want: "does not match"},
		"another visitor's cookie":        {header: map[string]string{"Sec-Fetch-Site": "same-origin"}, cookies: []*http.Cookie{session, otherCookie}, token: token, want: "does not match"},
		"the cookie as token":             {header: map[string]string{"Sec-Fetch-Site": "same-origin"}, cookies: []*http.Cookie{session, cookie}, token: cookie.Value, want: "does not match"},
		"changed token":                   {header: map[string]string{"Sec-Fetch-Site": "same-origin"}, cookies: []*http.Cookie{session, cookie}, token: "A" + token[1:len(token)-1] + "A", want: "does not match"},
		"broken cookie":                   {header: map[string]string{"Sec-Fetch-Site": "same-origin"}, cookies: []*http.Cookie{session, {Name: cookie.Name, Value: "x"}}, token: token, want: "cookie is missing"},
		"no browser, no token":            {want: "cookie is missing"},
		"cross-site with token":           {header: map[string]string{"Sec-Fetch-Site": "cross-site"}, cookies: []*http.Cookie{session, cookie}, token: token, want: "another site"},
		"cross-site without session":      {header: map[string]string{"Sec-Fetch-Site": "cross-site"}, want: "another site"},
		"same-site with token":            {header: map[string]string{"Sec-Fetch-Site": "same-site"}, cookies: []*http.Cookie{session, cookie}, token: token, want: "another site"},
		"unknown Sec-Fetch-Site":          {header: map[string]string{"Sec-Fetch-Site": "sideways"}, cookies: []*http.Cookie{session, cookie}, token: token, want: "another site"},
		"origin null":                     {header: map[string]string{"Origin": "null"}, cookies: []*http.Cookie{session, cookie}, token: token, want: "another site"},
		"other origin":                    {header: map[string]string{"Origin": "https://evil.example"}, cookies: []*http.Cookie{session, cookie}, token: token, want: "another site"},
		"origin with the host in front":   {header: map[string]string{"Origin": "https://example.com.evil.example"}, token: token, cookies: []*http.Cookie{cookie}, want: "another site"},
		"login from another site":         {header: map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, want: "another site"},
		"PUT is unsafe":                   {method: http.MethodPut, header: map[string]string{"Sec-Fetch-Site": "cross-site"}, want: "another site"},
		"DELETE is unsafe":                {method: http.MethodDelete, cookies: []*http.Cookie{session, cookie}, header: map[string]string{"Sec-Fetch-Site": "same-origin"}, want: "token is missing"},
		"an invented method is unsafe":    {method: "BREW", header: map[string]string{"Sec-Fetch-Site": "cross-site"}, want: "another site"},
		"method override does not matter": {method: http.MethodPost, header: map[string]string{"X-HTTP-Method-Override": "GET", "Sec-Fetch-Site": "cross-site"}, want: "another site"},
		"HEAD is safe":                    {method: http.MethodHead, header: map[string]string{"Sec-Fetch-Site": "cross-site"}},
		"GET is safe":                     {method: http.MethodGet, header: map[string]string{"Sec-Fetch-Site": "cross-site"}},
	}
	for name, c := range cases {
		for _, where := range []string{"form", "header"} {
			t.Run(name+" in the "+where, func(t *testing.T) {
				t.Parallel()
				form := url.Values{"name": {"x"}}
				if where == "form" && c.token != "" {
					form.Set(csrf.FieldName, c.token)
				}
				method := c.method
				if method == "" {
					method = http.MethodPost
				}
				r := httptest.NewRequest(method, "https://example.com/", strings.NewReader(form.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				if where == "header" {
					r.Header.Set(csrf.HeaderName, c.token)
				}
				for key, value := range c.header {
					r.Header.Set(key, value)
				}
				for _, cookie := range c.cookies {
					r.AddCookie(cookie)
				}
				if method == http.MethodDelete {
					r.Header.Del("Content-Type")
				}
				recorder := httptest.NewRecorder()
				handler.ServeHTTP(recorder, r)
				body := recorder.Body.String()
				if c.want == "" && (recorder.Code != http.StatusOK || method == http.MethodPost && body != "changed x") {
					t.Errorf("got %d %q, want it to pass", recorder.Code, body)
				}
				if c.want != "" && (recorder.Code != http.StatusForbidden || !strings.Contains(body, c.want)) {
					t.Errorf("got %d %q, want 403 because %q", recorder.Code, body, c.want)
				}
			})
		}
	}
}

func TestJSONInDisguiseNeedsTheHeader(t *testing.T) {
	t.Parallel()
	handler := site(t, csrf.Options{})
	token, cookie := open(t, handler)
	r := httptest.NewRequest(http.MethodPost, "https://example.com/", strings.NewReader(`{"csrf_token=`+token+`&":1}`))
	r.Header.Set("Content-Type", "text/plain")
	r.AddCookie(cookie)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, r)
	if recorder.Code != http.StatusForbidden {
		t.Errorf("got %d, want 403", recorder.Code)
	}
}

func TestTheTokenIsNotTakenFromTheURL(t *testing.T) {
	t.Parallel()
	handler := site(t, csrf.Options{})
	token, cookie := open(t, handler)
	r := httptest.NewRequest(http.MethodPost, "https://example.com/?csrf_token="+token, strings.NewReader("a=b"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(cookie)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, r)
	if recorder.Code != http.StatusForbidden {
		t.Errorf("got %d, want 403", recorder.Code)
	}
}

func TestMultipartFormsBringTheToken(t *testing.T) {
	t.Parallel()
	handler := site(t, csrf.Options{})
	token, cookie := open(t, handler)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("name", "x")
	_ = form.WriteField(csrf.FieldName, token)
	_ = form.Close()
	send := func(limit int64) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "https://example.com/", nil)
		recorder := httptest.NewRecorder()
		r.Body = http.MaxBytesReader(recorder, io.NopCloser(bytes.NewReader(body.Bytes())), limit)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.AddCookie(cookie)
		handler.ServeHTTP(recorder, r)
		return recorder
	}
	if got := send(1 << 20); got.Code != http.StatusOK || got.Body.String() != "changed x" {
		t.Errorf("got %d %q", got.Code, got.Body)
	}
	if got := send(100); got.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a form over the limit: got %d %q, want 413", got.Code, got.Body)
	}
}

func TestTokensDifferAndTheCookieIsSetOnce(t *testing.T) {
	t.Parallel()
	handler := site(t, csrf.Options{Secure: true})
	first, cookie := open(t, handler)
	if cookie.Name != "__Host-csrf" || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
		t.Errorf("cookie %+v", cookie)
	}
	r := httptest.NewRequest(http.MethodGet, "https://example.com/", nil)
	r.AddCookie(cookie)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, r)
	if recorder.Body.String() == first {
		t.Error("the token is the same twice")
	}
	header := recorder.Result().Header
	if header.Get("Set-Cookie") != "" {
		t.Error("the cookie is sent again")
	}
	if header.Get("Vary") != "Cookie" || header.Get("Cache-Control") != "private" {
		t.Errorf("a page with a token may be shared: %v", header)
	}
}

func TestPagesWithoutTokenStayUntouched(t *testing.T) {
	t.Parallel()
	protect, err := csrf.Protect(csrf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	protect(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })).
		ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	if len(recorder.Result().Header) != 0 {
		t.Errorf("header %v", recorder.Result().Header)
	}
}

func TestRotateMakesOldTokensWorthless(t *testing.T) {
	t.Parallel()
	protect, err := csrf.Protect(csrf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	handler := protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := csrf.Token(r)
		if r.URL.Path == "/login" {
			csrf.Rotate(r)
			token = csrf.Token(r)
		}
		_, _ = io.WriteString(w, token)
	}))
	old, cookie := open(t, handler)
	login := httptest.NewRequest(http.MethodGet, "/login", nil)
	login.AddCookie(cookie)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, login)
	cookies := recorder.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Value == cookie.Value {
		t.Fatalf("Rotate set %v", cookies)
	}
	for token, want := range map[string]int{old: http.StatusForbidden, recorder.Body.String(): http.StatusOK} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set(csrf.HeaderName, token)
		r.AddCookie(cookies[0])
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if answer.Code != want {
			t.Errorf("token %.6s…: got %d, want %d", token, answer.Code, want)
		}
	}
	csrf.Rotate(httptest.NewRequest(http.MethodGet, "/", nil)) // without the middleware: nothing
}

func TestExempt(t *testing.T) {
	t.Parallel()
	handler := site(t, csrf.Options{Exempt: func(r *http.Request) bool { return r.Header.Get("X-Reaches") == "hook" }})
	for reaches, want := range map[string]int{"hook": 200, "": 403} {
		r := httptest.NewRequest(http.MethodPost, "https://example.com/", nil)
		r.Header.Set("X-Reaches", reaches)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		if recorder.Code != want {
			t.Errorf("%q: status %d, want %d", reaches, recorder.Code, want)
		}
	}
}

func TestWrongOptionsAreNamed(t *testing.T) {
	t.Parallel()
	for part, o := range map[string]csrf.Options{
		`"shop.example.com"`: {TrustedOrigins: []string{"shop.example.com"}},
	} {
		if _, err := csrf.Protect(o); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%+v: error %v, want one that names %s", o, err, part)
		}
	}
}

func TestFieldIsAHiddenInput(t *testing.T) {
	t.Parallel()
	if got := csrf.Field(httptest.NewRequest(http.MethodGet, "/", nil)); got != `<input type="hidden" name="csrf_token" value="">` {
		t.Errorf("Field = %s", got)
	}
}

func FuzzToken(f *testing.F) {
	protect, err := csrf.Protect(csrf.Options{})
	if err != nil {
		f.Fatal(err)
	}
	handler := protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	secret := strings.Repeat("A", 43)
	f.Add(strings.Repeat("A", 86), "csrf="+secret)
	f.Add("x", "csrf=x; csrf=")
	f.Fuzz(func(t *testing.T, token, cookies string) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header["Cookie"] = []string{cookies}
		r.Header[csrf.HeaderName] = []string{token}
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		if recorder.Code == http.StatusOK && len(token) != 86 {
			t.Fatalf("the token %q was accepted", token)
		}
	})
}

// strange is an error of the body with a status.
type strange struct{}

func (strange) Error() string   { return "strange" }
func (strange) HTTPStatus() int { return http.StatusTeapot }

func TestHalfAFormIsRefused(t *testing.T) {
	t.Parallel()
	handler := site(t, csrf.Options{})
	token, cookie := open(t, handler)
	const plain, files = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
	part := func(name, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n" + value + "\r\n"
	}
	field := csrf.FieldName + "=" + token
	for name, c := range map[string]struct {
		contentType, query string
		body               io.Reader
		want               int
	}{
		"whole":                       {plain, "", strings.NewReader(field + "&name=x"), http.StatusOK},
		"whole, with a broken query":  {plain, "?a=%zz;b", strings.NewReader(field + "&name=x"), http.StatusOK},
		"a broken escape":             {plain, "", strings.NewReader(field + "&name=%zz"), http.StatusBadRequest},
		"a semicolon":                 {plain, "", strings.NewReader(field + "&a;name=x"), http.StatusBadRequest},
		"cut off":                     {plain, "", io.MultiReader(strings.NewReader(field+"&name=x"), iotest.ErrReader(io.ErrUnexpectedEOF)), http.StatusBadRequest},
		"an error of its own":         {plain, "", iotest.ErrReader(strange{}), http.StatusTeapot},
		"files, whole":                {files, "", strings.NewReader(part(csrf.FieldName, token) + part("name", "x") + "--b--"), http.StatusOK},
		"files, with a broken query":  {files, "?a=%zz", strings.NewReader(part(csrf.FieldName, token) + part("name", "x") + "--b--"), http.StatusOK},
		"files, without end":          {files, "", strings.NewReader(part(csrf.FieldName, token) + part("name", "x")), http.StatusBadRequest},
		"files, without boundary":     {"multipart/form-data", "", strings.NewReader(part(csrf.FieldName, token)), http.StatusBadRequest},
		"files, too many":             {files, "", strings.NewReader(part(csrf.FieldName, token) + strings.Repeat(part("a", ""), 1000) + "--b--"), http.StatusRequestEntityTooLarge},
		"files, an error of its own":  {files, "", io.MultiReader(strings.NewReader(part(csrf.FieldName, token)), iotest.ErrReader(strange{})), http.StatusTeapot},
		"files, a full disk":          {files, "", io.MultiReader(strings.NewReader(part(csrf.FieldName, token)), iotest.ErrReader(&fs.PathError{Op: "write", Path: "x", Err: io.ErrShortWrite})), http.StatusInternalServerError},
		"another type has no token":   {"text/plain", "", strings.NewReader(field), http.StatusForbidden},
		"a type that cannot be read":  {"multipart/", "", strings.NewReader(field), http.StatusForbidden},
		"a token that does not match": {plain, "", strings.NewReader(field[:len(field)-4] + "AAAA"), http.StatusForbidden},
		"files that bring no token":   {files, "", strings.NewReader(part("name", "x") + "--b--"), http.StatusForbidden},
		"files in another kind":       {"multipart/mixed; boundary=b", "", strings.NewReader(part(csrf.FieldName, token) + "--b--"), http.StatusForbidden},
	} {
		r := httptest.NewRequest(http.MethodPost, "https://example.com/"+c.query, c.body)
		r.Header.Set("Content-Type", c.contentType)
		r.AddCookie(cookie)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		if recorder.Code != c.want || c.want == http.StatusOK && recorder.Body.String() != "changed x" {
			t.Errorf("%s: %d %q, want %d", name, recorder.Code, recorder.Body, c.want)
		}
	}
}

func TestTemporaryFilesOfTheCheckAreRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	handler := site(t, csrf.Options{})
	token, cookie := open(t, handler)
	for name, field := range map[string]string{"refused": "x", "accepted": csrf.FieldName} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField(field, token)
		part, _ := form.CreateFormFile("file", "large")
		_, _ = part.Write(make([]byte, 2<<20))
		_ = form.Close()
		r := httptest.NewRequest(http.MethodPost, "https://example.com/", &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.AddCookie(cookie)
		handler.ServeHTTP(httptest.NewRecorder(), r)
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("%s: left behind %v", name, left)
		}
	}
}
