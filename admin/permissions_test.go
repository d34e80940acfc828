package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/webtest"
)

// visitors are the users of the matrix, in its order.
var visitors = []string{"nobody", "user", "staff", "viewer", "adder", "changer", "deleter", "root"}

// matrix lists the status of every route for the visitors above. A form without login gets the login page, which
// keeps it.
var matrix = map[string][]int{
	// route and method                          nobody user staff view add change delete root
	"admin:index GET":         {302, 403, 200, 200, 200, 200, 200, 200},
	"admin:login GET":         {200, 200, 302, 302, 302, 302, 302, 302},
	"admin:search GET":        {302, 403, 200, 200, 200, 200, 200, 200},
	"admin:app GET":           {302, 403, 404, 200, 200, 200, 200, 200},
	"admin:list GET":          {302, 403, 403, 200, 403, 200, 403, 200},
	"admin:list POST":         {200, 403, 403, 403, 403, 403, 403, 200},
	"admin:autocomplete GET":  {302, 403, 403, 200, 403, 200, 403, 200},
	"admin:object GET":        {302, 403, 403, 302, 302, 302, 302, 302},
	"admin:add GET":           {302, 403, 403, 403, 200, 403, 403, 200},
	"admin:add POST":          {200, 403, 403, 403, 303, 403, 403, 303},
	"admin:change GET":        {302, 403, 403, 200, 403, 200, 403, 200},
	"admin:change POST":       {200, 403, 403, 403, 403, 303, 403, 303},
	"admin:delete GET":        {302, 403, 403, 403, 403, 403, 200, 200},
	"admin:delete POST":       {302, 403, 403, 403, 403, 403, 303, 303},
	"admin:history GET":       {302, 403, 403, 200, 403, 200, 403, 200},
	"admin:set_password GET":  {302, 403, 403, 404, 404, 404, 404, 404},
	"admin:set_password POST": {302, 403, 403, 404, 404, 404, 404, 404},
	"admin:password GET":      {302, 403, 200, 200, 200, 200, 200, 200},
	"admin:password POST":     {302, 403, 200, 200, 200, 200, 200, 200},
	"admin:logout POST":       {303, 303, 303, 303, 303, 303, 303, 303},
	"admin:theme POST":        {303, 303, 303, 303, 303, 303, 303, 303},
}

func TestPermissionsOfEveryRoute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	clients := []*webtest.Client{webtest.New(t, b.project)}
	clients[0].Get("/admin/login/")
	clients = append(clients, b.as(t, authtest.Create(t, b.db, &User{Base: auth.Base{Username: "user"}})), b.as(t, b.staffWith(t, "staff")))
	for _, action := range []string{"view", "add", "change", "delete"} {
		granted := []string{"blog." + action + "_post"}
		if action == "delete" {
			granted = append(granted, "blog.delete_comment")
		}
		clients = append(clients, b.as(t, b.staffWith(t, action+"er", granted...)))
	}
	clients = append(clients, b.as(t, b.root))
	routes := 0
	for _, route := range b.project.Router().Routes() {
		if !strings.HasPrefix(route.Pattern, "/admin/") || !slices.Contains([]string{http.MethodGet, http.MethodPost}, route.Method) {
			continue
		}
		routes++
		name := route.Name
		if name == "" { // the second method of a path
			for _, other := range b.project.Router().Routes() {
				if other.Pattern == route.Pattern && other.Name != "" {
					name = other.Name
				}
			}
		}
		if name == "admin:login" && route.Method == http.MethodPost {
			continue // TestLogin
		}
		want, ok := matrix[name+" "+route.Method]
		if !ok {
			t.Errorf("%s %s (%s) has no row in the matrix", route.Method, route.Pattern, name)
			continue
		}
		for i, client := range clients {
			if name == "admin:logout" { // would end the session for the routes to come
				client = webtest.New(t, b.project)
				client.Get("/admin/login/")
			}
			target, values := request(t, b, route.Pattern, route.Method, name, i)
			var got int
			if route.Method == http.MethodPost {
				got = client.Post(target, values).Status
			} else {
				got = client.Get(target).Status
			}
			if got == http.StatusSeeOther && want[i] == http.StatusFound {
				got = http.StatusFound
			}
			if got != want[i] {
				t.Errorf("%s %s as %s: %d, want %d", route.Method, target, visitors[i], got, want[i])
			}
		}
	}
	if routes != len(matrix)+1 {
		t.Errorf("the admin has %d routes, the matrix %d rows", routes, len(matrix))
	}
}

