package admin_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/quintetgo/quintet/auth"
)

// payloads try to leave the context that they are written into. "qx" marks text that must not become an element or
// an attribute.
var payloads = []string{
	`<qx>`, `<script>qx()</script>`, `"><qx>`, `'><qx>`, `" qx="1`, `' qx='1`, "` qx=`1", `</title><qx>`, `</textarea><qx>`, `</option></select><qx>`, `</script><qx>`,
	`<img src=x onerror=qx()>`, `<svg/onload=qx()>`, `--><qx>`, `]]><qx>`, `{{.}}<qx>`, `{{ "<qx>" }}`, `&lt;qx&gt;`, `&#60;qx&#62;`, `%3Cqx%3E`,
	`javascript:qx()`, `data:text/html,<qx>`, "java\nscript:qx()", "<qx\x0b>", "\u2028<qx>", `<a href="javascript:qx()">`, `<q-combobox data-url="//evil.example/qx">`, strings.Repeat("<qx>", 30),
}

// wantInert reports elements and attributes of a page that a payload has created.
func wantInert(t *testing.T, place, page string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				t.Errorf("%s: %v", place, z.Err())
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data == "qx" || token.Data == "img" {
				t.Errorf("%s: an element %q came in", place, token)
			}
			for _, attr := range token.Attr {
				value := strings.ToLower(strings.Join(strings.Fields(attr.Val), ""))
				switch {
				case attr.Key == "qx" || strings.HasPrefix(attr.Key, "on") || attr.Key == "style":
					t.Errorf("%s: an attribute came in: %q", place, token)
				case slices.Contains([]string{"href", "src", "action", "formaction", "data-url"}, attr.Key) && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "//")):
					t.Errorf("%s: an address came in: %q", place, token)
				}
			}
			if token.Data == "script" && !slices.ContainsFunc(token.Attr, func(a html.Attribute) bool { return a.Key == "src" && strings.HasPrefix(a.Val, "/static/") }) {
				t.Errorf("%s: a script came in: %q", place, token)
			}
		}
	}
}

func TestPayloadsAreEscaped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	client := b.as(t, b.root)
	for i, payload := range payloads {
		author := &Author{Name: payload}
		tag := &Tag{Name: fmt.Sprint(payload, i)}
		for _, obj := range []any{author, tag} {
			if err := b.db.SkipValidation().Create(ctx, obj); err != nil {
				t.Fatal(err)
			}
		}
		p := &Post{Title: payload, Slug: fmt.Sprint(payload, i), Body: payload, Status: "live", AuthorID: author.ID}
		if err := b.db.SkipValidation().Create(ctx, p); err != nil {
			t.Fatal(err)
		}
		if err := b.db.Related(p, "tags").Add(ctx, tag.ID); err != nil {
			t.Fatal(err)
		}
		if err := b.db.SkipValidation().Create(ctx, &Comment{PostID: p.ID, Text: payload}); err != nil {
			t.Fatal(err)
		}
		user := &User{Base: auth.Base{Username: fmt.Sprint(payload, i), Email: fmt.Sprint(payload, i), Name: payload}}
		if err := b.db.SkipValidation().Create(ctx, user); err != nil {
			t.Fatal(err)
		}
		b.overwrite(t, "accounts_user", "phone", "id", user.ID, payload)
		object := fmt.Sprintf("/admin/blog/post/%d/", p.ID)
		// A change adds the payload to the history.
		client.Post(object+"change/", url.Values{"title": {payload + " changed"}, "slug": {fmt.Sprintf("ok-%d", i)}, "body": {payload + payload}, "status": {"draft"}, "author": {fmt.Sprint(author.ID)}, "reads": {"1"}})
		escaped := url.QueryEscape(payload)
		for _, target := range []string{
			object + "change/", object + "history/", object + "delete/", fmt.Sprintf("/admin/blog/author/%d/delete/", author.ID), fmt.Sprintf("/admin/accounts/user/%d/change/", user.ID),
			"/admin/blog/post/?q=" + escaped, "/admin/blog/post/?o=" + escaped, "/admin/blog/post/?p=" + escaped, "/admin/blog/post/?" + escaped + "=" + escaped,
			"/admin/blog/post/?status=" + escaped, "/admin/blog/post/?title__icontains=" + escaped, "/admin/blog/post/?author=" + escaped, "/admin/blog/post/?author__in=" + escaped,
			"/admin/blog/post/add/?title=" + escaped + "&author=" + escaped + "&tags=" + escaped, "/admin/login/?next=" + escaped,
			"/admin/" + url.PathEscape(payload) + "/", "/admin/blog/" + url.PathEscape(payload) + "/", "/admin/blog/post/" + url.PathEscape(payload) + "/change/",
		} {
			page := client.Get(target)
			if page.Status >= 500 {
				t.Errorf("%s: status %d", target, page.Status)
			}
			wantInert(t, target, page.Body)
		}
		for _, field := range []string{"title", "slug", "body", "status", "author", "tags", "reads", "published"} {
			values := post("title", "", "reads", "x")
			if field == "reads" {
				values.Set("status", "nothing")
			}
			values[field] = []string{payload}
			page := client.Post(object+"change/", values)
			if page.Status != http.StatusOK {
				t.Errorf("%s=%q: status %d", field, payload, page.Status)
			}
			wantInert(t, field, page.Body)
		}
		guest := client.Post("/admin/login/", url.Values{"username": {payload}, "password": {payload}, "next": {payload}})
		wantInert(t, "login", guest.Body)
	}
	for _, target := range []string{"/admin/", "/admin/blog/post/", "/admin/blog/comment/", "/admin/blog/author/", "/admin/blog/tag/", "/admin/accounts/user/"} {
		page := client.Get(target).WantStatus(t, http.StatusOK)
		wantInert(t, target, page.Body)
	}
}

