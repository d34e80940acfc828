//go:build unix

package serve

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server/health"
)

func TestReadinessProbe(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{nil, errors.New("away")} {
		var flags flags
		flags.declare(flag.NewFlagSet("serve", flag.ContinueOnError))
		check := health.Check{Name: "moody", Run: func(context.Context) error { return failure }}
		options := flags.options(Site{Logger: slog.New(slog.DiscardHandler), Readiness: []health.Check{check}})
		options.Probes.Health.Start()
		w := httptest.NewRecorder()
		options.Probes.Health.Handler(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "http://other.example/readyz?verbose", nil))
		if want := map[bool]int{true: 200, false: 503}[failure == nil]; w.Code != want || !strings.Contains(w.Body.String(), `"moody"`) {
			t.Errorf("%v: %d %s", failure, w.Code, w.Body)
		}
	}
}

func TestServeFlags(t *testing.T) {
	for name, c := range map[string]struct{ env, arg, want string }{
		"wrong in the environment": {"SERVE_MAX_REQUESTS=x", "", "SERVE_MAX_REQUESTS"},
		"a negative number":        {"", "--queue=-1", "--queue must not be negative"},
		"nobody to replace it":     {"SERVE_WORKERS=0", "--max-requests=5", "require a master"},
		"no master's pid":          {"SERVE_WORKERS=0", "--pid=site.pid", "--workers 1 or more"},
		"no master's commands":     {"SERVE_WORKERS=0", "--control=site.ctl", "--workers 1 or more"},
		"no workers' umask":        {"SERVE_WORKERS=0", "--umask=027", "--workers 1 or more"},
		"no master's sockets":      {"SERVE_WORKERS=0", "--backlog=5", "--workers 1 or more"},
		"a probe without slash":    {"", "--livez=livez", `must start with "/"`},
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
			program := command.Program{Name: "shop", Commands: []command.Command{Command(func() (Site, error) { return Site{}, errors.New("opened") })}}
			code := command.Main(t.Context(), program, args, command.Call{Out: io.Discard, Err: &errs})
			if code != 2 || !strings.Contains(errs.String(), c.want) {
				t.Errorf("code %d, %s", code, &errs)
			}
		})
	}
	t.Setenv("SERVE_MAX_REQUESTS", "7")
	t.Setenv("SERVE_QUEUE", "8")
	var flags flags
	set := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.declare(set)
	if err := set.Parse([]string{"--queue", "9", "--reload-on-memory", "2GiB"}); err != nil || flags.server.Limits.Requests != 7 || flags.server.Limits.Queue != 9 || flags.memory != 2<<30 {
		t.Errorf("%v: %+v %d", err, flags.server, flags.memory)
	}
}
