package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/web"
)

func TestLocationOfARequest(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	if got := web.Location(t.Context()); got != time.UTC {
		t.Errorf("outside of a site: %v, want UTC", got)
	}
	override := func(location *time.Location) web.Middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(web.WithLocation(r.Context(), location)))
			})
		}
	}
	for name, c := range map[string]struct {
		site       *time.Location
		middleware []web.Middleware
		want       *time.Location
	}{
		"no zone":              {nil, nil, time.UTC},
		"the site's":           {paris, nil, paris},
		"the user's":           {paris, []web.Middleware{override(tokyo)}, tokyo},
		"nil stands for UTC":   {paris, []web.Middleware{override(nil)}, time.UTC},
		"the innermost counts": {nil, []web.Middleware{override(tokyo), override(paris)}, paris},
	} {
		var got *time.Location
		router := web.NewRouter()
		router.Get("/", func(_ http.ResponseWriter, r *http.Request) error {
			got = web.Location(r.Context())
			return nil
		})
		site := &web.Site{Router: router, Middleware: c.middleware, Location: c.site}
		site.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
