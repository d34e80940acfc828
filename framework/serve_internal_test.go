//go:build unix

package framework

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
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

// moody is an app that says whether it is ready.
type moody struct{ err error }

func (moody) Name() string                  { return "moody" }
func (a moody) Ready(context.Context) error { return a.err }

func TestServeAsksAppsWhetherTheyAreReady(t *testing.T) {
	t.Parallel()
	for _, app := range []moody{{nil}, {errors.New("away")}} {
		var flags serveFlags
		flags.declare(flag.NewFlagSet("serve", flag.ContinueOnError))
		p := New(Settings{Logger: slog.New(slog.DiscardHandler)}, app)
		options := flags.options(p)
		options.Probes.Health.Start()
		w := httptest.NewRecorder()
		options.Probes.Health.Handler(p).ServeHTTP(w, httptest.NewRequest("GET", "http://other.example/readyz?verbose", nil))
		if want := map[bool]int{true: 200, false: 503}[app.err == nil]; w.Code != want || !strings.Contains(w.Body.String(), `"moody"`) {
			t.Errorf("%v: %d %s", app.err, w.Code, w.Body)
		}
	}
}

func TestServeFlags(t *testing.T) {
	for name, c := range map[string]struct{ env, arg, want string }{
		"wrong in the environment": {"SERVE_MAX_REQUESTS=x", "", "SERVE_MAX_REQUESTS"},
		"a negative number":        {"", "--queue=-1", "--queue -1: a number from 0"},
		"nobody to replace it":     {"SERVE_WORKERS=0", "--max-requests=5", "need a master"},
		"no master's pid":          {"SERVE_WORKERS=0", "--pid=site.pid", "--workers 1 or more"},
		"no master's commands":     {"SERVE_WORKERS=0", "--control=site.ctl", "--workers 1 or more"},
		"no workers' umask":        {"SERVE_WORKERS=0", "--umask=027", "--workers 1 or more"},
		"no master's sockets":      {"SERVE_WORKERS=0", "--backlog=5", "--workers 1 or more"},
		"a probe without slash":    {"", "--livez=livez", "begins with /"},
		"a size":                   {"", "--reload-on-memory=much", "512M"},
	} {
		t.Run(name, func(t *testing.T) {
			key, value, _ := strings.Cut(c.env, "=")
			if key != "" {
				t.Setenv(key, value)
			}
			args := []string{"serve"}
			if c.arg != "" {
				args = append(args, c.arg)
			}
			var errs bytes.Buffer
			code := run(t.Context(), func() (*Project, error) { return nil, errors.New("opened") }, args, command.Call{Out: io.Discard, Err: &errs})
			if code != 2 || !strings.Contains(errs.String(), c.want) {
				t.Errorf("code %d, %s", code, &errs)
			}
		})
	}
	t.Setenv("SERVE_MAX_REQUESTS", "7")
	t.Setenv("SERVE_QUEUE", "8")
	var flags serveFlags
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.declare(set)
	if err := set.Parse([]string{"--queue", "9", "--reload-on-memory", "2GiB"}); err != nil || flags.server.Limits.Requests != 7 || flags.server.Limits.Queue != 9 || flags.memory != 2<<30 {
		t.Errorf("%v: %+v %d", err, flags.server, flags.memory)
	}
}
