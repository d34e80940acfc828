package framework_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
)

const germanCatalog = `msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Welcome back, {name}"
msgstr "Willkommen zurück, {name}"

msgid "{count} post"
msgid_plural "{count} posts"
msgstr[0] "{count} Beitrag"
msgstr[1] "{count} Beiträge"

msgctxt "month name"
msgid "May"
msgstr "Mai"

msgid "{name} was saved."
msgstr "{name} wurde gespeichert."

msgid "Not here."
msgstr "Nicht hier."
`

const translatedPage = `<html lang="{{ .language.Code }}" dir="{{ .language.Dir }}">` +
	`{{ t "Welcome back, {name}" "name" .name }}|{{ tn "{count} post" "{count} posts" .n }}|{{ tc "month name" "May" }}|` +
	`{{ date "medium" .day }}|{{ .notice }}|{{ range .languages }}{{ .OwnName }} {{ end }}|{{ range .messages }}{{ . }}{{ end }}`

// multilingual is a site whose only page is a translated one.
func multilingual(t *testing.T, s framework.Settings) *webtest.Client {
	t.Helper()
	s.Assets = fstest.MapFS{
		"templates/page.html":               {Data: []byte(translatedPage)},
		"locale/de/LC_MESSAGES/messages.po": {Data: []byte(germanCatalog)},
		"locale/ar/LC_MESSAGES/messages.po": {Data: []byte("msgid \"May\"\nmsgstr \"x\"\n")},
	}
	s.Logger = quiet()
	s.Routes = func(r *web.Router) {
		r.Get("/", func(w http.ResponseWriter, r *http.Request) error {
			return web.Render(w, r, "page.html", web.Data{
				"name": "<Ada>", "n": 1234, "day": time.Date(2026, time.December, 31, 0, 0, 0, 0, time.UTC),
				"notice": message.New("", "{name} was saved.", message.Args{"name": "Post"}),
			})
		})
		r.Post("/", func(w http.ResponseWriter, r *http.Request) error {
			messages.Success(r, "{name} was saved.", message.Args{"name": "X"})
			return web.Text(w, i18n.T(r.Context(), "Welcome back, {name}", message.Args{"name": "Ada"}))
		})
		r.Get("/missing/", func(http.ResponseWriter, *http.Request) error { return web.NotFound("Not here.") })
		if len(s.Languages) > 0 {
			r.Include("/language/", "languages")
		}
	}
	p := framework.New(s)
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	return webtest.New(t, p)
}

