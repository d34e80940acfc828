package accesslog_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/server/accesslog"
	"github.com/quintetgo/quintet/framework/server/exchange"
)

// combined is the format of every line, whatever a client sends.
var combined = regexp.MustCompile(`^[!-~ ]+ - - \[[!-Z^-~ ]+\] "[!#-~ ]*" \d+ \d+ "[!#-~ ]*" "[!#-~ ]*"\n$`)

// FuzzLine sends hostile requests. Each results in one line of printable characters with distinguishable fields, in
// both formats; the JSON contains what was sent.
func FuzzLine(f *testing.F) {
	for _, hostile := range []string{
		"plain", "a\r\n127.0.0.1 - - [01/Jan/2000:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"", "\x00", "\x1b[2J\x1b]0;title\x07", `" 200 0 "`, `\`, `\x22`,
		"\u2028\u2029\u0085\u009b31m", "\u202egnp.exe", "é\xff\xfe\U0001f600", "\x7f\x80", `{"status":200}`, "", strings.Repeat("x", 5000), "?a\n", "</script>",
	} {
		f.Add(hostile, hostile)
		f.Add("/", hostile)
		f.Add(hostile, "agent")
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Method, r.Host, r.Proto, r.RemoteAddr, r.RequestURI = first, second, first, second, first
		r.URL = &url.URL{Path: "/" + second}
		r.Header.Set("User-Agent", second)
		r.Header.Set("Referer", first)
		if first == "" {
			r.RequestURI = ""
		}
		h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			exchange.From(r.Context()).Note(exchange.Notes{Route: first, Client: second, RequestID: first})
		})
		for _, format := range []string{accesslog.Combined, accesslog.JSON} {
			path := filepath.Join(t.TempDir(), format)
			log, err := accesslog.Open(path, format, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			exchange.Handler(h, log).ServeHTTP(httptest.NewRecorder(), r)
			if err := log.Close(); err != nil {
				t.Fatal(err)
			}
			text := read(t, path)
			if line, ok := strings.CutSuffix(text, "\n"); !ok || strings.ContainsFunc(line, func(char rune) bool { return char < ' ' || char >= 0x7f }) {
				t.Fatalf("%s: not one line of printable characters: %q", format, text)
			}
			if format == accesslog.Combined {
				if !combined.MatchString(text) {
					t.Errorf("not of the form: %q", text)
				}
				continue
			}
			var got struct {
				UserAgent string `json:"user_agent"`
				Referer   string
				Method    string
			}
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatalf("%v: %q", err, text)
			}
			referer, _, _ := strings.Cut(first, "?")
			if got.UserAgent != valid(second) || got.Referer != valid(referer) || got.Method != valid(first) {
				t.Errorf("sent %q and %q, logged %q, %q and %q", first, second, got.UserAgent, got.Referer, got.Method)
			}
		}
	})
}

// valid is text as JSON can hold it.
func valid(text string) string { return string([]rune(text)) }
