package serve_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/strict"
	"github.com/quintetgo/quintet/framework/web"
)

// Limits of the attacked project, small so that attacks exceed them soon.
const (
	mostBody = 64 << 10
	mostForm = 32 << 10
)

// attacked returns a project with views that handle bodies in three ways. Each view sets a header, which shows that
// it ran.
func attacked() *framework.Project {
	view := func(name string, fn func(r *http.Request) error) web.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) error {
			if err := fn(r); err != nil {
				return err
			}
			w.Header().Set("X-Ran", name)
			return web.Text(w, fmt.Sprint(len(r.URL.Query()), len(r.PostForm), len(r.Cookies())))
		}
	}
	return framework.New(framework.Settings{
		AllowedHosts: []string{"x"}, MaxBody: mostBody, MaxForm: mostForm, Logger: slog.New(slog.DiscardHandler),
		Routes: func(r *web.Router) {
			r.Any("/", view("careless", func(r *http.Request) error {
				_ = r.FormValue("a")
				return nil
			}))
			r.Post("/careful", view("careful", func(r *http.Request) error {
				if err := r.ParseMultipartForm(1 << 10); !errors.Is(err, http.ErrNotMultipart) {
					return err
				}
				return nil
			}))
			r.Post("/stream", view("stream", func(r *http.Request) error {
				_, err := io.Copy(io.Discard, r.Body)
				return err
			}))
		},
	})
}

// modes returns the ways in which the project is served.
func modes() map[string]server.Options {
	list := map[string]server.Options{"plain": {}, "strict": {Strict: &strict.Options{}}, "strict with long lines": {Strict: &strict.Options{MaxLine: 30 << 10}}}
	for name, options := range list {
		options.Timeouts.Read, options.Log.Logger, options.Timeouts.Grace = 20*time.Second, slog.New(slog.DiscardHandler), -1
		list[name] = options
	}
	return list
}

// An attack is what is sent, and the status of the response when the project is served by default, strictly, and
// strictly with long lines if that differs. Status 0 is a closed connection, 200 means that the request is
// acceptable.
type attack struct {
	text                string
	more                int // bytes of "x" in chunks of 8000 that follow, while the server reads
	finish              bool
	plain, strict, long int
}

const (
	postHead = " HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
	urlForm  = "Content-Type: application/x-www-form-urlencoded\r\n"
	fileForm = "Content-Type: multipart/form-data; boundary=b\r\n"
)

// sized returns a request with a Content-Length.
func sized(path, fields, body string) string {
	return "POST " + path + postHead + fields + "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
}

// chunked returns a request with a chunked body, without its end.
func chunked(path, fields, body string) string {
	return "POST " + path + postHead + fields + "Transfer-Encoding: chunked\r\n\r\n" + chunk(body)
}

func chunk(text string) string {
	return strconv.FormatInt(int64(len(text)), 16) + "\r\n" + text + "\r\n"
}

func part(header, content string) string { return "--b\r\n" + header + "\r\n\r\n" + content + "\r\n" }

