package sessions_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/sessions"
)

// shaky is a store whose methods can be made to fail, one by one, or to obey the context as a database does.
type shaky struct {
	*sessions.MemoryStore
	load, write, remove error
}

func (s *shaky) Load(ctx context.Context, id string) (sessions.Record, error) {
	if err := errors.Join(s.load, ctx.Err()); err != nil {
		return sessions.Record{}, err
	}
	return s.MemoryStore.Load(ctx, id)
}

func (s *shaky) Create(ctx context.Context, record sessions.Record) error {
	if err := errors.Join(s.write, ctx.Err()); err != nil {
		return err
	}
	return s.MemoryStore.Create(ctx, record)
}

func (s *shaky) Update(ctx context.Context, record sessions.Record) error {
	if err := errors.Join(s.write, ctx.Err()); err != nil {
		return err
	}
	return s.MemoryStore.Update(ctx, record)
}

func (s *shaky) Delete(ctx context.Context, id string) error {
	if err := errors.Join(s.remove, ctx.Err()); err != nil {
		return err
	}
	return s.MemoryStore.Delete(ctx, id)
}

// withSession returns a site whose browser has a session with a = 1.
func withSession(t *testing.T) (*site, *shaky) {
	t.Helper()
	s, store := newSite(t), &shaky{MemoryStore: sessions.NewMemoryStore()}
	s.options.Store = store
	s.use(func(session *sessions.Session) {
		session.SetUserID("7")
		session.Set("a", 1)
	})
	return s, store
}

var errTrouble = errors.New("database is locked")

func TestASessionThatCannotBeReadIsNotTakenForEmpty(t *testing.T) {
	t.Parallel()
	uses := map[string]func(http.ResponseWriter, *sessions.Session){
		"a value is read":   func(_ http.ResponseWriter, session *sessions.Session) { session.Get("a") },
		"the user is read":  func(_ http.ResponseWriter, session *sessions.Session) { session.UserID() },
		"a value is set":    func(_ http.ResponseWriter, session *sessions.Session) { session.Set("b", 2) },
		"a notice is set":   func(_ http.ResponseWriter, session *sessions.Session) { session.TrySet("b", 2) },
		"the token changes": func(_ http.ResponseWriter, session *sessions.Session) { session.Rotate() },
		"the view redirects": func(w http.ResponseWriter, session *sessions.Session) {
			session.GetString("a")
			w.Header().Set("Location", "/done/")
			w.WriteHeader(http.StatusSeeOther)
		},
	}
	for name, use := range uses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, store := withSession(t)
			before := s.cookie.Value
			store.load = errTrouble
			answer := s.visit(func(w http.ResponseWriter, _ *http.Request, session *sessions.Session) {
				use(w, session)
				if err := session.Err(); !errors.Is(err, sessions.ErrRead) || !errors.Is(err, errTrouble) {
					t.Errorf("Err() = %v, want ErrRead with the cause", err)
				}
			})
			if answer.StatusCode != http.StatusServiceUnavailable || len(answer.Cookies()) != 0 || answer.Header.Get("Location") != "" {
				t.Errorf("status %d, cookies %v, to %q; want 503 and the cookie left alone", answer.StatusCode, answer.Cookies(), answer.Header.Get("Location"))
			}
			if store.load = nil; s.cookie.Value != before || s.get("a") != int64(1) {
				t.Error("the session did not survive")
			}
		})
	}
}

func TestFlushEndsASessionThatCannotBeReadOrFails(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]error{"it can be deleted": nil, "it cannot be deleted": errTrouble} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, store := withSession(t)
			cookie := s.cookie
			store.load, store.remove = errTrouble, remove
			answer := s.use(func(session *sessions.Session) { session.Flush() })
			store.load, store.remove = nil, nil
			s.cookie = cookie
			ended := s.get("a") == nil
			if done := answer.StatusCode == http.StatusOK; done != ended || ended != (remove == nil) {
				t.Errorf("status %d, ended: %v; the response must not claim more than was done", answer.StatusCode, ended)
			}
		})
	}
}

func TestAVisitorWhoHasLeftStillLogsOut(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*sessions.Session){"Flush": (*sessions.Session).Flush, "Rotate": (*sessions.Session).Rotate} {
		s, _ := withSession(t)
		cookie := s.cookie
		handler := sessions.Middleware(s.options)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			session := sessions.From(r)
			session.Get("a") // while the visitor is there
			r.Context().Value(leave{}).(context.CancelFunc)()
			end(session)
		}))
		ctx, cancel := context.WithCancel(t.Context())
		r := httptest.NewRequest(http.MethodPost, "https://example.com/", nil).WithContext(context.WithValue(ctx, leave{}, cancel))
		r.AddCookie(cookie)
		handler.ServeHTTP(httptest.NewRecorder(), r)
		s.cookie = cookie
		if s.get("a") != nil {
			t.Errorf("%s: the old cookie still works", name)
		}
	}
}

