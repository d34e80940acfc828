package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
)

func TestProjectChecks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, p := range b.staff.Checks(t.Context()) {
		t.Error(p)
	}
	if err := b.project.Err(); err != nil {
		t.Error(err)
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	b := setup(t)
	reader := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "reader"}})
	client := webtest.New(t, b.project)
	client.Get("/admin/blog/post/?q=x").WantRedirect(t, "/admin/login/?next=%2Fadmin%2Fblog%2Fpost%2F%3Fq%3Dx")
	client.Get("/admin/login/?next=/admin/blog/post/").WantStatus(t, http.StatusOK).WantContains(t, `name="username"`, `name="password"`, "Blog staff")
	client.Post("/admin/login/", url.Values{"username": {"root"}, "password": {"wrong"}}).WantStatus(t, http.StatusOK).WantContains(t, "do not match")
	client.Post("/admin/login/", url.Values{"username": {reader.Username}, "password": {authtest.Password}}).WantContains(t, "do not match")
	client.Post("/admin/login/", url.Values{"username": {"root"}, "password": {authtest.Password}, "next": {"https://evil.example/"}}).WantRedirect(t, "/admin/")
	client.Get("/admin/").WantStatus(t, http.StatusOK).WantContains(t, "Rosa Root", "Log out", `href="/admin/blog/post/"`)
	client.Get("/admin/login/").WantRedirect(t, "/admin/")
	client.Post("/admin/logout/", nil).WantRedirect(t, "/admin/login/")
	client.Get("/admin/").WantRedirect(t, "/admin/login/?next=%2Fadmin%2F")
	b.as(t, authtest.Create(t, b.db, &User{Base: auth.Base{Username: "other"}})).Get("/admin/").WantStatus(t, http.StatusForbidden).WantContains(t, "may not use these pages")
}

func TestIndex(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	client.Get("/admin/").WantContains(t, "Accounts", "Users", "Groups", "Blog", "Posts", "Recent actions", "Changes made in the admin")
	client.Get("/admin/blog/").WantContains(t, "Posts").WantNotContains(t, `aria-labelledby="app-accounts"`)
	client.Get("/admin/nothing/").WantStatus(t, http.StatusNotFound)
	client.Post("/admin/blog/tag/add/", url.Values{"name": {"vinyl"}}).WantRedirect(t, "/admin/blog/tag/")
	client.Get("/admin/").WantContains(t, "added tag", "vinyl")
	nobody := b.as(t, b.staffWith(t, "nobody"))
	nobody.Get("/admin/").WantContains(t, "Nothing to manage yet").WantNotContains(t, "vinyl")
}

func TestListPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/").WantContains(t, "No posts yet", "Add the first post")
	b.createRows(t)
	page := client.Get("/admin/blog/post/").WantContains(t, "Night train", "NIGHT TRAIN", "1,200", "guitar", "2 posts", `Posts <span class="count">2</span>`, `aria-sort="ascending"`, `href="/admin/blog/author/1/change/"`)
	if strings.Index(page.Body, "Market day") > strings.Index(page.Body, "Night train") {
		t.Error("the list is not in the model's order")
	}
	client.Get("/admin/blog/post/?status=live").WantContains(t, "Market day", "Status: Live").WantNotContains(t, "Night train")
	client.Get("/admin/blog/post/?q=train+ella").WantContains(t, "Night train").WantNotContains(t, "Market day")
	client.Get("/admin/blog/post/?q=accordion").WantContains(t, "Nothing matches", "Show all posts")
	client.Get("/admin/blog/post/?statsu=live").WantStatus(t, http.StatusOK).WantContains(t, "There is no filter “statsu”; did you mean “status”?", "Night train", "Market day")
	client.Get("/admin/blog/nothing/").WantStatus(t, http.StatusNotFound)
	client.Get("/admin/blog/post").WantRedirect(t, "/admin/blog/post/")
}

func TestAddAndChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/add/").WantContains(t, `name="title"`, `name="author"`, `name="tags"`, `value="draft" selected`, "Shown in lists").WantNotContains(t, `name="created_at"`, `name="id"`)
	client.Get("/admin/blog/post/add/?author=2&title=Given").WantContains(t, `<option value="2" selected>Jonas</option>`, `value="Given"`)

	client.Post("/admin/blog/post/add/", post("title", "", "slug", "market-day", "author", "99")).WantStatus(t, http.StatusOK).
		WantContains(t, "fields need your attention", `href="#id_title"`, `aria-invalid="true"`, `id="id_title_error"`)
	if n := count[Post](t, b); n != 2 {
		t.Fatalf("%d posts after an invalid form", n)
	}
	client.Post("/admin/blog/post/add/", post("slug", "market-day")).WantContains(t, "1 field needs your attention", "already exists")

	client.Post("/admin/blog/post/add/", post("tags", "1|2", "_continue", "1")).WantRedirect(t, "/admin/blog/post/3/change/")
	added, err := orm.Objects[Post](b.db).Where("id", 3).Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client.Get("/admin/blog/post/3/change/").WantContains(t, "was added. You can continue editing it.", `value="A new post"`, "A NEW POST", added.CreatedAt.UTC().Format("2 Jan"))
	client.Post("/admin/blog/post/3/change/", post("title", "A newer post", "tags", "2", "author", "2", "featured", "true", "api_token", "hunter2")).WantRedirect(t, "/admin/blog/post/")
	client.Post("/admin/blog/post/3/change/", post("title", "A newer post", "tags", "2", "author", "2", "featured", "true", "_addanother", "1")).WantRedirect(t, "/admin/blog/post/add/")

	found, err := orm.Objects[Post](b.db).Where("id", 3).SelectRelatedNames("author").PrefetchNames("tags").Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if found.Title != "A newer post" || found.Author.Name != "Jonas" || !found.Featured || len(found.Tags) != 1 || found.Tags[0].Name != "swing" {
		t.Errorf("stored %+v with author %+v", found, found.Author)
	}
	client.Get("/admin/blog/post/99/change/").WantStatus(t, http.StatusNotFound)
	client.Get("/admin/blog/post/x%2Fy/change/").WantStatus(t, http.StatusNotFound)
	client.Get("/admin/blog/post/3/").WantRedirect(t, "/admin/blog/post/3/change/")
}

func TestHistory(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/1/history/").WantContains(t, "No history yet")
	client.Post("/admin/blog/post/1/change/", post("title", "Slow train", "slug", "night-train", "body", "Slow.", "reads", "1200", "author", "2", "tags", "1|2", "api_token", "hunter2")).WantRedirect(t, "/admin/blog/post/")
	page := client.Get("/admin/blog/post/1/history/").WantStatus(t, http.StatusOK)
	page.WantContains(t, "You", "changed", "<del>Night</del><ins>Slow</ins> train", "<del>Ella</del><ins>Jonas</ins>", "guitar", "<ins>, swing</ins>", "A new value was set.")
	page.WantNotContains(t, "hunter2", "sesame", "<dt>Body</dt>", "<dt>Slug</dt>")
	if n := count[audit.LogEntry](t, b); n != 1 {
		t.Errorf("%d entries", n)
	}
	// A form without changes is not recorded.
	client.Post("/admin/blog/post/1/change/", post("title", "Slow train", "slug", "night-train", "body", "Slow.", "reads", "1200", "author", "2", "tags", "1|2", "api_token", "hunter2"))
	if n := count[audit.LogEntry](t, b); n != 1 {
		t.Errorf("%d entries after saving without a change", n)
	}
	client.Post("/admin/blog/post/1/delete/", url.Values{"post": {"yes"}}).WantRedirect(t, "/admin/blog/post/")
	client.Get("/admin/blog/post/1/history/").WantStatus(t, http.StatusOK).WantContains(t, "Slow train (deleted)", "deleted")
}

