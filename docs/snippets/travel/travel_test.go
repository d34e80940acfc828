package travel_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/docs/snippets/travel"
	"github.com/quintetgo/quintet/framework"
)

// get returns the page for a browser that asks for a language.
func get(accept string) string {
	site := travel.Project(framework.Settings{Logger: slog.New(slog.DiscardHandler), AllowedHosts: []string{"example.com"}})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Language", accept)
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		return err.Error()
	}
	page := regexp.MustCompile(`<input[^>]*>`).ReplaceAllString(string(body), "") // the CSRF token is another each time
	return strings.TrimSpace(page)
}

func Example() {
	fmt.Println(get("de-AT,de;q=0.9"))
	// Output:
	// <!doctype html>
	// <html lang="de" dir="ltr">
	// <title>Reisen</title>
	// <h1>Willkommen zurück, Ada</h1>
	// <p>1 Reise im Mai</p>
	// <form method="post" action="/language/">
	// <select name="language">
	// <option value="en">English</option>
	// <option value="de">Deutsch</option>
	// </select>
	// <button>Sprache wechseln</button>
	// </form>
	// </html>
}
