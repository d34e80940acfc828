package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
	"github.com/quintetgo/quintet/framework/devserver"
)

// TestANewProjectRuns follows a new user: a project, the development server, the one-time link, a change, and an error.
func TestANewProjectRuns(t *testing.T) {
	t.Parallel()
	origin, err := scaffold.FindOrigin()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "shop")
	if err := (scaffold.Project{Name: "shop", Dir: dir, Origin: origin}).Write(); err != nil {
		t.Fatal(err)
	}
	out := &output{}
	done := make(chan struct{})
	var runErr error
	go func() {
		defer close(done)
		runErr = devserver.Run(t.Context(), devserver.Options{Dir: dir, Addr: "127.0.0.1:0", Out: out, Err: out})
	}()
	t.Cleanup(func() { <-done })
	setup := regexp.MustCompile(`Create one at (http://127\.0\.0\.1:\d+)(/\S+)`)
	var m []string
	for deadline := time.Now().Add(patience(t)); m == nil && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		m = setup.FindStringSubmatch(out.String())
		select {
		case <-done:
			t.Fatalf("%v\n%s", runErr, out)
		default:
		}
	}
	if m == nil {
		t.Fatalf("no link was printed:\n%s", out)
	}
	base := m[1]
	for path, want := range map[string]string{"/": "It works", "/admin/": "Log in", m[2]: "superuser"} {
		if code, body := get(t, http.DefaultClient, base+path); code != http.StatusOK || !strings.Contains(body, want) || !strings.Contains(body, "/__quintet/reload.js") {
			t.Errorf("%s answers %d without %s or the reload script:\n%s", path, code, want, body)
		}
	}
	file := filepath.Join(dir, "templates", "home.html")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct {
		text string
		code int
		want string
	}{
		{strings.ReplaceAll(string(page), "It works", "It runs"), http.StatusOK, "It runs"},
		{strings.ReplaceAll(string(page), "{{ end }}", "{{ edn }}"), http.StatusInternalServerError, "home.html"},
		{string(page), http.StatusOK, "It works"},
	} {
		if err := os.WriteFile(file, []byte(change.text), 0o644); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(patience(t)); ; time.Sleep(20 * time.Millisecond) { // the watcher's turn
			code, body := get(t, http.DefaultClient, base+"/")
			if code == change.code && strings.Contains(body, change.want) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("status %d without %s:\n%s", code, change.want, body)
			}
		}
	}
}