func TestDelete(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/1/delete/").WantContains(t, "Delete “Night train”?", "2 objects will be deleted", "Comment", "I was there", "Yes, delete")
	if count[Post](t, b) != 2 {
		t.Fatal("the page deleted something")
	}
	client.Get("/admin/blog/author/1/delete/").WantContains(t, "This cannot be deleted", "Night train", "Post (Author)").WantNotContains(t, "Yes, delete")
	client.Post("/admin/blog/author/1/delete/", url.Values{"post": {"yes"}}).WantStatus(t, http.StatusConflict)
	if count[Author](t, b) != 2 {
		t.Fatal("a protected author is gone")
	}
	client.Post("/admin/blog/post/1/delete/", url.Values{"post": {"yes"}}).WantRedirect(t, "/admin/blog/post/")
	client.Get("/admin/blog/post/").WantContains(t, "The post “Night train” was deleted.")
	if count[Post](t, b) != 1 || count[Comment](t, b) != 0 {
		t.Error("the post or its comment still exists")
	}
}

func TestLargeDeletionsAreConfirmed(t *testing.T) {
	t.Parallel()
	b := setupWith(t, admin.Config{ConfirmAbove: 1})
	b.createRows(t)
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/1/delete/").WantContains(t, "Type 2 to confirm")
	client.Post("/admin/blog/post/1/delete/", url.Values{"post": {"yes"}}).WantStatus(t, http.StatusConflict).WantContains(t, "Type the number")
	client.Post("/admin/blog/post/1/delete/", url.Values{"post": {"yes"}, "confirm": {"2"}}).WantRedirect(t, "/admin/blog/post/")
}

func TestDeleteSelected(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	const list = "/admin/blog/post/?status=live"
	chosen := url.Values{"action": {"delete_selected"}, "_selected_action": {"1", "2"}}
	client.Post(list, url.Values{"action": {"delete_selected"}}).WantRedirect(t, list)
	client.Post(list, chosen).WantStatus(t, http.StatusOK).WantContains(t, "Delete 2 posts?", "Night train", "Market day", `name="_selected_action" value="2"`)
	if count[Post](t, b) != 2 {
		t.Fatal("asking deleted something")
	}
	chosen.Set("post", "yes")
	client.Post(list, chosen).WantRedirect(t, list)
	if count[Post](t, b) != 0 || count[audit.LogEntry](t, b, "action", "delete") != 2 {
		t.Error("the posts are still there, or nobody knows who deleted them")
	}
	client.Post(list, url.Values{"action": {"drop"}, "_selected_action": {"1"}}).WantStatus(t, http.StatusBadRequest)
	client.Post(list, url.Values{"action": {"delete_selected"}, "_selected_action": {"1 OR 1=1"}}).WantStatus(t, http.StatusBadRequest)
}

func TestAutocompleteAndPalette(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	var found struct {
		Results []struct{ ID, Text, URL, Kind string }
		More    bool
	}
	client.Get("/admin/blog/author/autocomplete/?q=jon").JSON(t, &found)
	if len(found.Results) != 1 || found.Results[0].ID != "2" || found.Results[0].Text != "Jonas" || found.More {
		t.Errorf("found %+v", found)
	}
	client.Get("/admin/blog/tag/autocomplete/?q=").JSON(t, &found)
	if len(found.Results) != 2 {
		t.Errorf("found %+v", found)
	}
	client.Get("/admin/search/?q=train").JSON(t, &found)
	if len(found.Results) != 1 || found.Results[0].URL != "/admin/blog/post/1/change/" || found.Results[0].Kind != "post" {
		t.Errorf("found %+v", found)
	}
	other := b.as(t, b.staffWith(t, "tags", "blog.view_tag"))
	other.Get("/admin/search/?q=train").JSON(t, &found)
	if len(found.Results) != 0 {
		t.Errorf("found without permission: %+v", found)
	}
}

func TestManyRelatedObjectsAreSearched(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	for range 120 {
		if err := b.db.Create(t.Context(), &Author{Name: "Someone"}); err != nil {
			t.Fatal(err)
		}
	}
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/1/change/").WantContains(t, `data-url="/admin/blog/author/autocomplete/"`, `name="author" value="1" data-text="Ella"`)
	client.Post("/admin/blog/post/1/change/", post("author", "100000")).WantContains(t, "There is no author with key 100000.")
	client.Post("/admin/blog/post/1/change/", post("author", "5")).WantRedirect(t, "/admin/blog/post/")
	client.Get("/admin/blog/post/").WantContains(t, `name="author"`, "autocomplete/")
}

