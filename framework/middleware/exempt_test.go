package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/middleware"
	"github.com/quintetgo/quintet/framework/web"
)

type hooks struct{}

func (hooks) Name() string { return "hooks" }
func (hooks) Routes(r *web.Router) {
	r.Use(csrf.Exempt)
	r.Post("/a/", accept)
}

func accept(w http.ResponseWriter, _ *http.Request) error { return web.Text(w, "accepted") }

// exemptSite has exempt routes of every kind beside protected ones. Rewrite, if not nil, runs behind the protection.
func exemptSite(t *testing.T, rewrite web.Middleware) (*web.Router, http.Handler) {
	t.Helper()
	r := web.NewRouter()
	outer := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
	}
	r.With(csrf.Exempt).Post("/with/", accept)
	r.With(outer, csrf.Exempt).Post("/inner/{id:int}/", accept)
	r.With(csrf.Exempt, outer).Methods("/outer/", accept, "POST", "PUT")
	r.Group(func(r *web.Router) {
		r.Post("/group/", accept)
		r.Use(csrf.Exempt)
	})
	r.Include("/hooks/", hooks{})
	r.Handle("/handler/", csrf.Exempt(web.HandlerFunc(accept)))
	r.With(csrf.Exempt).Mount("/mounted", web.HandlerFunc(accept))
	r.Post("/inner/{name}/", accept)
	r.Put("/with/", accept)
	r.Post("/protected/", accept)
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	chain, err := middleware.Default(middleware.Options{AllowedHosts: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	if rewrite != nil {
		chain = append(chain, rewrite)
	}
	return r, (&web.Site{Router: r, Middleware: chain}).Handler()
}

func send(h http.Handler, method, path string) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w.Code
}

func TestExemptRoutes(t *testing.T) {
	t.Parallel()
	router, site := exemptSite(t, nil)
	for request, want := range map[string]int{
		"POST /with/":          200,
		"POST /%77ith/":        200, // the same path, encoded
		"PUT /with/":           403, // another route of the same path
		"POST /with":           403,
		"POST //with/":         403,
		"POST /protected/with": 403,
		"POST /inner/7/":       200,
		"POST /inner/x/":       403,
		"POST /outer/":         200,
		"PUT /outer/":          200,
		"DELETE /outer/":       403,
		"POST /group/":         200,
		"POST /hooks/a/":       200,
		"POST /hooks/b/":       403,
		"POST /handler/":       200,
		"BREW /handler/":       403,
		"POST /mounted/any":    200,
		"POST /protected/":     403,
		"POST /absent/":        403,
	} {
		method, path, _ := strings.Cut(request, " ")
		if got := send(site, method, path); got != want {
			t.Errorf("%s: status %d, want %d", request, got, want)
		}
	}
	var exempt []string
	for _, rt := range router.Routes() {
		if slices.Contains(rt.Marks, csrf.ExemptMark) {
			exempt = append(exempt, rt.Method+" "+rt.Pattern)
		}
	}
	want := []string{
		"POST /with/", "POST /inner/{id:int}/", "POST /outer/", "PUT /outer/", "POST /group/", "POST /hooks/a/", "ANY /handler/", "ANY /mounted/*",
	}
	if !slices.Equal(exempt, want) {
		t.Errorf("marked routes %q, want %q", exempt, want)
	}
}

// Middleware behind the protection must not turn an exempt request into one for a protected view.
func TestExemptRequestsStayOnTheirRoute(t *testing.T) {
	t.Parallel()
	_, site := exemptSite(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if to := r.URL.Query().Get("to"); to != "" {
				r.URL.Path, r.URL.RawPath = to, ""
			}
			if method := r.URL.Query().Get("method"); method != "" {
				r.Method = method
			}
			next.ServeHTTP(w, r)
		})
	})
	for path, want := range map[string]int{
		"/with/":                200,
		"/with/?to=/protected/": 500,
		"/with/?to=/group/":     500,
		"/with/?method=PUT":     500,
		"/with/?to=/absent/":    404,
		"/protected/?to=/with/": 403,
	} {
		if got := send(site, http.MethodPost, path); got != want {
			t.Errorf("POST %s: status %d, want %d", path, got, want)
		}
	}
}