type leave struct{}

func TestWorkThatIsDoneIsNotReportedAsAnError(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		use  func(*sessions.Session)
		want int
	}{
		"a notice is set":            {func(session *sessions.Session) { session.TrySet("notice", "saved") }, http.StatusCreated},
		"a notice is taken":          {func(session *sessions.Session) { session.TryDelete("a") }, http.StatusCreated},
		"a value is set":             {func(session *sessions.Session) { session.Set("cart", 3) }, http.StatusInternalServerError},
		"a value and a notice":       {func(session *sessions.Session) { session.Set("cart", 3); session.TrySet("notice", "") }, http.StatusInternalServerError},
		"the token changes":          {func(session *sessions.Session) { session.Rotate() }, http.StatusInternalServerError},
		"the end is only put off":    {func(session *sessions.Session) { session.Get("a") }, http.StatusCreated},
		"a notice beside a deletion": {func(session *sessions.Session) { session.TrySet("notice", ""); session.Delete("a") }, http.StatusInternalServerError},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, store := withSession(t)
			store.write = errTrouble
			if name == "the end is only put off" {
				s.options.Now = func() time.Time { return time.Now().Add(7 * 24 * time.Hour) }
			}
			answer := s.visit(func(w http.ResponseWriter, _ *http.Request, session *sessions.Session) {
				c.use(session)
				w.WriteHeader(http.StatusCreated)
				_, _ = io.WriteString(w, "stored")
			})
			if answer.StatusCode != c.want {
				t.Errorf("status %d, want %d", answer.StatusCode, c.want)
			}
		})
	}
}

func TestASessionMadeWhileTheClockWasAheadDoesNotOutliveItsAge(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	start := time.Now()
	cases := map[string]struct {
		jump   time.Duration // of the clock at login
		after  time.Duration // of the visit, from the true time of the login
		wanted bool
	}{
		"right clock":                 {0, 13 * day, true},
		"servers differ a little":     {time.Minute, time.Hour, true},
		"put right at once":           {30 * day, time.Minute, false},
		"within the age":              {30 * day, 13 * day, false},
		"after the age":               {30 * day, 15 * day, false},
		"where the jump has led":      {30 * day, 31 * day, true}, // not told from a session of that day
		"a year ahead, a month later": {365 * day, 31 * day, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			now := start.Add(c.jump)
			s.options.Now = func() time.Time { return now }
			s.use(func(session *sessions.Session) { session.Set("a", 1) })
			now = start.Add(c.after)
			if got := s.get("a") != nil; got != c.wanted {
				t.Errorf("session there: %v, want %v", got, c.wanted)
			}
		})
	}
}

func TestAnAgeThatWasShortenedHoldsForOldSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	now := time.Now()
	s.options.Now, s.options.MaxAge = func() time.Time { return now }, 10*time.Hour
	s.use(func(session *sessions.Session) { session.Set("a", 1) })
	s.options.MaxAge, now = time.Hour, now.Add(2*time.Hour)
	if s.get("a") != nil {
		t.Error("a session that was idle for longer than its age is there")
	}
}

func TestARecordThatIsBrokenEndsAndIsRemoved(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "{", "[]", `{"t":1,"v":{}} x`, "\x00"} {
		s, store := withSession(t)
		var id string
		s.use(func(session *sessions.Session) { id = session.ID() })
		record, err := store.Load(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		record.Data = []byte(data)
		if err := store.Update(t.Context(), record); err != nil {
			t.Fatal(err)
		}
		if answer := s.use(func(session *sessions.Session) { session.UserID() }); answer.StatusCode != http.StatusOK || s.cookie != nil {
			t.Errorf("%q: status %d, cookie %v; want a visitor who can start again", data, answer.StatusCode, s.cookie)
		}
		if _, err := store.Load(t.Context(), id); !errors.Is(err, sessions.ErrNotFound) {
			t.Errorf("%q: the record is still there", data)
		}
	}
}

func TestAskingWhetherThereIsASessionKeepsThePageCacheable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := func() (present bool, header http.Header) {
		answer := s.use(func(session *sessions.Session) { present = session.Present() })
		return present, answer.Header
	}
	if present, header := ask(); present || header.Get("Vary") != "Cookie" || header.Get("Cache-Control") != "" || header.Get("Set-Cookie") != "" {
		t.Errorf("without a session: %v, %v; want only Vary: Cookie", present, header)
	}
	s.use(func(session *sessions.Session) { session.Set("a", 1) })
	if present, _ := ask(); !present {
		t.Error("a session that is there was not seen")
	}
	s.cookie = nil
	answer := s.use(func(session *sessions.Session) {
		session.Set("a", 1)
		if !session.Present() {
			t.Error("a session that begins was not seen")
		}
	})
	if answer.Header.Get("Cache-Control") != "private" {
		t.Errorf("header %v, want a private response", answer.Header)
	}
}
