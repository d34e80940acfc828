package sessions_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/signing"
)

// site is one handler behind the middleware, and a browser's cookie for it.
type site struct {
	t       *testing.T
	options sessions.Options
	cookie  *http.Cookie
}

func newSite(t *testing.T) *site {
	t.Helper()
	return &site{t: t, options: sessions.Options{
		Store: sessions.NewMemoryStore(), Signer: signing.New("secret"), Secure: true,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}}
}

// visit runs fn in a request with the browser's cookie and keeps the cookie that comes back.
func (s *site) visit(fn func(w http.ResponseWriter, r *http.Request, session *sessions.Session)) *http.Response {
	s.t.Helper()
	handler := sessions.Middleware(s.options)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fn(w, r, sessions.From(r))
	}))
	request := httptest.NewRequest(http.MethodGet, "https://example.com/", nil)
	if s.cookie != nil {
		request.Header.Set("Cookie", s.cookie.Name+"="+s.cookie.Value)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	answer := recorder.Result()
	for _, cookie := range answer.Cookies() {
		s.cookie = cookie
		if cookie.MaxAge < 0 {
			s.cookie = nil
		}
	}
	return answer
}

func (s *site) use(fn func(session *sessions.Session)) *http.Response {
	s.t.Helper()
	return s.visit(func(_ http.ResponseWriter, _ *http.Request, session *sessions.Session) { fn(session) })
}

func (s *site) get(key string) (value any) {
	s.t.Helper()
	s.use(func(session *sessions.Session) { value = session.Get(key) })
	return value
}

func TestAnUnusedSessionCostsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.options.Store = failing{}
	s.cookie = &http.Cookie{Name: "__Host-session", Value: "x"}
	answer := s.use(func(*sessions.Session) {})
	if answer.StatusCode != http.StatusOK || len(answer.Header) != 0 {
		t.Errorf("status %d, header %v; want an untouched response", answer.StatusCode, answer.Header)
	}
}

func TestReadingDoesNotStartASession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	answer := s.use(func(session *sessions.Session) {
		if session.Get("a") != nil || !session.IsNew() || session.UserID() != "" || session.Err() != nil {
			t.Error("a new session is not empty")
		}
		session.Delete("a")
	})
	if answer.Header.Get("Set-Cookie") != "" {
		t.Errorf("Set-Cookie: %s", answer.Header.Get("Set-Cookie"))
	}
	if answer.Header.Get("Vary") != "Cookie" || answer.Header.Get("Cache-Control") != "private" {
		t.Errorf("a page that depends on the session may be shared: %v", answer.Header)
	}
}

func TestValuesComeBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	type line struct {
		SKU   string
		Count int
	}
	answer := s.use(func(session *sessions.Session) {
		session.Set("name", "Zoë")
		session.Set("n", 7)
		session.Set("big", int64(1)<<60+1)
		session.Set("ratio", 0.5)
		session.Set("on", true)
		session.Set("lines", []line{{"a", 2}, {"b", 3}})
	})
	cookie := answer.Cookies()[0]
	if cookie.Name != "__Host-session" || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("cookie %+v", cookie)
	}
	if len(cookie.String()) > 400 {
		t.Errorf("cookie of %d bytes", len(cookie.String()))
	}
	s.use(func(session *sessions.Session) {
		var lines []line
		if session.GetString("name") != "Zoë" || session.GetInt("n") != 7 || session.GetInt("big") != 1<<60+1 ||
			session.Get("ratio") != 0.5 || !session.GetBool("on") || !session.Load("lines", &lines) || len(lines) != 2 || lines[1].Count != 3 {
			t.Errorf("values differ: %v %v %v %v", session.Get("name"), session.Get("n"), session.Get("big"), lines)
		}
		if session.Load("name", &lines) || session.Load("absent", &lines) {
			t.Error("Load filled a slice from something else")
		}
	})
	s.use(func(session *sessions.Session) { session.Delete("name") })
	if s.get("name") != nil || s.get("n") != int64(7) {
		t.Error("Delete removed too little or too much")
	}
}

func TestEveryChangedBitOfTheCookieIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.use(func(session *sessions.Session) { session.Set("a", 1) })
	good := *s.cookie
	for i := range good.Value {
		for _, bit := range []byte{1, 2, 4, 32} {
			changed := []byte(good.Value)
			changed[i] ^= bit
			s.cookie = &http.Cookie{Name: good.Name, Value: string(changed)}
			if s.get("a") != nil {
				t.Fatalf("byte %d bit %d changed: the session is still there", i, bit)
			}
		}
	}
	s.cookie = &good
	if s.get("a") != int64(1) {
		t.Error("the unchanged cookie is refused")
	}
}

func TestTheCookieIsBoundToItsNameAndKey(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.use(func(session *sessions.Session) { session.Set("a", 1) })
	value := s.cookie.Value
	other := *s
	other.options.CookieName = "other"
	other.cookie = &http.Cookie{Name: "__Host-other", Value: value}
	if other.get("a") != nil {
		t.Error("the cookie works under another name")
	}
	other = *s
	other.options.Signer = signing.New("another")
	if other.get("a") != nil {
		t.Error("the cookie works with another key")
	}
	other.options.Signer = signing.New("another", "secret")
	if other.get("a") != int64(1) {
		t.Error("a fallback key is not accepted")
	}
}

func TestRotateChangesTheTokenAndKeepsTheValues(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.use(func(session *sessions.Session) { session.Set("a", 1) })
	before := *s.cookie
	s.use(func(session *sessions.Session) { session.SetUserID("42"); session.Rotate() })
	if s.cookie.Value == before.Value {
		t.Fatal("the token did not change")
	}
	s.use(func(session *sessions.Session) {
		if session.GetInt("a") != 1 || session.UserID() != "42" {
			t.Errorf("after Rotate: a = %v, user %q", session.Get("a"), session.UserID())
		}
	})
	s.cookie = &before
	if s.get("a") != nil {
		t.Error("the old token still opens the session")
	}
}

func TestFlushEndsTheSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.use(func(session *sessions.Session) { session.SetUserID("42"); session.Set("a", 1) })
	before := *s.cookie
	answer := s.use(func(session *sessions.Session) { session.Flush() })
	if s.cookie != nil {
		t.Errorf("the cookie stays: %v", answer.Header["Set-Cookie"])
	}
	s.cookie = &before
	s.use(func(session *sessions.Session) {
		if session.Get("a") != nil || session.UserID() != "" {
			t.Error("the session can be replayed after Flush")
		}
		session.Set("b", 2)
	})
	if s.cookie.Value == before.Value {
		t.Error("a session that was ended got its old token back")
	}
}

