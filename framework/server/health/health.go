package health

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Off disables a probe, in place of its path.
const Off = "-"

// Options configures the paths of the probes and the readiness checks. The zero value has the three usual paths and
// no checks.
type Options struct {
	Live    string // path; "" means /livez, Off disables it
	Ready   string // path; "" means /readyz, Off disables it
	Startup string // path; "" means /startupz, Off disables it

	Checks  []Check       // must all pass for readiness; default: none
	Timeout time.Duration // for each round of checks; default: 2 s
	Fresh   time.Duration // how long a result is reused, so that probes cannot cause load; default: 1 s

	Logger *slog.Logger // receives a message when a check starts to fail or passes again; default: slog.Default()
}

// Check is a dependency of readiness, such as a database. Run returns nil if it is available.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// Health is the state of a process and the handler of its probes. It is safe for concurrent use.
type Health struct {
	options  Options
	started  atomic.Bool
	draining atomic.Bool

	mu      sync.Mutex
	checked time.Time
	results []result
}

type result struct {
	Name   string  `json:"name"`
	Status string  `json:"status"`
	Took   float64 `json:"took_ms"`
}

// New returns the state of a process that has not started.
func New(options Options) *Health {
	for _, path := range []struct {
		value    *string
		standard string
	}{{&options.Live, "/livez"}, {&options.Ready, "/readyz"}, {&options.Startup, "/startupz"}} {
		switch *path.value {
		case "":
			*path.value = path.standard
		case Off:
			*path.value = "" // no request has this path
		}
	}
	if options.Timeout <= 0 {
		options.Timeout = 2 * time.Second
	}
	if options.Fresh <= 0 {
		options.Fresh = time.Second
	}
	if options.Logger == nil {
		options.Logger = slog.Default()
	}
	return &Health{options: options}
}

// Start marks the process as started.
func (h *Health) Start() { h.started.Store(true) }

// Drain marks the process as stopping: it is no longer ready.
func (h *Health) Drain() { h.draining.Store(true) }

// Handler returns a handler that responds to the probes and passes other requests to next.
func (h *Health) Handler(next http.Handler) http.Handler {
	o := &h.options
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if path == "" || path != o.Live && path != o.Ready && path != o.Startup {
			next.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		switch path {
		case o.Live:
			answer(w, r, "ok", nil)
		case o.Startup:
			answer(w, r, h.phase(), nil)
		default:
			status, results := h.ready(r.Context())
			answer(w, r, status, results)
		}
	})
}

// phase returns "ok" if the process has started, or "starting".
func (h *Health) phase() string {
	if h.started.Load() {
		return "ok"
	}
	return "starting"
}

// ready returns "ok" or the reason why the process is not ready. Draining comes first: it must be visible at once,
// regardless of the checks and their duration.
func (h *Health) ready(ctx context.Context) (string, []result) {
	switch {
	case h.draining.Load():
		return "draining", nil
	case !h.started.Load():
		return "starting", nil
	case len(h.options.Checks) == 0:
		return "ok", nil
	}
	results := h.check(ctx)
	if h.draining.Load() {
		return "draining", results
	}
	for _, one := range results {
		if one.Status != "ok" {
			return "failing", results
		}
	}
	return "ok", results
}

// check runs the checks, or returns results that are still fresh. One probe at a time runs them; the others wait for
// it.
func (h *Health) check(ctx context.Context) []result {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.results != nil && time.Since(h.checked) < h.options.Fresh {
		return h.results
	}
	// A probe that is canceled must not make the check fail for the others.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.options.Timeout)
	defer cancel()
	results := make([]result, len(h.options.Checks))
	var done sync.WaitGroup
	for i, one := range h.options.Checks {
		done.Go(func() {
			start := time.Now()
			err := run(ctx, one)
			results[i] = result{Name: one.Name, Status: "ok", Took: float64(time.Since(start).Microseconds()) / 1000}
			if err != nil {
				results[i].Status = "failing"
			}
			if before := h.before(i); before == "ok" && err != nil {
				h.options.Logger.Warn("not ready", "check", one.Name, "error", err)
			} else if before != "ok" && err == nil {
				h.options.Logger.Info("ready again", "check", one.Name)
			}
		})
	}
	done.Wait()
	h.results, h.checked = results, time.Now()
	return results
}

// before returns the previous status of a check; initially "ok".
func (h *Health) before(i int) string {
	if h.results == nil {
		return "ok"
	}
	return h.results[i].Status
}

// run runs a check, which can neither exceed its context nor crash the process.
func run(ctx context.Context, check Check) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if value := recover(); value != nil {
				done <- fmt.Errorf("panic: %v", value)
			}
		}()
		done <- check.Run(ctx)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func answer(w http.ResponseWriter, r *http.Request, status string, results []result) {
	code := http.StatusOK
	if status != "ok" {
		code = http.StatusServiceUnavailable
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if _, verbose := r.URL.Query()["verbose"]; !verbose {
		header.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(status + "\n"))
		return
	}
	if results == nil {
		results = []result{}
	}
	header.Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(struct {
		Status string   `json:"status"`
		Checks []result `json:"checks"`
	}{status, results})
}