func TestManyToManyWithManyObjects(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	for n := range 120 {
		if err := b.db.Create(t.Context(), &Tag{Name: fmt.Sprint("tag ", n)}); err != nil {
			t.Fatal(err)
		}
	}
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/1/change/").WantContains(t, `data-url="/admin/blog/tag/autocomplete/"`, `name="tags" multiple`, `<option value="1" selected>guitar</option>`).WantNotContains(t, ">swing<")
	client.Post("/admin/blog/post/1/change/", post("tags", "2|50|100000")).WantContains(t, "There is no tag with key 100000.", `<option value="50" selected>tag 47</option>`)
	client.Post("/admin/blog/post/1/change/", post("tags", "2|50")).WantRedirect(t, "/admin/blog/post/")
	if got := count[Post](t, b, "id", 1, "tags", 50) + count[Post](t, b, "id", 1, "tags", 2) - count[Post](t, b, "id", 1, "tags", 1); got != 2 {
		t.Error("the tags were not stored")
	}
	client.Post("/admin/blog/post/1/change/", post()).WantRedirect(t, "/admin/blog/post/")
	if count[Post](t, b, "id", 1, "tags__isnull", true) != 1 {
		t.Error("the tags were not taken away")
	}
}

func TestThemeWithoutJavaScript(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	client.Post("/admin/theme/", url.Values{"theme": {"dark"}, "next": {"/admin/blog/"}}).WantRedirect(t, "/admin/blog/")
	client.Get("/admin/").WantContains(t, `data-theme="dark"`)
	client.Post("/admin/theme/", url.Values{"theme": {`"><script>`}, "next": {"//evil.example"}}).WantRedirect(t, "/admin/")
	client.Get("/admin/").WantNotContains(t, "data-theme")
}

func TestRelatedObjects(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/1/change/").WantContains(t, "Related", `<a href="/admin/blog/comment/?post=1">Comments</a>`, `href="/admin/blog/comment/add/?post=1"`)
	client.Get("/admin/blog/comment/?post=1").WantStatus(t, http.StatusOK).WantContains(t, "I was there")
	client.Get("/admin/blog/comment/?post=2").WantStatus(t, http.StatusOK).WantContains(t, "Nothing matches")
	client.Get("/admin/blog/tag/1/change/").WantNotContains(t, "Related")
	b.as(t, b.staffWith(t, "posts", "blog.change_post")).Get("/admin/blog/post/1/change/").WantNotContains(t, "Related", "Comments")
}

func TestPaletteRanking(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	for _, name := range []string{"Trained", "A train", "train"} {
		if err := b.db.Create(t.Context(), &Author{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	var found struct{ Results []struct{ Text string } }
	b.as(t, b.root).Get("/admin/search/?q=train").JSON(t, &found)
	var texts []string
	for _, result := range found.Results {
		texts = append(texts, result.Text)
	}
	if got := strings.Join(texts, ", "); got != "train, Trained, A train, Night train" && got != "train, Trained, Night train, A train" {
		t.Errorf("found %s", got)
	}
}

func TestErrorsKeepTheFrame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	for target, want := range map[string][]string{
		"/admin/blog/post/99/change/": {"There is no post with the key “99”", "Back to posts"},
		"/admin/blog/nothing/":        {"There is no such model here.", "Back to the overview"},
		"/admin/nothing/":             {"There is no such app here."},
	} {
		page := client.Get(target).WantStatus(t, http.StatusNotFound).WantContains(t, want...)
		page.WantContains(t, `class="sidebar"`, "Rosa Root")
		wantInert(t, target, page.Body)
	}
	clerk := b.as(t, b.staffWith(t, "clerk", "blog.view_tag"))
	clerk.Get("/admin/blog/post/").WantStatus(t, http.StatusForbidden).WantContains(t, "You have no permission for posts.", `class="sidebar"`).WantNotContains(t, "Night train")
}