func TestHostileParameters(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	names := []string{"o", "p", "q", "status", "status__in", "author", "author__isnull", "published__gte", "published__range", "tags", "e", "title__regex", "api_token__startswith", "author__posts__api_token", "(select 1)", "a b", "id;--", "%00", "__class__"}
	values := []string{"'", `"`, "1 OR 1=1", "1);DROP TABLE blog_post;--", "(CASE WHEN 1=1 THEN 1 ELSE 2 END)", "\x00", "\xff\xfe", "-", "1,2,3", strings.Repeat("9", 400), strings.Repeat("x", 5000), "NaN", "0x10", "9999-99-99", "true", "[]", "-9223372036854775809", "${7*7}", "%s%n"}
	for _, name := range names {
		for _, value := range values {
			page := client.Get("/admin/blog/post/?" + url.Values{name: {value}}.Encode())
			if page.Status != http.StatusOK && page.Status != http.StatusBadRequest {
				t.Errorf("%s=%q: status %d", name, value, page.Status)
			}
			if page.Status == http.StatusBadRequest && name != "q" && !strings.Contains(page.Body, "Night train") {
				t.Errorf("%s=%q: refused, and rows are missing", name, value)
			}
			if len(name) > 1 {
				continue
			}
			for _, path := range []string{"/admin/blog/author/autocomplete/", "/admin/search/", "/admin/blog/post/1/history/", "/admin/blog/post/add/"} {
				if page := client.Get(path + "?" + url.Values{name: {value}}.Encode()); page.Status != http.StatusOK {
					t.Errorf("%s?%s=%q: status %d", path, name, value, page.Status)
				}
			}
		}
	}
	for _, pk := range []string{"0", "-1", "1%20OR%201=1", "%00", "..%2f..", "9223372036854775808", "1.0", "%FF", strings.Repeat("9", 300)} {
		for _, page := range []string{"change", "delete"} {
			if got := client.Get("/admin/blog/post/" + pk + "/" + page + "/").Status; got != http.StatusNotFound {
				t.Errorf("%s of %q: status %d", page, pk, got)
			}
		}
	}
	if count[Post](t, b) != 2 {
		t.Error("rows are gone")
	}
}

func TestNoInlineOrForeignContent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	for _, target := range []string{"/admin/", "/admin/blog/post/", "/admin/blog/post/add/", "/admin/blog/post/1/delete/", "/admin/password/"} {
		page := client.Get(target)
		wantInert(t, target, page.Body)
		policy := page.Header.Get("Content-Security-Policy")
		if policy == "" || strings.Contains(policy, "unsafe-") {
			t.Errorf("%s: policy %q", target, policy)
		}
		for _, foreign := range []string{`="http`, `="//`, "url(http"} {
			if strings.Contains(page.Body, foreign) {
				t.Errorf("%s asks for something outside: %s", target, foreign)
			}
		}
	}
}
