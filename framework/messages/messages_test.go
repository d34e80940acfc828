package messages_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/sessions"
)

// browser keeps the cookies of a site that runs one function a request.
func browser(t *testing.T) func(fn func(r *http.Request)) {
	t.Helper()
	var run func(r *http.Request)
	handler := sessions.Middleware(sessions.Options{})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { run(r) }))
	var cookie *http.Cookie
	return func(fn func(r *http.Request)) {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		if cookie != nil {
			request.AddCookie(cookie)
		}
		recorder := httptest.NewRecorder()
		run = fn
		handler.ServeHTTP(recorder, request)
		for _, c := range recorder.Result().Cookies() {
			if cookie = c; c.MaxAge < 0 {
				cookie = nil
			}
		}
	}
}

func TestMessagesAreReadOnceOnALaterPage(t *testing.T) {
	t.Parallel()
	visit := browser(t)
	visit(func(r *http.Request) {
		messages.Success(r, "Saved.")
		messages.Error(r, "<b>No</b>")
	})
	visit(func(*http.Request) {})
	visit(func(r *http.Request) {
		if got := messages.Peek(r); len(got) != 2 {
			t.Errorf("Peek = %v, want 2 messages", got)
		}
		got := messages.Take(r)
		want := []messages.Message{{messages.LevelSuccess, "Saved."}, {messages.LevelError, "<b>No</b>"}}
		if fmt.Sprint(got) != fmt.Sprint(want) || got[0].Level != want[0].Level || got[1].Level != want[1].Level {
			t.Errorf("Take = %+v, want %+v", got, want)
		}
		if again := messages.Take(r); again != nil {
			t.Errorf("the second Take = %v", again)
		}
	})
	visit(func(r *http.Request) {
		if got := messages.Take(r); got != nil {
			t.Errorf("on the page after: %v", got)
		}
	})
}

func TestMessagesAreBounded(t *testing.T) {
	t.Parallel()
	visit := browser(t)
	visit(func(r *http.Request) {
		messages.Info(r, strings.Repeat("é", 5000))
		if got := messages.Peek(r)[0].Text; len(got) > 2010 || !utf8.ValidString(got) || !strings.HasSuffix(got, "é…") {
			t.Errorf("a long text has %d bytes and ends in %q", len(got), got[len(got)-6:])
		}
		for i := range 30 {
			messages.Warning(r, fmt.Sprint(i))
		}
		got := messages.Take(r)
		if len(got) != 20 || got[0].Text != "10" || got[19].Text != "29" {
			t.Errorf("%d messages from %v", len(got), got[0])
		}
	})
}

func TestWithoutSessionsNothingBreaks(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	messages.Debug(r, "x")
	if got := messages.Take(r); got != nil {
		t.Errorf("Take = %v", got)
	}
}
