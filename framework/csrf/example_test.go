package csrf_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintetgo/quintet/framework/csrf"
)

func ExampleProtect() {
	protect, err := csrf.Protect(csrf.Options{SessionCookie: "session"})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := protect(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "transferred")
	}))

	r := httptest.NewRequest(http.MethodPost, "/transfer", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site") // as browsers say by themselves
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 403 This request came from another site.
}
