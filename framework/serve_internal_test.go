//go:build unix

package framework

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/web"
)

// TestMain makes the test binary the worker program of the tests that serve with a master.
func TestMain(m *testing.M) {
	if kind := os.Getenv("QUINTET_TEST_PROJECT"); kind != "" {
		Main(func() (*Project, error) { return testProject(kind) })
	}
	os.Exit(m.Run())
}

func testProject(kind string) (*Project, error) {
	if kind == "broken" {
		return nil, errors.New("DATABASE_URL is wrong")
	}
	return New(Settings{Routes: func(r *web.Router) {
		r.Get("/", func(w http.ResponseWriter, _ *http.Request) error { return web.Text(w, "served by "+kind) })
		if kind == "unsound" {
			r.Get("/", func(http.ResponseWriter, *http.Request) error { return nil })
		}
	}}), nil
}

// serveWithMaster runs serve in this process, as a master; its workers are this test binary.
func serveWithMaster(ctx context.Context, t *testing.T, kind string, out io.Writer, args ...string) (code int, errs string) {
	t.Helper()
	t.Setenv("QUINTET_TEST_PROJECT", kind)
	args = append([]string{"serve", "--bind", "127.0.0.1:0"}, args...)
	old := os.Args
	os.Args = append(old[:1:1], args...)
	defer func() { os.Args = old }()
	var text bytes.Buffer
	code = run(ctx, func() (*Project, error) { return nil, errors.New("the master opened the project") }, args, command.Call{Out: out, Err: &text})
	return code, text.String()
}

func TestServeWithWorkers(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	control := filepath.Join(t.TempDir(), "ctl")
	reader, writer := io.Pipe()
	answer := make(chan string, 1)
	go func() {
		defer cancel()
		line, err := bufio.NewReader(reader).ReadString('\n')
		if err != nil {
			answer <- err.Error()
			return
		}
		_, url, _ := strings.Cut(strings.TrimSpace(line), "Listening on ")
		response, err := http.Get(url)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		var status bytes.Buffer
		run(ctx, nil, []string{"status", "--control", control}, command.Call{Out: &status, Err: &status})
		answer <- string(body) + "; " + status.String()
	}()
	code, errs := serveWithMaster(ctx, t, "workers", writer, "--workers", "2", "--control", control)
	got := <-answer
	if code != 0 || !strings.HasPrefix(got, "served by workers; master ") || strings.Count(got, "  worker ") != 2 {
		t.Errorf("code %d, answer %q\n%s", code, got, errs)
	}
}

func TestServeSaysWhyWorkersDoNotStart(t *testing.T) {
	for kind, want := range map[string]string{"broken": "serve: DATABASE_URL is wrong", "unsound": "serve: not started, because of 1 error"} {
		code, errs := serveWithMaster(t.Context(), t, kind, io.Discard)
		if code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%s: code %d, want 1 and %q\n%s", kind, code, want, errs)
		}
	}
}
