package csrf_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/web"
)

// A view that other programs call is exempt at its route.
func ExampleExempt() {
	r := web.NewRouter()
	r.With(csrf.Exempt).Post("/hooks/payment/", func(w http.ResponseWriter, _ *http.Request) error {
		return web.Text(w, "received")
	})
	protect, err := csrf.Protect(csrf.Options{
		Exempt: func(r *http.Request) bool { return web.HasMark(r, csrf.ExemptMark) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	site := (&web.Site{Router: r, Middleware: []web.Middleware{protect}}).Handler()
	w := httptest.NewRecorder()
	site.ServeHTTP(w, httptest.NewRequest("POST", "/hooks/payment/", nil))
	fmt.Println(w.Code, w.Body)
	fmt.Println(r.Routes()[0].Marks)
	// Output:
	// 200 received
	// [csrf exempt]
}
