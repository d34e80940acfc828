package requests_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/requests"
)

// site has a view for each way in which a request can end. All of them write a row first.
func site(t *testing.T) (http.Handler, *orm.DB) {
	t.Helper()
	db := ormtest.Open(t)
	for _, statement := range []string{
		"CREATE TABLE parent (id integer PRIMARY KEY)",
		"CREATE TABLE child (parent integer REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
	} {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	insert := func(r *http.Request, parent any) {
		if _, err := db.Exec(r.Context(), "INSERT INTO child (parent) VALUES (?)", parent); err != nil {
			t.Error(err)
		}
	}
	router := web.NewRouter()
	add := func(path string, view func(w http.ResponseWriter, r *http.Request) error) {
		router.Handle(path, web.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("X-View", path)
			return view(w, r)
		}))
	}
	add("/works/", func(w http.ResponseWriter, r *http.Request) error {
		insert(r, nil)
		w.WriteHeader(http.StatusCreated)
		return web.Text(w, "works")
	})
	add("/redirects/", func(w http.ResponseWriter, r *http.Request) error {
		insert(r, nil)
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	})
	add("/says-nothing/", func(_ http.ResponseWriter, r *http.Request) error { insert(r, nil); return nil })
	add("/refuses/", func(_ http.ResponseWriter, r *http.Request) error { insert(r, nil); return web.Forbidden("") })
	add("/writes-400/", func(w http.ResponseWriter, r *http.Request) error {
		insert(r, nil)
		w.WriteHeader(http.StatusBadRequest)
		return nil
	})
	add("/panics/", func(_ http.ResponseWriter, r *http.Request) error { insert(r, nil); panic("boom") })
	add("/cannot-commit/", func(w http.ResponseWriter, r *http.Request) error { insert(r, 1); return web.Text(w, "done") })
	add("/streams/", func(w http.ResponseWriter, r *http.Request) error {
		insert(r, nil)
		_ = web.Text(w, "one ")
		w.(http.Flusher).Flush()
		return web.Text(w, "two")
	})
	add("/streams-in-vain/", func(w http.ResponseWriter, r *http.Request) error {
		insert(r, 1)
		return web.Text(w, strings.Repeat("x", 2<<20))
	})
	router.With(requests.NonAtomic).Handle("/exempt/", web.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) error {
		if db.InTransaction(r.Context()) {
			t.Error("an exempt view runs in a transaction")
		}
		insert(r, nil)
		return web.Forbidden("")
	}))
	return (&web.Site{Router: router, Middleware: []web.Middleware{requests.Atomic(db)}}).Handler(), db
}

func TestAtomic(t *testing.T) {
	t.Parallel()
	handler, db := site(t)
	for _, test := range []struct {
		method, path string
		status       int
		body         string // a part of it
		rows         int64
		aborted      bool
	}{
		{"POST", "/works/", 201, "works", 1, false},
		{"PUT", "/works/", 201, "works", 1, false},
		{"GET", "/works/", 201, "works", 1, false},
		{"POST", "/redirects/", 303, "", 1, false},
		{"POST", "/says-nothing/", 200, "", 1, false},
		{"POST", "/refuses/", 403, "", 0, false},
		{"GET", "/refuses/", 403, "", 1, false}, // no transaction
		{"POST", "/writes-400/", 400, "", 0, false},
		{"POST", "/panics/", 500, "", 0, false},
		{"POST", "/cannot-commit/", 409, "", 0, false},
		{"POST", "/streams/", 200, "one two", 1, false},
		{"POST", "/streams-in-vain/", 200, "xxx", 0, true},
		{"POST", "/exempt/", 403, "", 1, false},
	} {
		if _, err := db.Exec(t.Context(), "DELETE FROM child"); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		aborted := serve(handler, w, httptest.NewRequest(test.method, test.path, nil))
		name := test.method + " " + test.path
		if w.Code != test.status || aborted != test.aborted || !strings.Contains(w.Body.String(), test.body) {
			t.Errorf("%s: %d %.40q, aborted %v", name, w.Code, w.Body, aborted)
		}
		if strings.Contains(w.Body.String(), "done") {
			t.Errorf("%s reports success", name)
		}
		if n := count(t, db); n != test.rows {
			t.Errorf("%s: %d rows", name, n)
		}
		if got := w.Header().Get("X-View"); test.status < 400 && got != test.path {
			t.Errorf("%s: the view's header is %q", name, got)
		}
	}
}

// TestNothingIsOpenBeforeTheFirstStatement checks that a view that has run no statement holds no lock.
func TestNothingIsOpenBeforeTheFirstStatement(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t)
	handler := requests.Atomic(db)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !db.InTransaction(r.Context()) {
			t.Error("no transaction")
		}
		if n := db.Writer().Stats().InUse; n != 0 {
			t.Errorf("%d connections are in use", n)
		}
		if _, err := db.Exec(t.Context(), "CREATE TABLE other (id integer)"); err != nil { // would wait for itself
			t.Error(err)
		}
	}))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil))
}

// serve reports whether the handler closed the connection.
func serve(handler http.Handler, w http.ResponseWriter, r *http.Request) (aborted bool) {
	defer func() {
		switch reason := recover(); reason {
		case nil:
		case http.ErrAbortHandler:
			aborted = true
		default:
			panic(reason)
		}
	}()
	handler.ServeHTTP(w, r)
	return false
}

func count(t *testing.T, db *orm.DB) (n int64) {
	t.Helper()
	if err := db.Writer().QueryRowContext(t.Context(), "SELECT count(*) FROM child").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
