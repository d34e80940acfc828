package requests_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/requests"
)

func TestRepeated(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t)
	router := web.NewRouter()
	for path, times := range map[string]int{"/few/": 4, "/many/": 5} {
		router.Get(path, func(w http.ResponseWriter, r *http.Request) error {
			for i := range times {
				if _, err := db.Exec(r.Context(), "SELECT ?", i); err != nil {
					return err
				}
			}
			return web.Text(w, "done")
		})
	}
	handler := (&web.Site{Router: router, Middleware: []web.Middleware{requests.Repeated()}}).Handler()
	for path, want := range map[string]string{"/few/": "", "/many/": "5 times at requests/repeated_test.go:"} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if got := w.Header().Get(requests.RepeatedHeader); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}
