package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/web"
)

// tb lets examples use helpers for tests: failures panic.
type tb struct {
	testing.TB
	cleanups []func()
}

func (*tb) Helper()                         {}
func (*tb) Context() context.Context        { return context.Background() }
func (*tb) Fatal(args ...any)               { panic(fmt.Sprint(args...)) }
func (*tb) Fatalf(text string, args ...any) { panic(fmt.Sprintf(text, args...)) }
func (*tb) Errorf(text string, args ...any) { panic(fmt.Sprintf(text, args...)) }
func (b *tb) Cleanup(f func())              { b.cleanups = append(b.cleanups, f) }

func (b *tb) TempDir() string {
	dir, err := os.MkdirTemp("", "admin")
	if err != nil {
		panic(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) }) //nolint:errcheck // a temporary directory
	return dir
}

func (b *tb) finish() {
	for i := len(b.cleanups) - 1; i >= 0; i-- {
		b.cleanups[i]()
	}
}

// cells returns the texts of the rows of a list.
func cells(page string) []string {
	var rows []string
	_, body, _ := strings.Cut(page, "<tbody")
	for _, row := range regexp.MustCompile(`(?s)<tr.*?</tr>`).FindAllString(body, -1) {
		var texts []string
		for _, cell := range regexp.MustCompile(`(?s)<(?:th|td) role="(?:rowheader|cell)"[^>]*>(.*?)</(?:th|td)>`).FindAllStringSubmatch(row, -1) {
			texts = append(texts, strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(cell[1], "")))
		}
		rows = append(rows, strings.Join(texts, " | "))
	}
	return rows
}

// problem returns the message of an error page or of an error summary.
func problem(page string) string {
	for _, pattern := range []string{`(?s)class="error-summary".*?<li>(.*?)</li>`, `<p><bdi>(.*?)</bdi></p>`} {
		if found := regexp.MustCompile(pattern).FindStringSubmatch(page); found != nil {
			return strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(found[1], ""))
		}
	}
	return ""
}

// An app returns its registrations from AdminModels. Names are fields, paths over relations, and methods.
func ExampleFor() {
	models := []admin.Model{
		admin.For[Author](admin.Options{}), // everything follows from the model
		admin.For[Post](admin.Options{
			List:   []string{"title", "author", "status", "shouting"},
			Filter: []string{"status", "author"},
			Search: []string{"title", "author__name"},
			Order:  []string{"-published", "title"},
		}),
	}

	t := &tb{}
	defer t.finish()
	site := setup(t, models...)
	site.createRows(t)
	page := site.as(t, site.root).Get("/admin/blog/post/?author=1")
	for _, row := range cells(page.Body) {
		fmt.Println(row)
	}
	// Output:
	// Night train | Ella | Draft | NIGHT TRAIN
}

// A wrong name in the options is reported when the project starts, with the place and the nearest name.
func ExampleApp_Checks() {
	t := &tb{}
	defer t.finish()
	site := setup(t, admin.For[Post](admin.Options{List: []string{"titel"}}))
	for _, p := range site.staff.Checks(context.Background()) {
		fmt.Println(p.ID, p.Message)
		fmt.Println(p.Hint)
	}
	// Output:
	// admin.E004 there is no field "titel" in blog.Post
	// Did you mean "title"?
}

func ExampleComputed() {
	reads := admin.Computed("popularity", func(p *Post) any { return fmt.Sprintf("%d reads", p.Reads) })
	reads.Order = "reads" // the heading sorts by this field

	t := &tb{}
	defer t.finish()
	site := setup(t, admin.For[Post](admin.Options{List: []string{"title", "popularity"}, Computed: []admin.Column{reads}}))
	site.createRows(t)
	page := site.as(t, site.root).Get("/admin/blog/post/?o=-popularity")
	for _, row := range cells(page.Body) {
		fmt.Println(row)
	}
	// Output:
	// Night train | 1200 reads
	// Market day | 0 reads
}

// The form has two groups of fields. Fields that ReadOnly names are shown as text, and values sent for them are
// ignored.
func ExampleOptions_readOnly() {
	t := &tb{}
	defer t.finish()
	site := setup(t, admin.For[Post](admin.Options{
		Fieldsets: []admin.Fieldset{
			{Fields: []string{"title", "body"}},
			{Title: "Publication", Description: "Shown on the public site.", Fields: []string{"status", "created_at"}},
		},
		ReadOnly: []string{"created_at", "status"},
	}))
	site.createRows(t)
	client := site.as(t, site.root)
	page := client.Get("/admin/blog/post/1/change/")
	for _, input := range regexp.MustCompile(`<(?:input|textarea) class="input".*? name="(\w+)"`).FindAllStringSubmatch(page.Body, -1) {
		fmt.Println(input[1])
	}
	client.Post("/admin/blog/post/1/change/", url.Values{"title": {"Night bus"}, "status": {"live"}})
	fmt.Println(count[Post](t, site, "title", "Night bus", "status", "draft"))
	// Output:
	// title
	// body
	// 1
}

