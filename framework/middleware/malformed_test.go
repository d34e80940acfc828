package middleware_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/middleware"
	"github.com/quintetgo/quintet/framework/web"
)

// TestMalformedFormsAreTheClients has views return the error of reading a form.
func TestMalformedFormsAreTheClients(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"application/x-www-form-urlencoded", "a=%zz"},
		{"application/x-www-form-urlencoded", "a=1;b=2"},
		{"application/x-www-form-urlencoded; x", "a=1"},
		{"application/x-www-form-urlencoded;charset", "%"},
		{"multipart/form-data", "x"},
		{"multipart/form-data; boundary=", "x"},
		{"multipart/form-data; boundary=\"", "x"},
		{"multipart/form-data; boundary=b; boundary=c", "x"},
		{"multipart/form-data; boundary=" + strings.Repeat("b", 100), "x"},
		{"/", "x"},
		{";", "x"},
		{"multipart/mixed; boundary=b", "x"},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ\r\n--b--\r\n"},
	} {
		for name, parse := range map[string]func(r *http.Request) error{"ParseForm": func(r *http.Request) error { return r.ParseForm() }, "Multi": func(r *http.Request) error { return r.ParseMultipartForm(1000) }, "file": func(r *http.Request) error { _, _, err := r.FormFile("x"); return err }} {
			view := web.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
				if err := parse(r); err != nil {
					return err
				}
				return web.Text(w, "ok")
			})
			r := post("", c[1], true)
			r.Header.Set("Content-Type", c[0])
			a := serve(t, []web.Middleware{middleware.Limits(middleware.LimitOptions{})}, r, view.ServeHTTP)
			if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusBadRequest {
				t.Errorf("%q, %s: status %d", c, name, a.StatusCode)
			}
		}
	}
	for _, q := range []string{"/?a=%zz", "/?a=1;b=2"} {
		view := web.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error { return r.ParseForm() })
		if a := serve(t, nil, get(q), view.ServeHTTP); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", q, a.StatusCode)
		}
	}
}
