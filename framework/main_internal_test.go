//go:build unix

package framework

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cgi"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/web"
)

// TestMain makes the test binary the worker program of the tests that serve with a master.
func TestMain(m *testing.M) {
	kind := os.Getenv("QUINTET_TEST_PROJECT")
	if kind == "cgi" {
		if err := cgi.Serve(contractProject()); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	if kind != "" {
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
	code = run(ctx, &opener{open: func() (*Project, error) { return nil, errors.New("the master opened the project") }}, args, command.Call{Out: out, Err: &text})
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
		run(ctx, &opener{}, []string{"status", "--control", control}, command.Call{Out: &status, Err: &status})
		answer <- string(body) + "; " + status.String()
	}()
	code, errs := serveWithMaster(ctx, t, "workers", writer, "--workers", "2", "--control", control)
	got := <-answer
	if code != 0 || !strings.HasPrefix(got, "served by workers; master ") || strings.Count(got, "  worker ") != 2 {
		t.Errorf("code %d, answer %q\n%s", code, got, errs)
	}
	if runtime.GOOS == "linux" && !strings.Contains(got, " MiB\n") {
		t.Errorf("the status does not say how much memory workers use: %q", got)
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

// moody is an app that reports whether it is ready.
type moody struct{ err error }

func (moody) Name() string                  { return "moody" }
func (a moody) Ready(context.Context) error { return a.err }

func TestReadinessChecksOfApps(t *testing.T) {
	t.Parallel()
	for _, app := range []moody{{nil}, {errors.New("away")}} {
		checks := New(Settings{Logger: slog.New(slog.DiscardHandler)}, app).site().Readiness
		if len(checks) != 1 || checks[0].Name != "moody" || !errors.Is(checks[0].Run(t.Context()), app.err) {
			t.Errorf("%v: %+v", app.err, checks)
		}
	}
}
