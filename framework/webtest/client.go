package webtest

import (
	"bytes"
	"crypto/tls"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Client sends requests to one handler, as one browser would. It is not safe for concurrent use.
type Client struct {
	Host   string      // the host of requests; New sets "localhost"
	Secure bool        // whether requests use https; default: false
	Header http.Header // sent with every request

	t       testing.TB
	handler http.Handler
	jar     *cookiejar.Jar
	token   string
}

// New returns a client of handler, with no cookies.
func New(t testing.TB, handler http.Handler) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{Host: "localhost", Header: http.Header{}, t: t, handler: handler, jar: jar}
}

// Get sends a GET request for a target, which is a path with an optional query.
func (c *Client) Get(target string) *Response { return c.Do(c.Request(http.MethodGet, target, nil)) }

// Post submits a form. The CSRF token of the last page is added unless values has one.
func (c *Client) Post(target string, values url.Values) *Response {
	body := url.Values{}
	for name, list := range values {
		body[name] = list
	}
	if c.token != "" && !body.Has(tokenField) {
		body.Set(tokenField, c.token)
	}
	r := c.Request(http.MethodPost, target, strings.NewReader(body.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Do(r)
}

// File is a file to upload.
type File struct {
	Field, Name, Type string // Type is the content type; "" means application/octet-stream
	Content           []byte
}

// Upload submits a form with files, as multipart/form-data, with the token as Post does.
func (c *Client) Upload(target string, values url.Values, files ...File) *Response {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	field := func(name, value string) {
		if err := form.WriteField(name, value); err != nil {
			c.t.Fatal(err)
		}
	}
	if c.token != "" && !values.Has(tokenField) {
		field(tokenField, c.token)
	}
	for name, list := range values {
		for _, value := range list {
			field(name, value)
		}
	}
	for _, file := range files {
		kind := file.Type
		if kind == "" {
			kind = "application/octet-stream"
		}
		part, err := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {multipart.FileContentDisposition(file.Field, file.Name)},
			"Content-Type":        {kind},
		})
		if err == nil {
			_, err = part.Write(file.Content)
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		c.t.Fatal(err)
	}
	r := c.Request(http.MethodPost, target, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return c.Do(r)
}

// Request returns a request as the client would send it, for tests that change it before Do. It has no
// CSRF token.
func (c *Client) Request(method, target string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, target, body)
	r.Host = c.Host
	for name, list := range c.Header {
		r.Header[name] = list
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method != http.MethodGet && method != http.MethodHead {
		r.Header.Set("Origin", c.origin())
	}
	if c.Secure {
		r.TLS = &tls.ConnectionState{HandshakeComplete: true}
	}
	return r.WithContext(c.t.Context())
}

// Do sends a request with the client's cookies and stores those of the response.
func (c *Client) Do(r *http.Request) *Response {
	address := c.address(r.URL)
	for _, cookie := range c.jar.Cookies(address) {
		r.AddCookie(cookie)
	}
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, r)
	result := recorder.Result()
	c.jar.SetCookies(address, result.Cookies())
	response := &Response{Status: result.StatusCode, Header: result.Header, Body: recorder.Body.String(), client: c, request: r}
	if match := tokenPattern.FindStringSubmatch(response.Body); match != nil {
		c.token = html.UnescapeString(match[1])
	}
	return response
}

// Token returns the CSRF token of the last page, or "".
func (c *Client) Token() string { return c.token }

// Cookies returns the cookies that the client would send to a path.
func (c *Client) Cookies(path string) []*http.Cookie {
	return c.jar.Cookies(c.address(&url.URL{Path: path}))
}

// SetCookie adds a cookie to the client.
func (c *Client) SetCookie(cookie *http.Cookie) {
	if cookie.Path == "" {
		cookie.Path = "/"
	}
	c.jar.SetCookies(c.address(&url.URL{Path: "/"}), []*http.Cookie{cookie})
}

func (c *Client) origin() string {
	if c.Secure {
		return "https://" + c.Host
	}
	return "http://" + c.Host
}

func (c *Client) address(u *url.URL) *url.URL {
	address, err := url.Parse(c.origin())
	if err != nil {
		c.t.Fatal(err)
	}
	address.Path = u.Path
	return address
}

const tokenField = "csrf_token"

// tokenPattern finds the hidden field with the token, as csrf.Field writes it.
var tokenPattern = regexp.MustCompile(`<input[^>]*name="` + tokenField + `"[^>]*value="([^"]*)"`)
