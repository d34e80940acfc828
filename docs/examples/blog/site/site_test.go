package site_test

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/docs/examples/blog/accounts"
	"github.com/quintetgo/quintet/docs/examples/blog/blog"
	"github.com/quintetgo/quintet/docs/examples/blog/sample"
	"github.com/quintetgo/quintet/docs/examples/blog/site"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
)

// open is the whole site on a database of its own, with the sample content.
func open(t *testing.T) (*framework.Project, *orm.DB) {
	t.Helper()
	db := testdb.Open(t)
	p := site.Project(framework.Settings{Debug: true}, db)
	var apps []any
	for _, app := range p.Apps() {
		apps = append(apps, app)
	}
	if err := migrate.Up(t.Context(), db, apps...); err != nil {
		t.Fatal(err)
	}
	if err := sample.Fill(t.Context(), db, time.Now()); err != nil {
		t.Fatal(err)
	}
	return p, db
}

// TestProjectChecks runs the checks of the project, and ormvet over its queries.
func TestProjectChecks(t *testing.T) {
	t.Parallel()
	ormtest.Vet(t)
	p, _ := open(t)
	for _, problem := range check.AtLeast(p.Check(t.Context()), check.Warning) {
		t.Error(problem)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	p, _ := open(t)
	client := webtest.New(t, p)
	for path, want := range map[string]string{
		"/":                                "89 posts",
		"/?page=8":                         "The kettle that would not stop singing",
		"/?q=KETTLE+that":                  "would not stop singing",
		"/?q=nothing+holds+this":           "No post holds",
		"/?q=%25":                          "No post holds",
		"/?q=%3Cscript%3E":                 "&lt;script&gt;",
		"/posts/rye-on-a-tuesday/":         "Rye on a Tuesday",
		"/tags/":                           "Bread",
		"/tags/bread/":                     "Rye on a Tuesday",
		"/tags/bread/?page=1":              "10 posts",
		"/authors/hanae/":                  "Hanae Mori",
		"/accounts/login/?next=%2Ftags%2F": "Log in",
		"/admin/login/":                    "Lantern Street",
	} {
		client.Get(path).WantStatus(t, http.StatusOK).WantContains(t, want)
	}
	for _, path := range []string{"/?page=9", "/?page=0", "/?page=x", "/posts/absent/", "/tags/absent/", "/authors/absent/", "/posts/an-atlas/"} {
		client.Get(path).WantStatus(t, http.StatusNotFound)
	}
}

func TestReadersComment(t *testing.T) {
	t.Parallel()
	p, db := open(t)
	client := webtest.New(t, p)
	const post = "/posts/rye-on-a-tuesday/"
	client.Get(post)
	client.Post(post+"comment/", url.Values{"name": {""}, "body": {"<b>kept"}}).WantStatus(t, http.StatusOK).WantContains(t, "&lt;b&gt;kept").WantContains(t, `aria-invalid="true"`)
	response := client.Post(post+"comment/", url.Values{"name": {"Eve <i>"}, "body": {"First line\n\n<script>alert(1)</script>"}})
	if to := response.Header.Get("Location"); response.Status != http.StatusSeeOther || !strings.HasPrefix(to, post+"#comment-") {
		t.Errorf("a comment answers %d and leads to %q", response.Status, to)
	}
	client.Get(post).WantContains(t, "Eve &lt;i&gt;").WantContains(t, "&lt;script&gt;alert(1)").WantContains(t, "Thank you")
	q := blog.Comments
	if n, err := orm.From(db, q).Filter(q.Name.StartsWith("Eve")).Update(t.Context(), q.Hidden.Set(true)); n != 1 || err != nil {
		t.Fatalf("hid %d comments, %v", n, err)
	}
	if strings.Contains(client.Get(post).Body, "Eve") {
		t.Error("a hidden comment is shown")
	}
	client.Post("/posts/absent/comment/", url.Values{"name": {"Eve"}, "body": {"x"}}).WantStatus(t, http.StatusNotFound)
}

func TestTheEditorLogsIn(t *testing.T) {
	t.Parallel()
	p, db := open(t)
	for _, password := range []string{"first", "second", "second"} { // the same password again changes nothing
		if err := sample.Admin(t.Context(), db, "admin", password); err != nil {
			t.Fatal(err)
		}
	}
	client := webtest.New(t, p)
	client.Get("/accounts/login/?next=/tags/")
	client.Post("/accounts/login/", url.Values{"username": {"admin"}, "password": {"first"}}).WantStatus(t, http.StatusOK)
	client.Post("/accounts/login/", url.Values{"username": {"admin"}, "password": {"second"}, "next": {"/tags/"}}).WantStatus(t, http.StatusSeeOther)
	client.Get("/").WantContains(t, "Log out").WantContains(t, `href="/admin/"`)
	for _, model := range []string{"post", "tag", "comment"} {
		client.Get("/admin/blog/"+model+"/").WantStatus(t, http.StatusOK)
		client.Get("/admin/blog/"+model+"/add/").WantStatus(t, http.StatusOK)
	}
	client.Get("/admin/blog/post/?q=rye").WantContains(t, "Rye on a Tuesday")
}

func TestDraftsStayIn(t *testing.T) {
	t.Parallel()
	p, db := open(t)
	drafts, err := orm.From(db, blog.Posts).Filter(blog.Posts.Status.Eq(blog.Draft)).All(t.Context())
	if err != nil || len(drafts) == 0 {
		t.Fatalf("there are no drafts: %v", err)
	}
	client := webtest.New(t, p)
	client.Get("/posts/"+drafts[0].Slug+"/").WantStatus(t, http.StatusNotFound)
	for _, path := range []string{"/", "/feed.rss", "/feed.json", "/sitemap.xml", "/tags/" + "neighbors/"} {
		if strings.Contains(client.Get(path).Body, drafts[0].Slug) {
			t.Errorf("%s shows a draft", path)
		}
	}
}

func TestFeedsAndSitemap(t *testing.T) {
	t.Parallel()
	p, db := open(t)
	client := webtest.New(t, p)
	for _, path := range []string{"/feed.rss", "/feed.atom", "/feed.json"} {
		response := client.Get(path)
		response.WantStatus(t, http.StatusOK).WantContains(t, "http://localhost/posts/")
		if response.Header.Get("ETag") == "" || response.Header.Get("Last-Modified") == "" {
			t.Errorf("%s cannot be asked for conditionally: %v", path, response.Header)
		}
	}
	var set struct {
		URLs []struct {
			Location string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(client.Get("/sitemap.xml").Body), &set); err != nil {
		t.Fatal(err)
	}
	live, err := orm.From(db, blog.Posts).Filter(blog.Posts.Status.Eq(blog.Live)).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	posts := 0
	for _, u := range set.URLs {
		if seen[u.Location] {
			t.Errorf("%s is listed twice", u.Location)
		}
		seen[u.Location] = true
		if strings.Contains(u.Location, "/posts/") {
			posts++
		}
		client.Get(strings.TrimPrefix(u.Location, "http://localhost")).WantStatus(t, http.StatusOK)
	}
	if int64(posts) != live {
		t.Errorf("%d posts are listed, want %d", posts, live)
	}
}

func TestASecondFillChangesNothing(t *testing.T) {
	t.Parallel()
	_, db := open(t)
	before, err := orm.From(db, blog.Comments).Count(t.Context())
	if err != nil || before < 100 {
		t.Fatalf("%d comments, %v", before, err)
	}
	if err := sample.Fill(t.Context(), db, time.Now()); err != nil {
		t.Fatal(err)
	}
	after, err := orm.From(db, blog.Comments).Count(t.Context())
	if after != before || err != nil {
		t.Errorf("%d comments became %d, %v", before, after, err)
	}
}

// TestAnonymousPagesStayCacheable asks for pages whose layout has a form to log out and messages, for users.
func TestAnonymousPagesStayCacheable(t *testing.T) {
	t.Parallel()
	p, db := open(t)
	for _, path := range []string{"/", "/tags/", "/?page=2"} {
		header := webtest.New(t, p).Get(path).Header
		if header.Get("Set-Cookie") != "" || strings.Contains(header.Get("Cache-Control"), "private") || header.Get("Vary") != "Cookie" {
			t.Errorf("%s: %v; want Vary: Cookie, and neither a cookie nor a private page", path, header)
		}
	}
	client := webtest.New(t, p)
	user, err := orm.Objects[accounts.User](db).First(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	authtest.Login(t, client, user)
	for _, path := range []string{"/", "/tags/"} {
		client.Get(path).WantHeader(t, "Cache-Control", "private").WantHeader(t, "Vary", "Cookie").WantContains(t, "Log out")
	}
}