func attacks() map[string]attack {
	get := func(target, fields string) string {
		return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n"
	}
	lineOf := func(n int) string { return "/?" + strings.Repeat("a", n-len("GET /? HTTP/1.1")) }
	const named = "Content-Disposition: form-data; name=a"
	list := map[string]attack{
		"a line of 4094 bytes":     {text: get(lineOf(4094), "Connection: close\r\n"), plain: 200, strict: 200},
		"a line of 4095 bytes":     {text: get(lineOf(4095), "Connection: close\r\n"), plain: 200, strict: 414, long: 200},
		"a line beyond all":        {text: get(lineOf(80<<10), ""), plain: 414, strict: 414},
		"100 fields":               {text: get("/", strings.Repeat("X-A: b\r\n", 98)+"Connection: close\r\n"), plain: 200, strict: 200},
		"101 fields":               {text: get("/", strings.Repeat("X-A: b\r\n", 99)+"Connection: close\r\n"), plain: 431, strict: 431},
		"a field of 8191 bytes":    {text: get("/", "X-A: "+strings.Repeat("b", 8186)+"\r\nConnection: close\r\n"), plain: 200, strict: 431},
		"a head beyond all":        {text: get("/", strings.Repeat("X-A: "+strings.Repeat("b", 8000)+"\r\n", 9)), plain: 431, strict: 431},
		"10,001 query parameters":  {text: get("/?"+strings.Repeat("a&", 10_000)+"a", ""), plain: 400, strict: 414, long: 400},
		"10,001 form fields":       {text: sized("/", urlForm, strings.Repeat("a&", 10_000)+"a"), plain: 400, strict: 400},
		"3001 cookies":             {text: get("/", "Cookie: "+strings.Repeat("a;", 3000)+"a\r\n"), plain: 400, strict: 400},
		"3001 cookies in 2 fields": {text: get("/", strings.Repeat("Cookie: "+strings.Repeat("a=b;", 1500)+"a=b\r\n", 2)), plain: 400, strict: 400},

		"a body that is said to be too large":        {text: "POST /stream" + postHead + "Content-Length: 1073741824\r\n\r\n", plain: 413, strict: 413},
		"a body that becomes too large":              {text: chunked("/stream", "", "x"), more: 1 << 20, plain: 413, strict: 413},
		"a form that is said to be too large":        {text: sized("/", urlForm, "a="+strings.Repeat("x", mostForm)), plain: 413, strict: 413},
		"a form that becomes too large":              {text: chunked("/", urlForm, "a="), more: 1 << 20, plain: 413, strict: 413},
		"a form that becomes too large, with errors": {text: chunked("/careful", urlForm, "a="), more: 1 << 20, plain: 413, strict: 413},
		"a length beyond what comes":                 {text: "POST /" + postHead + urlForm + "Content-Length: 100\r\n\r\na=1", finish: true, plain: 400, strict: 400},
		"a length beyond what comes, and waiting":    {text: "POST /" + postHead + urlForm + "Content-Length: 100\r\n\r\na=1", plain: 408, strict: 408},
		"a length that takes in the next request":    {text: "POST /" + postHead + urlForm + "Content-Length: 60\r\n\r\na=1" + get("/", ""), finish: true, plain: 400, strict: 400},
		"chunks without end":                         {text: chunked("/", urlForm, "a=1"), finish: true, plain: 400, strict: 400},
		"chunks that lie":                            {text: "POST /" + postHead + urlForm + "Transfer-Encoding: chunked\r\n\r\n2\r\na=1\r\n0\r\n\r\n", finish: true, plain: 400, strict: 400},

		"a hundred thousand parts": {text: chunked("/careful", fileForm, strings.Repeat("--b\r\n\r\n\r\n", 1100)), more: 1 << 20, plain: 400, strict: 400},
		"a part with a long head":  {text: chunked("/careful", fileForm, "--b\r\n"+strings.Repeat("X-A: b\r\n", 2000)), more: 1 << 20, plain: 400, strict: 400},
		"a part without end":       {text: chunked("/careful", fileForm, "--b\r\n"+named+"\r\n\r\n"), more: 1 << 30, plain: 413, strict: 413},
		"a file without end":       {text: chunked("/careful", fileForm, "--b\r\n"+named+"; filename=f\r\n\r\n"), more: 1 << 30, plain: 413, strict: 413},
		"a form cut off":           {text: sized("/careful", fileForm, part(named+"; filename=f", strings.Repeat("x", 4<<10))), plain: 400, strict: 400},
		"a nested form":            {text: sized("/careful", fileForm, part(named+"\r\nContent-Type: multipart/mixed; boundary=c", strings.Repeat("--c\r\n\r\n", 5<<10))), plain: 413, strict: 413},
		"a NUL in a name":          {text: sized("/careful", fileForm, part(named+"; filename=\"a\x00b\"", "x")+"--b--"), plain: 400, strict: 400},
		"a way out in a name":      {text: sized("/careful", fileForm+"Connection: close\r\n", part(named+"; filename=\"../../../../tmp/evil\"", strings.Repeat("x", 4<<10))+"--b--"), plain: 200, strict: 200},
	}
	for name, a := range list {
		if a.long == 0 {
			a.long = a.strict
		}
		list[name] = a
	}
	return list
}

// send attacks a server and returns the status and the view that ran. It returns an error if the connection stays
// open after a rejection.
func (a attack) send(addr string) (status int, ran string, err error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return 0, "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	go func() {
		_, err := io.WriteString(conn, a.text)
		for sent := 0; sent < a.more && err == nil; sent += 8000 {
			_, err = io.WriteString(conn, chunk(strings.Repeat("x", 8000)))
		}
		if a.finish && err == nil {
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, "", err
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return response.StatusCode, "", err
	}
	if response.StatusCode == http.StatusOK {
		return response.StatusCode, response.Header.Get("X-Ran"), nil
	}
	n, err := conn.Read(make([]byte, 1))
	switch {
	case n > 0:
		err = errors.New("there is a second answer")
	case !os.IsTimeout(err):
		err = nil
	}
	return response.StatusCode, response.Header.Get("X-Ran"), err
}

func (a attack) want(mode string) int {
	switch mode {
	case "plain":
		return a.plain
	case "strict":
		return a.strict
	}
	return a.long
}

func TestAttacksOnAWholeProject(t *testing.T) {
	t.Parallel()
	for mode, options := range modes() {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			project := attacked()
			if err := project.Err(); err != nil {
				t.Fatal(err)
			}
			addr := start(t, project, options)
			for name, a := range attacks() {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					status, ran, err := a.send(addr)
					want := a.want(mode)
					if early := !strings.HasPrefix(a.text, "POST"); status != want || err != nil || want == http.StatusOK && ran == "" || want != http.StatusOK && early && ran != "" {
						t.Errorf("status %d from %q, %v; want %d", status, ran, err, want)
					}
				})
			}
		})
	}
}

// TestWhatFollowsABodyIsNoRequest sends more than the announced length. The rest is malformed, and must neither reach
// a view nor change the first request.
func TestWhatFollowsABodyIsNoRequest(t *testing.T) {
	t.Parallel()
	for mode, options := range modes() {
		addr := start(t, attacked(), options)
		for _, rest := range []string{"&b=2", "&b=2\r\n\r\n", "x GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x00\x00", "--b--\r\n\r\n", ": b\r\n\r\n"} {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(patience))
			fmt.Fprint(conn, "POST /"+postHead+urlForm+"Content-Length: 3\r\n\r\na=1"+rest)
			_ = conn.(*net.TCPConn).CloseWrite()
			answers := bufio.NewReader(conn)
			first, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			if text, _ := io.ReadAll(first.Body); first.StatusCode != http.StatusOK || string(text) != "0 1 0" {
				t.Errorf("%s, %q: the first request got %d %q", mode, rest, first.StatusCode, text)
			}
			if second, err := http.ReadResponse(answers, nil); err == nil && (second.StatusCode != http.StatusBadRequest || !second.Close || second.Header.Get("X-Ran") != "") {
				t.Errorf("%s, %q: the rest got %d from %q", mode, rest, second.StatusCode, second.Header.Get("X-Ran"))
			}
		}
	}
}
