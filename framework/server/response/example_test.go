package response_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintetgo/quintet/framework/server/response"
)

// Set a header just before the response is sent, and read what was sent.
func ExampleWriter_Before() {
	middleware := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rw := response.Wrap(w)
			rw.Before(func() {
				if rw.Sending() == http.StatusOK {
					rw.Header().Set("Cache-Control", "max-age=60")
				}
			})
			next.ServeHTTP(rw, r)
			fmt.Println("sent:", rw.Status(), rw.Size(), "bytes")
		})
	}
	handler := middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Hello") }))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	fmt.Println(w.Header().Get("Cache-Control"))
	// Output:
	// sent: 200 5 bytes
	// max-age=60
}
