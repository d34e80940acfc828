package messages_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
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

func TestNoticesAreTakenOnce(t *testing.T) {
	t.Parallel()
	visit := browser(t)
	visit(func(r *http.Request) {
		messages.Success(r, "Saved.")
		messages.Error(r, "{what} failed", message.Args{"what": "<b>It</b>"})
	})
	visit(func(*http.Request) {})
	visit(func(r *http.Request) {
		if got := messages.Peek(r); len(got) != 2 {
			t.Errorf("Peek = %v, want 2 messages", got)
		}
		got := messages.Take(r)
		want := []messages.Notice{
			{messages.LevelSuccess, message.Text("Saved.")},
			{messages.LevelError, message.New("", "{what} failed", message.Args{"what": "<b>It</b>"})},
		}
		if !slices.EqualFunc(got, want, func(a, b messages.Notice) bool { return a.Level == b.Level && a.Message.Equal(b.Message) }) {
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

func TestNoticesAreBounded(t *testing.T) {
	t.Parallel()
	visit := browser(t)
	visit(func(r *http.Request) {
		messages.Info(r, "{text}", message.Args{"text": strings.Repeat("é", 5000)})
		if got := messages.Peek(r)[0].String(); len(got) > 2010 || !utf8.ValidString(got) || !strings.HasSuffix(got, "é…") {
			t.Errorf("a long text has %d bytes and ends in %q", len(got), got[len(got)-6:])
		}
		for i := range 30 {
			messages.Warning(r, "{number}", message.Args{"number": i})
		}
		got := messages.Take(r)
		if len(got) != 20 || got[0].String() != "10" || got[19].String() != "29" {
			t.Errorf("%d messages from %v", len(got), got[0])
		}
	})
}

// A notice is translated when it is shown, so the session keeps its texts and the types of its arguments.
func TestNoticesKeepArguments(t *testing.T) {
	t.Parallel()
	m := message.Message{
		Code: "deleted", Text: "{count} {model} was deleted", Plural: "{count} {model} were deleted", Count: "count",
		Args: message.Args{
			"count": int64(3), "ratio": 0.5, "zero": int64(0), "yes": true, "empty": "", "date": time.Date(2026, 1, 31, 15, 30, 0, 0, time.UTC),
			"model": message.New("x", "{n} posts", message.Args{"n": int64(1)}), "list": message.List{message.Text("a"), message.Text("b")},
		},
	}
	visit := browser(t)
	visit(func(r *http.Request) {
		messages.Add(r, messages.LevelInfo, m)
		messages.Add(r, messages.LevelInfo, message.New("", "{d} {u}", message.Args{"d": time.Minute, "u": uint64(7)}))
	})
	visit(func(r *http.Request) {
		got := messages.Take(r)
		if len(got) != 2 || !got[0].Message.Equal(m) || got[1].String() != "1m0s 7" {
			t.Errorf("got %+v, want %+v", got, m)
		}
	})
}

func TestWithoutSessions(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	messages.Debug(r, "x")
	if got := messages.Take(r); got != nil {
		t.Errorf("Take = %v", got)
	}
}
