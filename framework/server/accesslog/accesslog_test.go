package accesslog_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/accesslog"
	"github.com/quintetgo/quintet/framework/server/exchange"
)

func open(t *testing.T, format string) (path string, log *accesslog.Log, h http.Handler) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "access.log")
	log, err := accesslog.Open(path, format, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return path, log, exchange.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if x := exchange.From(r.Context()); r.URL.Path == "/noted" {
			x.Note(exchange.Notes{Route: "/{name}", Client: "203.0.113.9", RequestID: "abc"})
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, "hello")
	}), log)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestCombined(t *testing.T) {
	t.Parallel()
	path, log, h := open(t, "")
	r := httptest.NewRequest("GET", "/noted?token=secret", nil)
	r.Header.Set("Referer", "https://example.com/a?token=secret")
	r.Header.Set("User-Agent", "a \"b\"\\ \x1b[31m\n1.2.3.4 - - é")
	h.ServeHTTP(httptest.NewRecorder(), r)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil))
	_ = log.Close()
	want := regexp.MustCompile(`^203\.0\.113\.9 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "GET /noted HTTP/1\.1" 201 5 "https://example\.com/a" "a \\x22b\\x22\\x5C \\x1B\[31m\\x0A1\.2\.3\.4 - - \\xC3\\xA9"
192\.0\.2\.1 - - \[[^]]+\] "POST / HTTP/1\.1" 201 5 "-" "-"
$`)
	if text := read(t, path); !want.MatchString(text) {
		t.Errorf("got\n%s", text)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	path, log, h := open(t, "json")
	r := httptest.NewRequest("GET", "/noted?token=secret", nil)
	r.Header.Set("User-Agent", "a\n{\"status\":1}\xff\u2028")
	h.ServeHTTP(httptest.NewRecorder(), r)
	_ = log.Close()
	text := read(t, path)
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil || strings.Count(text, "\n") != 1 {
		t.Fatalf("%v: %s", err, text)
	}
	for name, want := range map[string]any{"client": "203.0.113.9", "method": "GET", "path": "/noted", "route": "/{name}", "status": 201.0, "bytes": 5.0, "request_id": "abc", "host": "example.com"} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}

func TestLinesAreWrittenSoonAndTheFileIsReopened(t *testing.T) {
	t.Parallel()
	path, log, h := open(t, "combined")
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/one", nil))
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(read(t, path), "/one"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the line was not written")
		}
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/two", nil))
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	if err := log.Reopen(); err != nil {
		t.Fatal(err)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/three", nil))
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/late", nil))
	if old, now := read(t, path+".1"), read(t, path); !strings.Contains(old, "/two") || strings.Contains(old, "/three") || !strings.Contains(now, "/three") || strings.Contains(now, "/late") {
		t.Errorf("old file:\n%snew file:\n%s", old, now)
	}
	if err := log.Reopen(); err == nil {
		t.Error("a closed log was reopened")
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	for format, path := range map[string]string{"xml": "-", "json": filepath.Join(t.TempDir(), "no", "such")} {
		if _, err := accesslog.Open(path, format, nil); err == nil || !strings.Contains(err.Error(), "access log: ") {
			t.Errorf("%s %s: %v", format, path, err)
		}
	}
}
