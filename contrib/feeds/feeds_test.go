package feeds_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/contrib/feeds"
	"github.com/quintetgo/quintet/framework/web"
)

// hostile is a title with everything that breaks feeds: markup, a CDATA end, control characters, broken UTF-8.
const hostile = "<script>alert(1)</script> & ]]> \x00\x07\x1b\u0085\uFFFE bad \xff bytes “Ünïcödé” 日本語 🎸"

func sample(items ...feeds.Item) feeds.Feed {
	return feeds.Feed{
		Title: "Notes & more", Link: web.Path("/posts/"), Description: "What we wrote", Language: "en",
		Author: feeds.Person{Name: "Ada", Email: "ada@example.com"}, Categories: []string{"music", "go"},
		Items: func(context.Context) ([]feeds.Item, error) { return items, nil },
	}
}

var june = time.Date(2026, time.June, 3, 10, 20, 30, 0, time.FixedZone("", 7200))

func items() []feeds.Item {
	return []feeds.Item{
		{
			Title: hostile, Link: web.Path("/posts/one two/?a=1&b=2"), Summary: hostile, Content: "<p>Whole " + hostile + "</p>",
			Published: june, Updated: june.Add(time.Hour), Author: feeds.Person{Name: "Django & Stéphane"},
			Categories: []string{"swing", "a<b", "\x00"}, Comments: web.Path("/posts/one/#comments"),
			Enclosure: &feeds.Enclosure{URL: "/a.mp3", Type: "audio/mpeg", Length: 1234},
		},
		{Title: "Second", Link: web.Path("https://elsewhere.example/2"), Published: june.AddDate(0, -1, 0), ID: "tag:example.com,2026:2"},
		{Title: "No date", Link: web.Path("/posts/three/")},
	}
}

func get(t *testing.T, view web.HandlerFunc, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.com/feed.x", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	view.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFeedsHoldWhatTheyAreGiven(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, mediaType string
		view            web.HandlerFunc
		want            []string
	}{
		{"rss", "application/rss+xml; charset=utf-8", sample(items()...).RSS, []string{
			`<atom:link href="http://example.com/feed.x" rel="self"`, "<link>http://example.com/posts/</link>",
			"<link>http://example.com/posts/one%20two/?a=1&amp;b=2</link>", "<category>swing</category>", "<category>a&lt;b</category>",
			"<dc:creator>Django &amp; Stéphane</dc:creator>", "<author>ada@example.com (Ada)</author>",
			`<guid isPermaLink="false">tag:example.com,2026:2</guid>`, "<pubDate>Wed, 03 Jun 2026 08:20:30 +0000</pubDate>",
			"<comments>http://example.com/posts/one/#comments</comments>", `<enclosure url="http://example.com/a.mp3" length="1234" type="audio/mpeg">`,
		}},
		{"atom", "application/atom+xml; charset=utf-8", sample(items()...).Atom, []string{
			`<category term="a&lt;b">`, "<updated>2026-06-03T09:20:30Z</updated>", "<published>2026-06-03T08:20:30Z</published>",
			"<id>tag:example.com,2026:2</id>", `<link href="http://example.com/feed.x" rel="self"`, `xml:lang="en"`,
		}},
		{"json", "application/feed+json; charset=utf-8", sample(items()...).JSON, []string{
			`"feed_url": "http://example.com/feed.x"`, `"url": "http://example.com/posts/one%20two/?a=1\u0026b=2"`, `"date_published": "2026-06-03T08:20:30Z"`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			response := get(t, test.view)
			if got := response.Header.Get("Content-Type"); got != test.mediaType {
				t.Errorf("Content-Type %q, want %q", got, test.mediaType)
			}
			if got := response.Header.Get("Last-Modified"); got != "Wed, 03 Jun 2026 09:20:30 GMT" {
				t.Errorf("Last-Modified %q is not the newest item's", got)
			}
			text := body(t, response)
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in\n%s", want, text)
				}
			}
			if strings.ContainsAny(text, "\x00\x07\x1b\ufffe\ufffd") {
				t.Errorf("characters that XML cannot carry are left in\n%q", text)
			}
		})
	}
}

