package sitemaps_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/contrib/sitemaps"
	"github.com/quintetgo/quintet/framework/web"
)

var june = time.Date(2026, time.June, 3, 10, 0, 0, 0, time.UTC)

// numbers is a source of n pages.
type numbers int

func (n numbers) Count(context.Context) (int, error) { return int(n), nil }

func (n numbers) Page(_ context.Context, offset, limit int) ([]sitemaps.Item, error) {
	var items []sitemaps.Item
	for i := offset; i < min(offset+limit, int(n)); i++ {
		items = append(items, sitemaps.Item{Location: web.Path(fmt.Sprintf("/n/%d/", i)), LastMod: june.Add(time.Duration(i) * time.Minute)})
	}
	return items, nil
}

func (n numbers) LastMod(context.Context) (time.Time, error) { return june, nil }

func handler(app sitemaps.App) http.Handler {
	r := web.NewRouter()
	r.Include("/", app)
	return (&web.Site{Router: r}).Handler()
}

func get(t *testing.T, app sitemaps.App, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.com"+path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler(app).ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

func TestFewPagesAreOneFile(t *testing.T) {
	t.Parallel()
	app := sitemaps.App{Maps: []sitemaps.Map{
		{Name: "pages", Source: sitemaps.Pages(web.Path("/"), web.Path("/über uns/?a=1&b=<2>")), ChangeFreq: sitemaps.Weekly, Priority: 0.5},
		{Name: "posts", Source: sitemaps.Func(func(context.Context) ([]sitemaps.Item, error) {
			return []sitemaps.Item{{Location: web.Path("/p/1/"), LastMod: june, Priority: 1}, {Location: web.Path("https://example.com/p/2/"), ChangeFreq: sitemaps.Never}}, nil
		})},
	}}
	response, body := get(t, app, "/sitemap.xml")
	for _, want := range []string{
		`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`,
		"<url><loc>http://example.com/</loc><changefreq>weekly</changefreq><priority>0.5</priority></url>",
		"<loc>http://example.com/%C3%BCber%20uns/?a=1&amp;b=&lt;2&gt;</loc>",
		"<url><loc>http://example.com/p/1/</loc><lastmod>2026-06-03T10:00:00Z</lastmod><priority>1</priority></url>",
		"<url><loc>https://example.com/p/2/</loc><changefreq>never</changefreq></url>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	if got := response.Header.Get("Content-Type"); got != "application/xml; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	for _, header := range []string{"ETag", "Last-Modified"} {
		name := map[string]string{"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[header]
		if again, _ := get(t, app, "/sitemap.xml", name, response.Header.Get(header)); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: status %d, want 304", name, again.StatusCode)
		}
	}
}

func TestStrangeItemsTakeNothingAway(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, time.June, 3, 0, 0, 0, 0, time.FixedZone("", 7200))
	items := []struct {
		item sitemaps.Item
		want string // of its entry; "" if it is left out
	}{
		{sitemaps.Item{Location: web.Path("/first/")}, "<loc>http://example.com/first/</loc>"},
		{sitemaps.Item{Location: web.Path("/tags/100%/")}, "<loc>http://example.com/tags/100%25/</loc>"},
		{sitemaps.Item{Location: web.Path("/tags/100%zz/%41%2F")}, "<loc>http://example.com/tags/100%25zz/%41%2F</loc>"},
		{sitemaps.Item{Location: web.Path("/a\tb\x00\n/\xff/")}, "<loc>http://example.com/a%09b%00%0A/%FF/</loc>"},
		{sitemaps.Item{Location: web.Path("/a?q=ä b%&x=<1>#50%")}, "<loc>http://example.com/a?q=%C3%A4%20b%25&amp;x=&lt;1&gt;#50%25</loc>"},
		{sitemaps.Item{Location: web.Path("100%:x/")}, "<loc>http://example.com/100%25:x/</loc>"},
		{sitemaps.Item{Location: web.Path("/[::1/{x}|")}, "<loc>http://example.com/[::1/%7Bx%7D%7C</loc>"},
		{sitemaps.Item{Location: web.Path("https://elsewhere.example/100%/ä")}, "<loc>https://elsewhere.example/100%25/%C3%A4</loc>"},
		{sitemaps.Item{Location: web.Path("http://[::1/")}, ""},
		{sitemaps.Item{Location: web.Path("  ")}, ""},
		{sitemaps.Item{Location: web.Path("/f/"), ChangeFreq: "sometimes"}, "<loc>http://example.com/f/</loc>"},
		{sitemaps.Item{Location: web.Path("/p/"), Priority: math.NaN()}, "<loc>http://example.com/p/</loc>"},
		{sitemaps.Item{Location: web.Path("/y/"), LastMod: time.Date(12345, 1, 1, 0, 0, 0, 1, time.UTC)}, "<loc>http://example.com/y/</loc>"},
		{sitemaps.Item{Location: web.Path("/d/"), LastMod: midnight}, "<loc>http://example.com/d/</loc><lastmod>2026-06-03</lastmod>"},
		{sitemaps.Item{Location: web.Path("/t/"), LastMod: midnight.Add(time.Second)}, "<loc>http://example.com/t/</loc><lastmod>2026-06-02T22:00:01Z</lastmod>"},
		{sitemaps.Item{Location: web.Path("/last/")}, "<loc>http://example.com/last/</loc>"},
	}
	app := sitemaps.App{Maps: []sitemaps.Map{{Name: "p", Source: sitemaps.Func(func(context.Context) ([]sitemaps.Item, error) {
		var list []sitemaps.Item
		for _, i := range items {
			list = append(list, i.item)
		}
		return list, nil
	})}}}
	for _, path := range []string{"/sitemap.xml", "/sitemap-p.xml"} {
		response, body := get(t, app, path)
		if got := response.Header.Get("X-Robots-Tag"); response.StatusCode != http.StatusOK || got != "noindex, noodp, noarchive" {
			t.Errorf("%s: status %d, X-Robots-Tag %q", path, response.StatusCode, got)
		}
		want := 0
		for _, i := range items {
			if i.want == "" {
				continue
			}
			if want++; !strings.Contains(body, "<url>"+i.want+"</url>") {
				t.Errorf("%s: no entry %s for %q in\n%s", path, i.want, i.item.Location, body)
			}
		}
		if got := strings.Count(body, "<url>"); got != want {
			t.Errorf("%s has %d entries, want %d", path, got, want)
		}
	}
}

func TestManyPagesGetAnIndex(t *testing.T) {
	t.Parallel()
	app := sitemaps.App{Maps: []sitemaps.Map{{Name: "pages", Source: sitemaps.Pages(web.Path("/"))}, {Name: "numbers", Source: numbers(100_001)}}}
	_, body := get(t, app, "/sitemap.xml")
	var index struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Files   []struct {
			Location string `xml:"loc"`
			LastMod  string `xml:"lastmod"`
		} `xml:"sitemap"`
	}
	if err := xml.Unmarshal([]byte(body), &index); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{
		"http://example.com/sitemap-pages.xml": 1, "http://example.com/sitemap-numbers.xml": 50_000,
		"http://example.com/sitemap-numbers.xml?p=2": 50_000, "http://example.com/sitemap-numbers.xml?p=3": 1,
	}
	if len(index.Files) != len(counts) {
		t.Fatalf("%d files in\n%s", len(index.Files), body)
	}
	for _, file := range index.Files {
		_, page := get(t, app, strings.TrimPrefix(file.Location, "http://example.com"))
		if got := strings.Count(page, "<loc>"); got != counts[file.Location] {
			t.Errorf("%s holds %d pages, want %d", file.Location, got, counts[file.Location])
		}
		if strings.Contains(file.Location, "numbers") && file.LastMod != "2026-06-03T10:00:00Z" {
			t.Errorf("%s: lastmod %q", file.Location, file.LastMod)
		}
	}
}

