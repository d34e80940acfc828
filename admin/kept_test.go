package admin_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/webtest"
)

var (
	formTag   = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*>.*?</form>`)
	inputTag  = regexp.MustCompile(`<input[^>]*>`)
	attribute = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

// formOf returns the inputs of the form that is sent to action, or for "" of the first form with method post.
func formOf(t *testing.T, page *webtest.Response, action string) url.Values {
	t.Helper()
	for _, form := range formTag.FindAllString(page.Body, -1) {
		opening, _, _ := strings.Cut(form, ">")
		if action != "" && !strings.Contains(opening, `action="`+action+`"`) || action == "" && !strings.Contains(form, `name="body"`) {
			continue
		}
		values := url.Values{}
		for _, input := range inputTag.FindAllString(form, -1) {
			attrs := map[string]string{}
			for _, match := range attribute.FindAllStringSubmatch(input, -1) {
				attrs[match[1]] = html.UnescapeString(match[2])
			}
			if attrs["name"] != "" {
				values.Add(attrs["name"], attrs["value"])
			}
		}
		return values
	}
	t.Fatalf("no form that is sent to %s in:\n%s", action, page.Body)
	return nil
}

// forget returns a client with the cookies of another one, except the named ones.
func forget(t *testing.T, b *bundle, client *webtest.Client, names ...string) *webtest.Client {
	t.Helper()
	fresh := webtest.New(t, b.project)
	for _, cookie := range client.Cookies("/") {
		lost := false
		for _, name := range names {
			lost = lost || cookie.Name == name
		}
		if !lost {
			fresh.SetCookie(cookie)
		}
	}
	return fresh
}

func TestFormAfterSessionEnd(t *testing.T) {
	t.Parallel()
	const path, typed = "/admin/blog/post/1/change/", "A long text, typed with care <b>&amp; \"quotes\"\r\nand ünïcode"
	for name, c := range map[string]struct {
		lost   []string
		origin bool
	}{
		"session lost":              {[]string{"session"}, false},
		"session lost, with origin": {[]string{"session"}, true},
		"both lost":                 {[]string{"session", "csrf"}, false},
		"both lost, with origin":    {[]string{"session", "csrf"}, true},
		"all lost":                  {[]string{"session", "csrf", "known_browser"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.createRows(t)
			before := b.as(t, b.root)
			values := formOf(t, before.Get(path), "")
			token := values.Get("csrf_token")
			for key, value := range post("slug", "night-train", "body", typed) {
				values[key] = value
			}
			client := forget(t, b, before, c.lost...)
			send := func(target string, values url.Values) *webtest.Response {
				r := client.Request(http.MethodPost, target, strings.NewReader(values.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				if !c.origin {
					r.Header.Del("Sec-Fetch-Site")
					r.Header.Del("Origin")
				}
				return client.Do(r)
			}
			values.Set("csrf_token", token)
			page := send(path, values)
			if page.Status == http.StatusForbidden { // no cookie that could prove the form
				page.WantContains(t, "not saved", "Send it again")
				page = send(path, formOf(t, page, path))
			}
			page.WantStatus(t, http.StatusOK).WantContains(t, "not saved", `name="password"`).WantHeader(t, "Cache-Control", "no-store")
			login := formOf(t, page, "/admin/login/")
			login.Set("username", "root")
			login.Set("password", "wrong")
			page = send("/admin/login/", login) // a slip does not lose the form
			login = formOf(t, page, "/admin/login/")
			login.Set("username", "root")
			login.Set("password", authtest.Password)
			page = send("/admin/login/", login).WantStatus(t, http.StatusOK).WantContains(t, "not saved yet", "Send it now")
			if count[Post](t, b, "body__contains", "typed with care") != 0 {
				t.Error("the form was sent without being asked")
			}
			resumed := formOf(t, page, path)
			if got := resumed.Get("body"); got != typed {
				t.Errorf("kept %q, want %q", got, typed)
			}
			send(path, resumed).WantRedirect(t, "/admin/blog/post/")
			if count[Post](t, b, "body__contains", "typed with care") != 1 {
				t.Error("what was typed is lost")
			}
		})
	}
}

func TestKeptFormFromAnotherSite(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	for name, header := range map[string]http.Header{
		"another site":         {"Sec-Fetch-Site": {"cross-site"}},
		"a site of the domain": {"Sec-Fetch-Site": {"same-site"}},
		"another origin":       {"Origin": {"https://evil.example"}},
		"a hidden origin":      {"Origin": {"null"}},
		"no origin":            {},
	} {
		browser, values := forget(t, b, client), post("slug", "night-train", "csrf_token", "made up")
		r := browser.Request(http.MethodPost, "/admin/blog/post/1/change/", strings.NewReader(values.Encode()))
		r.Header.Del("Sec-Fetch-Site")
		r.Header.Del("Origin")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for key, value := range header {
			r.Header[key] = value
		}
		response := browser.Do(r)
		if response.Status != http.StatusForbidden || strings.Contains(response.Body, "Send it again") || strings.Contains(response.Body, "A new post") {
			t.Errorf("%s: status %d, or the form is offered again:\n%s", name, response.Status, response.Body)
		}
	}
}

func TestForgedKeptForm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, kept := range []string{"x", strings.Repeat("A", 500), "e30.AAAA"} {
		client := webtest.New(t, b.project)
		client.Get("/admin/login/")
		client.Post("/admin/login/", url.Values{"username": {"root"}, "password": {authtest.Password}, "_kept_form": {kept}}).WantRedirect(t, "/admin/")
	}
	client := webtest.New(t, b.project)
	client.Header.Set("Sec-Fetch-Site", "same-origin")
	big := client.Post("/admin/blog/post/add/", url.Values{"title": {"x"}, "body": {strings.Repeat("x", 300<<10)}})
	big.WantRedirect(t, "/admin/login/?next=%2Fadmin%2Fblog%2Fpost%2Fadd%2F") // too large to be kept
	secret := client.Post("/admin/accounts/user/add/", url.Values{"username": {"zoe"}, "password1": {"a secret phrase"}})
	secret.WantContains(t, "not saved").WantNotContains(t, "a secret phrase")
	login := formOf(t, secret, "/admin/login/")
	login.Set("username", "root")
	login.Set("password", authtest.Password)
	client.Post("/admin/login/", login).WantContains(t, "zoe").WantNotContains(t, "a secret phrase", "password1")
}

func TestLoginOmitsLongInput(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/admin/login/", "/accounts/login/"} {
		client := webtest.New(t, b.project)
		client.Get(path)
		page := client.Post(path, url.Values{"username": {strings.Repeat("x", 1<<20)}, "password": {"x"}})
		if len(page.Body) > 20_000 {
			t.Errorf("%s sends %d bytes back", path, len(page.Body))
		}
		client.Get(path)
		client.Post(path, url.Values{"username": {"nobody"}, "password": {"x"}}).WantContains(t, `value="nobody"`)
	}
}
