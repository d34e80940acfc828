package server

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/quintetgo/quintet/framework/server/health"
)

// TestWhatIsOffCostsNothing keeps the wrappers around a handler free of allocations.
func TestWhatIsOffCostsNothing(t *testing.T) {
	options := Options{Probes: Probes{Health: health.New(health.Options{})}}.withDefaults()
	s := &serving{options: options}
	h := s.wrapHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept", "text/plain")
	if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n != 0 {
		t.Errorf("%v allocations for each request, want none", n)
	}
}
