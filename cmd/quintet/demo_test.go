package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/command"
)

// patience returns how long a test waits for what takes seconds on an idle machine, such as a build: until shortly before
// go test would end the test, or ten minutes if it never would. A build with an empty cache can take that long on a machine
// that is busy with other work, so a shorter limit would measure the machine.
func patience(t *testing.T) time.Duration {
	t.Helper()
	if deadline, ok := t.Deadline(); ok {
		return max(time.Until(deadline)-time.Minute, time.Minute)
	}
	return 10 * time.Minute
}

// output is written by a command and read by a test.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// background runs a command until stop is called, which returns the exit status. It waits for the pattern in what the
// command writes, and returns its first group.
func background(t *testing.T, pattern string, args ...string) (found string, out *output, stop func() int) {
	t.Helper()
	out = &output{}
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() { code <- run(ctx, args, command.Call{In: strings.NewReader(""), Out: out, Err: out}) }()
	stop = sync.OnceValue(func() int {
		cancel()
		select {
		case c := <-code:
			return c
		case <-time.After(patience(t)):
			t.Errorf("%v does not end:\n%s", args, out)
			return -1
		}
	})
	t.Cleanup(func() { stop() })
	expression := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(patience(t)); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if m := expression.FindStringSubmatch(out.String()); m != nil {
			return m[1], out, stop
		}
		select {
		case c := <-code:
			code <- c
			t.Fatalf("%v ended with status %d:\n%s", args, c, out)
		default:
		}
	}
	t.Fatalf("%v did not say %s:\n%s", args, pattern, out)
	return "", out, stop
}

func get(t *testing.T, client *http.Client, address string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestDemoRunsAndKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	base, out, stop := background(t, `Site +(http://\S+)/\n(?s:.*)Ctrl-C`, "demo", "--addr", "127.0.0.1:0", "--dir", dir, "--password", "pässword & more")
	for path, want := range map[string]string{"/": "Lantern Street", "/admin/login/": "password", "/sitemap.xml": "<urlset", "/feed.rss": "<rss", "/feed.atom": "<feed", "/feed.json": "jsonfeed"} {
		if code, body := get(t, http.DefaultClient, base+path); code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s answers %d without %s", path, code, want)
		}
	}
	for _, want := range []string{base + "/admin/", base + "/sitemap.xml", base + "/feed.rss", "User      admin", "Password  pässword & more", dir} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s was not printed:\n%s", want, out)
		}
	}
	logIn(t, base, "pässword & more")
	if code := stop(); code != 0 || !strings.Contains(out.String(), "Stopped") {
		t.Errorf("status %d after the end:\n%s", code, out)
	}
	if info, err := os.Stat(filepath.Join(dir, "password")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the password's file: %v %v", info, err)
	}

	base, out, stop = background(t, `Site +(http://\S+)/\n(?s:.*)Ctrl-C`, "demo", "--addr", "127.0.0.1:0", "--dir", dir)
	if !strings.Contains(out.String(), "Password  pässword & more") {
		t.Errorf("the password was not kept:\n%s", out)
	}
	if _, body := get(t, http.DefaultClient, base+"/"); !strings.Contains(body, "89 posts") {
		t.Error("the data was not kept as it was")
	}
	logIn(t, base, "pässword & more")
	if code := stop(); code != 0 {
		t.Errorf("status %d after the end", code)
	}
}

var token = regexp.MustCompile(`name="csrf_token" value="([^"]+)"`)

// logIn logs in to the admin as a browser would.
func logIn(t *testing.T, base, password string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	_, page := get(t, client, base+"/admin/login/")
	m := token.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no token in\n%s", page)
	}
	form := url.Values{"csrf_token": {m[1]}, "username": {"admin"}, "password": {password}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/admin/login/", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.Request.URL.Path != "/admin/" || !strings.Contains(string(body), "/admin/blog/post/") {
		t.Errorf("no login: status %d at %s, %v", response.StatusCode, response.Request.URL, err)
	}
}