func TestAbsentFilesAnswer404(t *testing.T) {
	t.Parallel()
	app := sitemaps.App{Limit: 10, Maps: []sitemaps.Map{{Name: "numbers", Source: numbers(15)}}}
	for path, want := range map[string]int{
		"/sitemap-numbers.xml": 200, "/sitemap-numbers.xml?p=2": 200, "/sitemap-numbers.xml?p=3": 404, "/sitemap-numbers.xml?p=0": 404,
		"/sitemap-numbers.xml?p=x": 404, "/sitemap-numbers.xml?p=9999999999999999999999": 404, "/sitemap-other.xml": 404,
	} {
		if response, _ := get(t, app, path); response.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, response.StatusCode, want)
		}
	}
}

func TestChecksNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	app := sitemaps.App{BaseURL: "example.com", Maps: []sitemaps.Map{
		{Name: "Bad Name", Source: sitemaps.Pages(web.Path("/"))},
		{Name: "a", Source: sitemaps.Pages(web.Path("/")), ChangeFreq: "montly"},
		{Name: "a", Priority: 2},
	}}
	var all strings.Builder
	for _, p := range app.Checks(t.Context()) {
		all.WriteString(p.String() + "\n")
	}
	for _, want := range []string{`"example.com"`, `"Bad Name"`, `unknown change frequency "montly"; did you mean "monthly"?`, `"a" is used twice`, `"a" has no Source`, "priority 2"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("nothing says %s:\n%s", want, all.String())
		}
	}
	fine := sitemaps.App{BaseURL: "https://example.com", Maps: []sitemaps.Map{{Name: "pages", Source: sitemaps.Pages(web.Path("/"))}}}
	if problems := fine.Checks(t.Context()); len(problems) != 0 {
		t.Errorf("a good app has problems: %v", problems)
	}
}

