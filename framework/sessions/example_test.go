package sessions_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/signing"
)

func Example() {
	count := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := sessions.From(r)
		s.Set("visits", s.GetInt("visits")+1)
		fmt.Fprintf(w, "visit %d", s.GetInt("visits"))
	})
	handler := sessions.Middleware(sessions.Options{Signer: signing.New("the site's secret key")})(count)

	var cookie *http.Cookie
	for range 3 {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if cookie != nil {
			r.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		cookie = w.Result().Cookies()[0]
		fmt.Println(w.Body)
	}
	// Output:
	// visit 1
	// visit 2
	// visit 3
}
