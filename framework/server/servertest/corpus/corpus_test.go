package corpus_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/corpus"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// serve runs handler on a socket of the network until the test ends, and returns its address.
func serve(t *testing.T, network string, handler http.Handler, wrap func(net.Listener) net.Listener) string {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	address = listener.Addr().String()
	if network == "unix" {
		address = "unix:" + address
	}
	server := &httptest.Server{Listener: wrap(listener), Config: &http.Server{Handler: handler, DisableGeneralOptionsHandler: true}}
	server.Start()
	t.Cleanup(server.Close)
	return address
}

func plain(inner net.Listener) net.Listener { return inner }

func checked(inner net.Listener) net.Listener { return strict.Listener(inner, strict.Options{}) }

func TestAStrictServerDoesWhatTheCorpusWants(t *testing.T) {
	t.Parallel()
	cases := corpus.All()
	if len(cases) < 400 {
		t.Fatalf("the corpus has only %d cases", len(cases))
	}
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			counter := corpus.NewCounter(nil)
			report, err := cases.Run(t.Context(), servertest.Dialer(serve(t, network, counter, checked)), counter)
			if err != nil {
				t.Fatal(err)
			}
			if len(report) != len(cases) || len(report.Failed()) > 0 {
				t.Error(report)
			}
		})
	}
}

func TestAPlainServerStaysInStepButLetsSomePass(t *testing.T) {
	t.Parallel()
	counter := corpus.NewCounter(nil)
	cases := corpus.All().Family("both", "coding", "names")
	report, err := cases.Run(t.Context(), servertest.Dialer(serve(t, "tcp", counter, plain)), counter)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(report.Failed()); n < 5 {
		t.Errorf("net/http alone refuses all but %d: the checker would not be needed", n)
	}
	if desynced := report.Desynced(); len(desynced) > 0 {
		t.Error(desynced)
	}
}

func TestAServerThatLosesItsPlaceIsFoundOut(t *testing.T) {
	t.Parallel()
	counter := corpus.NewCounter(nil)
	// The server behaves like one behind a proxy: one path turns a request into two.
	address := serve(t, "tcp", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/two" {
			counter.ServeHTTP(httptest.NewRecorder(), r)
		}
		counter.ServeHTTP(w, r)
	}), plain)
	cases, err := corpus.Parse("own", `
-- two-of-one: pass 1 --
GET /two HTTP/1.1\r\nHost: localhost\r\n\r\n
-- swallows-the-probe: pass 1 --
POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n
-- swallows-it-whole: pass 1 --
POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n
-- closes: pass 1 --
GET /a HTTP/1.0\r\n\r\n
-- may-close: pass 1 then closed --
GET /a HTTP/1.0\r\n\r\n
-- fine: pass 1 --
GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n
`)
	if err != nil {
		t.Fatal(err)
	}
	dial := servertest.Dialer(address)
	report, err := cases.Run(t.Context(), func(ctx context.Context) (net.Conn, error) {
		conn, err := dial(ctx)
		return impatient{conn}, err
	}, counter)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		got        string
		ok, desync bool
	}{
		{"pass 1", false, true},
		{"pass 1 then 400", false, false},
		{"closed", false, true},
		{"pass 1 then closed", false, false},
		{"pass 1 then closed", true, false},
		{"pass 1", true, false},
	}
	for i, result := range report {
		if result.Got.String() != want[i].got || result.OK() != want[i].ok || (result.Desync != "") != want[i].desync {
			t.Errorf("%s: got %q, desync %q; want %+v", result.Case, result.Got, result.Desync, want[i])
		}
	}
	if text := report.String(); !strings.Contains(text, "6 cases: 2 as expected, 4 not, 2 out of sync\n") || !strings.Contains(text, "OUT OF SYNC") || !strings.Contains(text, "did not respond") {
		t.Errorf("report:\n%s", text)
	}
}

// impatient is a connection to a server that does not respond.
type impatient struct{ net.Conn }

func (c impatient) SetDeadline(time.Time) error {
	return c.Conn.SetDeadline(time.Now().Add(5 * time.Second))
}

func TestParse(t *testing.T) {
	t.Parallel()
	cases, err := corpus.Parse("own", "a comment\n\n-- one: pass 2 then body 400 --\nab\\r\\n\ncd\\0\\\\\\xe9\\{2*x\\{3*y}\\t}}\n-- two: cut --\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(cases[0].Raw), "ab\r\ncd\x00\\\xe9xyyy\txyyy\t}"; got != want || cases[0].String() != "own/one" {
		t.Errorf("case %s: %q, want %q", cases[0], got, want)
	}
	if got := cases[0].Want; got != (corpus.Verdict{Pass: 2, Status: 400, Body: true}) || got.String() != "pass 2 then body 400" {
		t.Errorf("verdict %+v, %s", got, got)
	}
	if len(cases) != 2 || !cases[1].Want.Cut || len(cases.Family("other")) != 0 || len(cases.Family("own")) != 2 {
		t.Errorf("cases %v", cases)
	}
	for text, want := range map[string]string{
		"-- one --":                      "not a heading",
		"-- one: maybe --":               "verdict",
		"-- one: pass 0 --":              "verdict",
		"-- a: 400 --\n-- a: 400 --":     "already",
		"-- a: 400 --\n\\":               "at the end",
		"-- a: 400 --\n\\q":              "unknown escape",
		"-- a: 400 --\n\\xz1":            "hexadecimal",
		"-- a: 400 --\n\\x1":             "hexadecimal",
		"-- a: 400 --\n\\{3}":            "NUMBER*TEXT",
		"-- a: 400 --\n\\{3*a":           "without its }",
		"-- a: 400 --\n\\{99999999*abc}": "more than",
	} {
		if _, err := corpus.Parse("own", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("-- a: pass 2 then 400 --\nab\\r\\n\\{3*c\\x00}\n-- b: cut --\n")
	f.Add("-- a: closed --\n\\{2*\\{2*\\{2*x}}}")
	f.Fuzz(func(t *testing.T, text string) {
		cases, err := corpus.Parse("own", text)
		if err != nil {
			return
		}
		for _, c := range cases {
			again, err := corpus.Parse("own", "-- "+c.Name+": "+c.Want.String()+" --\n")
			if err != nil || again[0].Want != c.Want && again[0].Want.String() != c.Want.String() {
				t.Errorf("%s: verdict %+v reads back as %v, %v", c, c.Want, again, err)
			}
		}
	})
}
