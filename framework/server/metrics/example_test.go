package metrics_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/quintetgo/quintet/framework/server/exchange"
	"github.com/quintetgo/quintet/framework/server/metrics"
)

// Count requests and print the counts in the format of Prometheus.
func ExampleMetrics() {
	var counts metrics.Metrics
	handler := exchange.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		exchange.From(r.Context()).Note(exchange.Notes{Route: "/posts/{slug}/"})
		if r.URL.Path == "/posts/absent/" {
			http.NotFound(w, r)
		}
	}), &counts)
	for _, path := range []string{"/posts/one/", "/posts/two/", "/posts/absent/"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}

	var text strings.Builder
	_, _ = metrics.Report{Snapshot: counts.Snapshot()}.WriteTo(&text)
	for line := range strings.Lines(text.String()) {
		if strings.HasPrefix(line, "quintet_http_requests_total") {
			fmt.Print(line)
		}
	}
	// Output:
	// quintet_http_requests_total{route="/posts/{slug}/",status="2xx"} 2
	// quintet_http_requests_total{route="/posts/{slug}/",status="4xx"} 1
}