func inLanguage(c *webtest.Client, accept string) *webtest.Response {
	r := c.Request(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Language", accept)
	return c.Do(r)
}

func TestLanguageOfARequest(t *testing.T) {
	c := multilingual(t, framework.Settings{Languages: []string{"de", "ar"}})
	english := `<html lang="en" dir="ltr">Welcome back, &lt;Ada&gt;|1,234 posts|May|31 December 2026|Post was saved.|English Deutsch العربية |`
	german := `<html lang="de" dir="ltr">Willkommen zurück, &lt;Ada&gt;|1.234 Beiträge|Mai|31. Dezember 2026|Post wurde gespeichert.|English Deutsch العربية |`
	for _, test := range []struct{ accept, code, want string }{
		{"", "en", english},
		{"fr", "en", english},
		{"de-CH,de;q=0.8", "de", german},
		{"ar", "ar", `<html lang="ar" dir="rtl">Welcome back`},
	} {
		response := inLanguage(c, test.accept)
		if !strings.HasPrefix(response.Body, test.want) {
			t.Errorf("%q:\n%s\nwant\n%s", test.accept, response.Body, test.want)
		}
		vary := response.Header.Values("Vary")
		if response.Header.Get("Content-Language") != test.code || !slices.Contains(vary, "Accept-Language") || !slices.Contains(vary, "Cookie") {
			t.Errorf("%q: Content-Language %q, Vary %q", test.accept, response.Header.Get("Content-Language"), vary)
		}
	}

	// The visitor's choice is stronger than the header, and kept.
	response := c.Post("/language/", url.Values{"language": {"de"}, "next": {"/"}})
	if response.Status != http.StatusSeeOther || response.Header.Get("Location") != "/" {
		t.Fatalf("the choice: %d, %s", response.Status, response.Body)
	}
	if got := inLanguage(c, "ar"); !strings.HasPrefix(got.Body, german) {
		t.Errorf("after the choice:\n%s", got.Body)
	}
	if got := c.Post("/", nil).Body; got != "Willkommen zurück, Ada" {
		t.Errorf("in a view: %s", got)
	}
	if got := inLanguage(c, "").Body; !strings.HasSuffix(got, "X wurde gespeichert.") {
		t.Errorf("a notice: %s", got)
	}
	r := c.Request(http.MethodGet, "/missing/", nil)
	r.Header.Set("Accept", "application/json")
	if got := c.Do(r).Body; !strings.Contains(got, "Nicht hier.") {
		t.Errorf("an error: %s", got)
	}

	// Neither a language that is not offered nor another site is accepted.
	if got := c.Post("/language/", url.Values{"language": {"fr"}}); got.Status != http.StatusBadRequest {
		t.Errorf("a language that is not offered: %d", got.Status)
	}
	if got := c.Post("/language/", url.Values{"language": {"de"}, "next": {"//evil.example/"}}); got.Header.Get("Location") != "/" {
		t.Errorf("another site: %s", got.Header.Get("Location"))
	}
	c.SetCookie(&http.Cookie{Name: "language", Value: "../../x"})
	if got := inLanguage(c, "ar"); !strings.Contains(got.Body, `lang="ar"`) {
		t.Errorf("a cookie that names no language: %s", got.Body)
	}
}

// A project with one language neither looks at the header nor sends Vary for it.
func TestOneLanguage(t *testing.T) {
	c := multilingual(t, framework.Settings{LanguageCode: "de"})
	response := inLanguage(c, "ar, en")
	if !strings.HasPrefix(response.Body, `<html lang="de" dir="ltr">Willkommen zurück`) {
		t.Error(response.Body)
	}
	if vary := response.Header.Values("Vary"); slices.Contains(vary, "Accept-Language") || response.Header.Get("Content-Language") != "" {
		t.Errorf("Vary %q, Content-Language %q", vary, response.Header.Get("Content-Language"))
	}
}

func TestProblemsOfLanguages(t *testing.T) {
	for want, s := range map[string]framework.Settings{
		`"klingon" is not a language`: {Languages: []string{"klingon"}},
		"messages.po: line 1":         {Languages: []string{"de"}, Assets: fstest.MapFS{"locale/de/LC_MESSAGES/messages.po": {Data: []byte("msgid x")}}},
	} {
		if err := project(t, s).Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestMalformedTranslationsInTemplates(t *testing.T) {
	for text, want := range map[string]string{
		`{{ t "x" "name" }}`:    "the value of name is missing",
		`{{ tn "x" "y" "z" }}`:  "want a whole number",
		`{{ tn "x" }}`:          "the text for other numbers",
		`{{ tc "x" }}`:          "a context and a text",
		`{{ t "x {a}" 1 "b" }}`: "is not the name of a placeholder",
	} {
		s := framework.Settings{Logger: quiet(), Debug: true, Assets: fstest.MapFS{"templates/page.html": {Data: []byte(text)}}}
		s.Routes = func(r *web.Router) {
			r.Get("/", func(w http.ResponseWriter, r *http.Request) error { return web.Render(w, r, "page.html", nil) })
		}
		if got := webtest.New(t, framework.New(s)).Get("/"); got.Status != http.StatusInternalServerError || !strings.Contains(got.Body, want) {
			t.Errorf("%s: %d\n%.300s", text, got.Status, got.Body)
		}
	}
}
