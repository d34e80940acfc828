package limit_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/quintetgo/quintet/framework/server/limit"
)

// Handle one request at a time, let none wait, and reject the others with Retry-After.
func ExampleQueue() {
	queue := limit.NewQueue(1, 0, 2*time.Second)
	var handler http.Handler
	handler = queue.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/first" { // another request arrives meanwhile
			second := httptest.NewRecorder()
			handler.ServeHTTP(second, httptest.NewRequest("GET", "/second", nil))
			fmt.Println("second:", second.Code, "Retry-After:", second.Header().Get("Retry-After"))
		}
	}))
	first := httptest.NewRecorder()
	handler.ServeHTTP(first, httptest.NewRequest("GET", "/first", nil))
	fmt.Println("first:", first.Code, "rejected:", queue.Refused())
	// Output:
	// second: 503 Retry-After: 1
	// first: 200 rejected: 1
}

// Cancel the context of requests that take too long.
func ExampleDeadline() {
	deadline := limit.Deadline{Timeout: 10 * time.Millisecond}
	handler := deadline.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done() // a query that observes the context
	}))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/report", nil))
	fmt.Print(w.Code, " ", w.Body)
	// Output: 503 The request took too long. Please try again.
}