func TestEmptyFeedsAreValid(t *testing.T) {
	t.Parallel()
	empty := feeds.Feed{Title: "Nothing yet"}
	for name, view := range map[string]web.HandlerFunc{"rss": empty.RSS, "atom": empty.Atom} {
		var root struct{ XMLName xml.Name }
		response := get(t, view)
		if response.Header.Get("Last-Modified") != "" {
			t.Errorf("%s: an empty feed was never modified", name)
		}
		if err := xml.Unmarshal([]byte(body(t, response)), &root); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var feed map[string]any
	if err := json.Unmarshal([]byte(body(t, get(t, empty.JSON))), &feed); err != nil {
		t.Fatal(err)
	}
	if list, ok := feed["items"].([]any); !ok || len(list) != 0 {
		t.Errorf("items is %v, want an empty array", feed["items"])
	}
}

func TestNothingIsInvented(t *testing.T) {
	t.Parallel()
	bare := feeds.Feed{Title: "Bare", Items: func(context.Context) ([]feeds.Item, error) {
		return []feeds.Item{{Title: "Undated", Link: web.Path("/a/")}}, nil
	}}
	atom, rss := body(t, get(t, bare.Atom)), body(t, get(t, bare.RSS))
	for _, absent := range []string{"<author>", "<published>", "2000-01-01", "0001"} {
		if strings.Contains(atom, absent) {
			t.Errorf("%s in\n%s", absent, atom)
		}
	}
	for _, absent := range []string{"<author>", "<pubDate>", "<ttl>", "creator>", "managingEditor"} {
		if strings.Contains(rss, absent) {
			t.Errorf("%s in\n%s", absent, rss)
		}
	}
	// The feed itself has a date, that of the response; its entry has none.
	if strings.Count(atom, "<updated>") != 1 || strings.Index(atom, "<updated>") > strings.Index(atom, "<entry>") || strings.Count(rss, "<lastBuildDate>") != 1 {
		t.Errorf("want one date in\n%s\n%s", atom, rss)
	}
	first := get(t, bare.RSS)
	if again := get(t, bare.RSS, "If-None-Match", first.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("status %d, want 304: nothing has changed", again.StatusCode)
	}
	dated := sample(items()...)
	dated.TTL = 90 * time.Second
	for _, want := range []string{"<ttl>2</ttl>", "<lastBuildDate>Wed, 03 Jun 2026 09:20:30 +0000</lastBuildDate>"} {
		if text := body(t, get(t, dated.RSS)); !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestStrangeItemsTakeNothingAway(t *testing.T) {
	t.Parallel()
	feed := feeds.Feed{Title: "Strange", BaseURL: "https://example.org/b%20c/", Items: func(context.Context) ([]feeds.Item, error) {
		return []feeds.Item{
			{Title: "a\x00<&>", Link: web.Path("/tags/100%/")},
			{Title: "b", Link: web.Path("/a b?q=ä#ö")},
			{Title: "c", Link: web.Path("/x%2Fy/ü")},
			{Title: "d", Link: web.Path("/late/"), Published: time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC)},
			{Title: "e", Link: web.Path("/early/"), Updated: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)},
			{Title: "f", Link: web.Path("/last/"), Published: time.Date(2026, time.June, 3, 0, 0, 0, 0, time.UTC)},
		}, nil
	}}
	for name, view := range map[string]web.HandlerFunc{"rss": feed.RSS, "atom": feed.Atom, "json": feed.JSON} {
		text := body(t, get(t, view))
		for _, want := range []string{"https://example.org/b%20c/tags/100%25/", "https://example.org/b%20c/a%20b?q=%C3%A4#%C3%B6", "https://example.org/b%20c/x%2Fy/%C3%BC", "https://example.org/b%20c/last/", "2026"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in\n%s", name, want, text)
			}
		}
		for _, absent := range []string{"12345", "-0001", "0001-"} {
			if strings.Contains(text, absent) {
				t.Errorf("%s: %s in\n%s", name, absent, text)
			}
		}
	}
}

func TestBaseURLWinsOverTheRequest(t *testing.T) {
	t.Parallel()
	feed := sample(items()...)
	feed.BaseURL = "https://example.org/site"
	text := body(t, get(t, feed.RSS))
	for _, want := range []string{"<link>https://example.org/site/posts/</link>", "https://example.org/site/posts/one%20two/?a=1&amp;b=2", "https://elsewhere.example/2"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestReadersThatAskAgainGetNothing(t *testing.T) {
	t.Parallel()
	feed := sample(items()...)
	first := get(t, feed.RSS)
	etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if etag == "" {
		t.Fatal("no ETag")
	}
	for _, header := range [][]string{{"If-None-Match", etag}, {"If-Modified-Since", modified}, {"If-None-Match", `"other", W/` + etag}} {
		if got := get(t, feed.RSS, header...).StatusCode; got != http.StatusNotModified {
			t.Errorf("%v: status %d, want 304", header, got)
		}
	}
	fewer := sample(items()[:2]...)
	if got := get(t, fewer.RSS, "If-None-Match", etag, "If-Modified-Since", modified).StatusCode; got != http.StatusOK {
		t.Errorf("an item was taken out, but the status is %d", got)
	}
}

func TestProblemsAreErrorsOfTheView(t *testing.T) {
	t.Parallel()
	broken := errors.New("no database")
	feed := feeds.Feed{Title: "Broken", Items: func(context.Context) ([]feeds.Item, error) { return nil, broken }}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if err := feed.Atom(httptest.NewRecorder(), r); !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of Items", err)
	}
	nameless := sample(feeds.Item{Title: "Lost"})
	if err := nameless.RSS(httptest.NewRecorder(), r); err == nil || !strings.Contains(err.Error(), `"Lost"`) {
		t.Errorf("got %v, want an error that names the item", err)
	}
}

func FuzzFeedsStayWellFormed(f *testing.F) {
	f.Add("title", "/link", "summary")
	f.Add(hostile, "http://[::1", "]]>")
	f.Add("%", "//x/%zz", "\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, title, link, summary string) {
		feed := feeds.Feed{
			Title: title, Link: web.Path(link), Description: summary, Categories: []string{title}, Author: feeds.Person{Name: title, Email: summary},
			Items: func(context.Context) ([]feeds.Item, error) {
				return []feeds.Item{{Title: title, Link: web.Path("/" + link), ID: link, Summary: summary, Content: summary, Categories: []string{summary}}}, nil
			},
		}
		for _, view := range []web.HandlerFunc{feed.RSS, feed.Atom} {
			decoder := xml.NewDecoder(strings.NewReader(body(t, get(t, view))))
			for {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		}
		if !json.Valid([]byte(body(t, get(t, feed.JSON)))) {
			t.Error("not JSON")
		}
	})
}
