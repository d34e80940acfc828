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

// Off in the place of a path turns a probe off.
const Off = "-"

// Options says where the probes are and what readiness takes. The zero value has the three usual
// paths and no checks.
type Options struct {
	Live    string // path; "" means /livez, Off none
	Ready   string // path; "" means /readyz, Off none
	Startup string // path; "" means /startupz, Off none

	Checks  []Check       // all must pass for readiness
	Timeout time.Duration // for each round of checks; 0 means 2 s
	Fresh   time.Duration // for how long a result counts, so that probes cannot be used as a load; 0 means 1 s

	Logger *slog.Logger // told when a check begins to fail or passes again; nil means slog.Default()
}

// Check is something that readiness depends on, such as a database.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// Health is the state of a process. It is safe for concurrent use.
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

// Start says that the process serves.
func (h *Health) Start() { h.started.Store(true) }

// Drain says that the process is about to stop: it is not ready any more.
func (h *Health) Drain() { h.draining.Store(true) }

// Handler answers the probes, and leaves the rest to next.
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

// phase says whether the process has started.
func (h *Health) phase() string {
	if h.started.Load() {
		return "ok"
	}
	return "starting"
}

// ready returns "ok" or why the process is not ready. Draining comes first: it must show at once,
// whatever the checks say and however long they take.
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

// check runs the checks, or returns the results of a moment ago. One probe at a time checks; the
// others wait for it.
func (h *Health) check(ctx context.Context) []result {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.results != nil && time.Since(h.checked) < h.options.Fresh {
		return h.results
	}
	// A probe that gives up must not make the check fail for the others.
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

// before is the status of a check the last time; every check begins as "ok".
func (h *Health) before(i int) string {
	if h.results == nil {
		return "ok"
	}
	return h.results[i].Status
}

// run runs a check, which may neither take longer than its context nor take the process down.
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