// What a user may do follows from the permissions of the model. NoDelete and its like forbid the action to everyone.
func ExampleOptions_permissions() {
	t := &tb{}
	defer t.finish()
	site := setup(t, admin.For[Post](admin.Options{NoDelete: true}))
	site.createRows(t)
	viewer := site.as(t, site.staffWith(t, "viewer", "blog.view_post"))
	for _, path := range []string{"", "1/change/", "add/", "1/delete/"} {
		page := viewer.Get("/admin/blog/post/" + path)
		fmt.Printf("%d %q\n", page.Status, problem(page.Body))
	}
	fmt.Println(site.as(t, site.root).Get("/admin/blog/post/1/delete/").Status)
	// Output:
	// 200 ""
	// 200 ""
	// 403 "You may not add posts."
	// 403 "You may not delete posts."
	// 403
}

// Permit restricts actions on single objects. The page offers only what is permitted, and the server refuses the rest.
func ExampleHooks_permit() {
	keepLive := func(_ *http.Request, action admin.Action, obj any) error {
		post, ok := obj.(*Post)
		if action == admin.ActionDelete && ok && post.Status == "live" {
			return web.Forbidden("Unpublish the post first.")
		}
		return nil
	}

	t := &tb{}
	defer t.finish()
	site := setup(t, admin.For[Post](admin.Options{Hooks: admin.Hooks{Permit: keepLive}}))
	site.createRows(t)
	client := site.as(t, site.root)
	for _, pk := range []string{"1", "2"} { // a draft and a live post
		offered := strings.Contains(client.Get("/admin/blog/post/"+pk+"/change/").Body, "Delete…")
		page := client.Get("/admin/blog/post/" + pk + "/delete/")
		fmt.Printf("%v %d %q\n", offered, page.Status, problem(page.Body))
	}
	// Output:
	// true 200 ""
	// false 403 "Unpublish the post first."
}

// ReadOnlyIf makes fields read-only for some users or objects.
func ExampleHooks_readOnlyIf() {
	editorsOnly := func(r *http.Request, _ any, field string) bool {
		return field == "status" && !auth.User(r).Account().IsSuperuser
	}

	t := &tb{}
	defer t.finish()
	site := setup(t, admin.For[Post](admin.Options{Hooks: admin.Hooks{ReadOnlyIf: editorsOnly}}))
	site.createRows(t)
	writer := site.as(t, site.staffWith(t, "writer", "blog.change_post", "blog.view_author"))
	page := writer.Get("/admin/blog/post/1/change/")
	fmt.Println(strings.Contains(page.Body, `name="title"`), strings.Contains(page.Body, `name="status"`))
	writer.Post("/admin/blog/post/1/change/", post("status", "live"))
	fmt.Println(count[Post](t, site, "title", "A new post", "status", "draft"))
	// Output:
	// true false
	// 1
}

// ExtraFields adds an input that is no field of the model, Clean checks it, and Save uses it in the transaction.
func ExampleHooks_save() {
	var reasons []string
	hooks := admin.Hooks{
		ExtraFields: func(*http.Request, any) []*forms.Field {
			return []*forms.Field{{Name: "reason", Label: "Reason of the change"}}
		},
		Clean: func(s *admin.Submission) error {
			if !s.Adding && s.Extra.Value("reason") == "" {
				s.Extra.AddError("reason", "Give a reason.")
			}
			return nil
		},
		Save: func(ctx context.Context, s *admin.Submission, save func(context.Context) error) error {
			if err := save(ctx); err != nil {
				return err
			}
			reasons = append(reasons, fmt.Sprint(s.Object, ": ", s.Extra.Value("reason")))
			return nil
		},
	}

	t := &tb{}
	defer t.finish()
	site := setup(t, admin.For[Author](admin.Options{Hooks: hooks}))
	site.createRows(t)
	client := site.as(t, site.root)
	page := client.Post("/admin/blog/author/1/change/", url.Values{"name": {"Ella Fitz"}})
	fmt.Println(page.Status, problem(page.Body))
	page = client.Post("/admin/blog/author/1/change/", url.Values{"name": {"Ella Fitz"}, "reason": {"full name"}})
	fmt.Println(page.Status, reasons)
	// Output:
	// 200 Reason of the change: Give a reason.
	// 303 [Ella Fitz: full name]
}

// Links adds buttons to the page of an object.
func ExampleHooks_links() {
	hooks := admin.Hooks{Links: func(_ *http.Request, obj any, _ bool) []admin.Link {
		return []admin.Link{{Label: "Statistics", URL: "/statistics/" + obj.(*Post).Slug + "/"}}
	}}

	t := &tb{}
	defer t.finish()
	site := setup(t, admin.For[Post](admin.Options{Hooks: hooks}))
	site.createRows(t)
	page := site.as(t, site.root).Get("/admin/blog/post/1/change/")
	fmt.Println(strings.Contains(page.Body, `<a class="button" href="/statistics/night-train/">Statistics</a>`))
	// Output:
	// true
}

func ExampleNew() {
	t := &tb{}
	defer t.finish()
	site := setupWith(t, admin.Config{Title: "Lantern Street", Accent: admin.Copper, Density: admin.Compact})
	page := site.as(t, site.root).Get("/admin/")
	fmt.Println(regexp.MustCompile(`data-accent="\w+" data-density="\w+"`).FindString(page.Body))
	fmt.Println(between(page.Body, "<title>", "</title>"))
	// Output:
	// data-accent="copper" data-density="compact"
	// Overview · Lantern Street
}
