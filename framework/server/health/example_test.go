package health_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/quintetgo/quintet/framework/server/health"
)

// Respond to the probes of an orchestrator in front of a handler.
func ExampleNew() {
	available := false
	probes := health.New(health.Options{
		Checks: []health.Check{{Name: "database", Run: func(context.Context) error {
			if !available {
				return errors.New("connection refused")
			}
			return nil
		}}},
		Fresh:  time.Nanosecond, // check at every probe
		Logger: slog.New(slog.DiscardHandler),
	})
	handler := probes.Handler(http.NotFoundHandler())
	probe := func(path string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Print(path, " ", w.Code, " ", w.Body)
	}

	probe("/livez")
	probe("/readyz")
	probes.Start()
	probe("/readyz")
	available = true
	probe("/readyz")
	probes.Drain()
	probe("/readyz")
	// Output:
	// /livez 200 ok
	// /readyz 503 starting
	// /readyz 503 failing
	// /readyz 200 ok
	// /readyz 503 draining
}