// request returns the address and the form of a route. It creates the object that the route deletes.
func request(t *testing.T, b *bundle, pattern, method, name string, visitor int) (string, url.Values) {
	t.Helper()
	values := url.Values{}
	pk := "1"
	switch name + " " + method {
	case "admin:list POST":
		values = url.Values{"action": {"delete_selected"}, "_selected_action": {"1"}}
	case "admin:add POST":
		values = post("slug", fmt.Sprintf("by-%d", visitor))
	case "admin:change POST":
		values = post("slug", "night-train")
	case "admin:delete POST":
		doomed := &Post{Title: "Doomed", Slug: fmt.Sprintf("doomed-%d", visitor), Status: "live", AuthorID: 1}
		if err := b.db.Create(t.Context(), doomed); err != nil {
			t.Fatal(err)
		}
		pk = fmt.Sprint(doomed.ID)
	}
	return strings.NewReplacer("{app}", "blog", "{model}", "post", "{pk}", pk).Replace(pattern), values
}

func TestViewPermissionOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.staffWith(t, "viewer", "blog.view_post"))
	page := client.Get("/admin/blog/post/1/change/").WantContains(t, "View post (read-only)", "Night train", "Draft")
	page.WantNotContains(t, `name="title"`, "data-save", "Delete…", `href="/admin/blog/author/`)
	client.Get("/admin/blog/post/").WantNotContains(t, "delete_selected", "Add post", "/add/", "Ella").WantContains(t, "Author 1")
	client.Get("/admin/").WantNotContains(t, "Authors", "Tags", "Users")
}

func TestDeletionRequiresPermissionForDependents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.staffWith(t, "deleter", "blog.delete_post", "blog.view_post"))
	client.Get("/admin/blog/post/1/delete/").WantContains(t, "You may not delete these objects", "Comment").WantNotContains(t, "Yes, delete")
	client.Post("/admin/blog/post/1/delete/", url.Values{"post": {"yes"}}).WantStatus(t, http.StatusConflict)
	client.Post("/admin/blog/post/", url.Values{"action": {"delete_selected"}, "_selected_action": {"1"}, "post": {"yes"}}).WantStatus(t, http.StatusConflict)
	if count[Post](t, b) != 2 || count[Comment](t, b) != 1 {
		t.Error("something was deleted")
	}
}

func TestHiddenFieldsAreIgnored(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.createRows(t)
	client := b.as(t, b.root)
	client.Post("/admin/blog/post/1/change/", post("slug", "night-train", "id", "2", "created_at", "2001-01-01T00:00", "pk", "2", "author_id", "2", "comments", "1")).WantRedirect(t, "/admin/blog/post/")
	if count[Post](t, b, "id", 1, "created_at__year", 2001)+count[Post](t, b, "id", 1, "author_id", 2) != 0 || count[Post](t, b) != 2 {
		t.Error("a field outside of the form was changed")
	}
}

func TestOnlySuperusersGrantRights(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ann := b.staffWith(t, "ann", "accounts.view_user", "accounts.change_user", "accounts.delete_user", "accounts.add_user", "auth.view_group", "auth.change_group", "auth.add_group")
	other := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "other"}})
	client := b.as(t, ann)
	target := fmt.Sprintf("/admin/accounts/user/%d/", other.ID)
	client.Get(target+"change/").WantContains(t, `name="username"`, `name="is_active"`).WantNotContains(t, `name="is_superuser"`, `name="is_staff"`, `name="permissions"`, `name="groups"`, "argon2id")
	form := url.Values{"username": {"other"}, "email": {"other@example.com"}, "is_active": {"true"}, "is_staff": {"true"}, "is_superuser": {"true"}, "permissions": {"1"}, "password": {"x"}}
	client.Post(target+"change/", form).WantRedirect(t, "/admin/accounts/user/")
	if count[User](t, b, "username", "other", "is_staff", false, "is_superuser", false, "permissions__isnull", true) != 1 {
		t.Error("rights were granted")
	}
	root := fmt.Sprintf("/admin/accounts/user/%d/", b.root.ID)
	client.Post(root+"change/", form).WantStatus(t, http.StatusForbidden)
	client.Post(root+"password/", url.Values{"password1": {"a longer phrase"}, "password2": {"a longer phrase"}}).WantStatus(t, http.StatusForbidden)
	client.Post(root+"delete/", url.Values{"post": {"yes"}}).WantStatus(t, http.StatusForbidden)
	client.Post("/admin/accounts/user/", url.Values{"action": {"delete_selected"}, "_selected_action": {fmt.Sprint(b.root.ID)}, "post": {"yes"}}).WantStatus(t, http.StatusForbidden)
	client.Get("/admin/auth/group/add/").WantNotContains(t, `name="permissions"`)
	if count[User](t, b, "username", "root", "is_superuser", true) != 1 {
		t.Error("root was touched")
	}
}

func TestUsersCannotLockThemselvesOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	target := fmt.Sprintf("/admin/accounts/user/%d/change/", b.root.ID)
	client.Get(target).WantNotContains(t, `name="is_active"`, `name="is_superuser"`)
	client.Post(target, url.Values{"username": {"root"}, "email": {"root@example.com"}}).WantRedirect(t, "/admin/accounts/user/")
	if count[User](t, b, "is_active", true, "is_staff", true, "is_superuser", true) != 1 {
		t.Error("root is locked out")
	}
}
