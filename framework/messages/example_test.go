package messages_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/sessions"
)

// A view adds a notice and redirects; the next page shows it once.
func ExampleSuccess() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /delete/", func(w http.ResponseWriter, r *http.Request) {
		messages.Add(r, messages.LevelSuccess, message.Message{
			Text:   "{count} post was deleted.",
			Plural: "{count} posts were deleted.",
			Count:  "count",
			Args:   message.Args{"count": 3},
		})
		messages.Info(r, "Contact {email} to restore them.", message.Args{"email": "ada@example.com"})
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		for _, notice := range messages.Take(r) {
			fmt.Fprintf(w, "[%s] %s\n", notice.Level, notice)
		}
	})
	site := sessions.Middleware(sessions.Options{})(mux)

	deleted := httptest.NewRecorder()
	site.ServeHTTP(deleted, httptest.NewRequest(http.MethodPost, "/delete/", nil))
	for range 2 {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(deleted.Result().Cookies()[0])
		page := httptest.NewRecorder()
		site.ServeHTTP(page, r)
		fmt.Printf("%q\n", page.Body)
	}
	// Output:
	// "[success] 3 posts were deleted.\n[info] Contact ada@example.com to restore them.\n"
	// ""
}