func TestErrorsOfASourceAnswer500(t *testing.T) {
	t.Parallel()
	app := sitemaps.App{Maps: []sitemaps.Map{{Name: "a", Source: sitemaps.Func(func(context.Context) ([]sitemaps.Item, error) { return nil, errors.New("no database") })}}}
	if response, _ := get(t, app, "/sitemap.xml"); response.StatusCode != http.StatusInternalServerError {
		t.Errorf("status %d, want 500", response.StatusCode)
	}
}

func TestXMLToolsAcceptTheFiles(t *testing.T) {
	t.Parallel()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: apt install libxml2-utils")
	}
	app := sitemaps.App{Limit: 3, BaseURL: "https://exämple.com/a&b/", Maps: []sitemaps.Map{{Name: "numbers", Source: numbers(4)}, {Name: "odd", Source: sitemaps.Pages(web.Path("/]]>/<&>\"'"))}}}
	for _, path := range []string{"/sitemap.xml", "/sitemap-numbers.xml", "/sitemap-odd.xml"} {
		_, body := get(t, app, path)
		cmd := exec.CommandContext(t.Context(), xmllint, "--noout", "-")
		cmd.Stdin = strings.NewReader(body)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s\n%s", path, err, out, body)
		}
	}
}

func FuzzLocationsStayWellFormed(f *testing.F) {
	f.Add("/a b/?q=<>&")
	f.Add("//host/%zz")
	f.Add("\x00\xff]]>")
	f.Fuzz(func(t *testing.T, location string) {
		response, body := get(t, sitemaps.App{Maps: []sitemaps.Map{{Name: "a", Source: sitemaps.Pages(web.Path(location))}}}, "/sitemap.xml")
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%q: status %d", location, response.StatusCode)
		}
		var set struct {
			Locations []string `xml:"url>loc"`
		}
		if err := xml.Unmarshal([]byte(body), &set); err != nil {
			t.Fatal(err)
		}
		if len(set.Locations) > 1 || len(set.Locations) == 1 && !strings.Contains(set.Locations[0], ":") {
			t.Errorf("%q became %q", location, set.Locations)
		}
	})
}