func TestARunningRequestDoesNotReviveAnEndedSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.use(func(session *sessions.Session) { session.SetUserID("42"); session.Set("a", 1) })
	cookie := *s.cookie
	s.use(func(slow *sessions.Session) {
		slow.Set("b", 2)
		s.use(func(session *sessions.Session) { session.Flush() })
		s.cookie = &cookie
	})
	s.cookie = &cookie
	s.use(func(session *sessions.Session) {
		if session.UserID() != "" || !session.IsNew() {
			t.Error("the slow request brought the session back")
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	// The memory store judges by the real clock, so the test's clock runs behind it and ahead of it
	// by little.
	now := time.Now()
	s := newSite(t)
	s.options.Now = func() time.Time { return now }
	s.options.MaxAge, s.options.Lifetime = 10*time.Hour, 24*time.Hour
	s.use(func(session *sessions.Session) { session.Set("a", 1) })
	step := func(hours time.Duration, want any, renewed bool) {
		t.Helper()
		now = now.Add(hours * time.Hour)
		var got any
		answer := s.use(func(session *sessions.Session) { got = session.Get("a") })
		if got != want || (answer.Header.Get("Set-Cookie") != "") != renewed {
			t.Errorf("%d hours later: a = %v, want %v; renewed: %v, want %v", hours, got, want, !renewed, renewed)
		}
	}
	step(0, int64(1), false)
	step(9, int64(1), true)  // in use: renewed to hour 19
	step(9, int64(1), true)  // hour 18: renewed, but only to hour 24
	step(5, int64(1), false) // hour 23
	step(1, nil, false)      // hour 24: the whole lifetime is over
	s.use(func(session *sessions.Session) { session.Set("a", 2) })
	step(10, nil, false) // idle for MaxAge
}

func TestAStoreThatFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.options.Store, s.options.Signer = failing{}, nil
	answer := s.visit(func(w http.ResponseWriter, _ *http.Request, session *sessions.Session) {
		session.Set("a", 1)
		w.Header().Set("Content-Length", "7")
		_, _ = io.WriteString(w, "welcome")
	})
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusInternalServerError || strings.Contains(string(body), "welcome") || strings.Contains(string(body), "disk") {
		t.Errorf("got %d %q; want a 500 page without the cause", answer.StatusCode, body)
	}
	s.cookie = &http.Cookie{Name: "__Host-session", Value: strings.Repeat("A", 43)}
	s.use(func(session *sessions.Session) {
		if err := session.Err(); !errors.Is(err, errDisk) {
			t.Errorf("Err() = %v, want the store's", err)
		}
		session.Set("a", 1)
		if err := session.Save(); !errors.Is(err, errDisk) {
			t.Errorf("Save() = %v, want the store's", err)
		}
	})
}

func TestWithoutTheMiddleware(t *testing.T) {
	t.Parallel()
	session := sessions.From(httptest.NewRequest(http.MethodGet, "/", nil))
	session.Set("a", 1)
	session.Rotate()
	session.Flush()
	if err := session.Save(); !errors.Is(err, sessions.ErrNoMiddleware) || !errors.Is(session.Err(), sessions.ErrNoMiddleware) {
		t.Errorf("Save() = %v, want ErrNoMiddleware", err)
	}
}

func TestAValueThatJSONCannotHold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.use(func(session *sessions.Session) {
		session.Set("f", func() {})
		if err := session.Err(); err == nil || !strings.Contains(err.Error(), `"f"`) {
			t.Errorf("Err() = %v, want one that names the key", err)
		}
	})
}

func TestWithoutHTTPSTheCookieHasNoPrefix(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.options.Secure = false
	answer := s.use(func(session *sessions.Session) { session.Set("a", 1) })
	if got := answer.Cookies()[0]; got.Name != "session" || got.Secure || !got.HttpOnly {
		t.Errorf("cookie %+v", got)
	}
	if s.get("a") != int64(1) {
		t.Error("the session is lost")
	}
}

func TestACookieSentTwiceTakesTheGenuineOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.use(func(session *sessions.Session) { session.Set("a", 1) })
	handler := sessions.Middleware(s.options)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if sessions.From(r).Get("a") == nil {
			t.Error("the planted cookie hides the genuine one")
		}
	}))
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.AddCookie(&http.Cookie{Name: s.cookie.Name, Value: "planted.AAAA"})
	request.AddCookie(s.cookie)
	handler.ServeHTTP(httptest.NewRecorder(), request)
}

var errDisk = errors.New("the disk is full")

// failing is a store that never works.
type failing struct{}

func (failing) Load(context.Context, string) (sessions.Record, error) {
	return sessions.Record{}, errDisk
}
func (failing) Create(context.Context, sessions.Record) error  { return errDisk }
func (failing) Update(context.Context, sessions.Record) error  { return errDisk }
func (failing) Delete(context.Context, string) error           { return errDisk }
func (failing) DeleteExpired(context.Context, time.Time) error { return errDisk }

func BenchmarkUntouched(b *testing.B) {
	handler := sessions.Middleware(sessions.Options{Signer: signing.New("secret")})(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	recorder := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(recorder, request)
	}
}

func FuzzCookie(f *testing.F) {
	handler := sessions.Middleware(sessions.Options{Logger: slog.New(slog.DiscardHandler)})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if s := sessions.From(r); !s.IsNew() || s.Err() != nil {
			f.Errorf("a made-up cookie opened a session: %v", s.Err())
		}
	}))
	f.Add("session=abc")
	f.Add("session=" + strings.Repeat("A", 43) + "; session=\"x\"")
	f.Fuzz(func(_ *testing.T, header string) {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header["Cookie"] = []string{header}
		handler.ServeHTTP(httptest.NewRecorder(), request)
	})
}
