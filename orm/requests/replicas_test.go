package requests_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/requests"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// replicated returns a database and its replica, which never receives what is written: each has a table with its name.
func replicated(t *testing.T) *orm.DB {
	t.Helper()
	urls := map[string]string{}
	for _, name := range []string{"primary", "replica"} {
		urls[name] = "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), name+".sqlite3"))
		db := orm.MustOpen(urls[name], sqlite.Driver)
		for _, statement := range []string{"CREATE TABLE place (name text)", "INSERT INTO place VALUES ('" + name + "')"} {
			if _, err := db.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := orm.MustOpen(urls["primary"], sqlite.Driver)
	if err := db.AddReplica(urls["replica"], sqlite.Driver); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// place returns which database a read reaches.
func place(ctx context.Context, t *testing.T, db *orm.DB) string {
	t.Helper()
	rows, err := db.Query(ctx, "SELECT name FROM place")
	if err != nil {
		t.Error(err)
		return ""
	}
	defer rows.Close()
	name := ""
	for rows.Next() {
		if err := rows.Scan(&name); err != nil {
			t.Error(err)
		}
	}
	return name
}

func TestReadsThatMayGoToReplicas(t *testing.T) {
	t.Parallel()
	db := replicated(t)
	write := func(ctx context.Context) {
		if _, err := db.Exec(ctx, "CREATE TABLE IF NOT EXISTS other (id integer)"); err != nil {
			t.Error(err)
		}
	}
	if got := place(t.Context(), t, db); got != "primary" {
		t.Errorf("a plain context reads from the %s", got)
	}
	ctx := orm.WithReplicas(t.Context())
	if got := place(ctx, t, db); got != "replica" {
		t.Errorf("a context with replicas reads from the %s", got)
	}
	if err := db.Atomic(ctx, func(ctx context.Context) error {
		if got := place(ctx, t, db); got != "primary" {
			t.Errorf("a transaction reads from the %s", got)
		}
		return nil
	}, orm.ReadOnly); err != nil {
		t.Error(err)
	}
	write(ctx)
	if got := place(ctx, t, db); got != "primary" {
		t.Errorf("a context that wrote reads from the %s", got)
	}
	if err := db.PingReplicas(t.Context()); err != nil {
		t.Error(err)
	}
	if err := db.AddReplica("sqlite:///nowhere/db.sqlite3", sqlite.Driver); err == nil {
		t.Error("a replica without a folder was accepted")
	}
}

func TestReplicasOfRequests(t *testing.T) {
	t.Parallel()
	db := replicated(t)
	router := web.NewRouter()
	router.Handle("/", web.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.Query().Has("write") {
			if _, err := db.Exec(r.Context(), "CREATE TABLE IF NOT EXISTS other (id integer)"); err != nil {
				return err
			}
		}
		return web.Text(w, place(r.Context(), t, db))
	}))
	handler := (&web.Site{Router: router, Middleware: []web.Middleware{requests.Replicas(90 * time.Second)}}).Handler()
	var cookies []*http.Cookie
	for _, test := range []struct {
		method, target, want string
		sets                 bool
	}{
		{"GET", "/", "replica", false},
		{"GET", "/?write", "primary", true},
		{"GET", "/", "primary", false}, // by the cookie
		{"POST", "/", "primary", true},
	} {
		r := httptest.NewRequest(test.method, test.target, nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		set := w.Header().Get("Set-Cookie")
		if w.Body.String() != test.want || (set != "") != test.sets || test.sets && !strings.Contains(set, "Max-Age=90; HttpOnly") {
			t.Errorf("%s %s: %s, cookie %q", test.method, test.target, w.Body, set)
		}
		if test.sets {
			cookies = w.Result().Cookies()
		}
	}
}
