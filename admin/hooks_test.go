package admin_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/web"
)

func TestPermitIsAskedForEveryAction(t *testing.T) {
	t.Parallel()
	refuse := func(refused admin.Action) admin.Model {
		return admin.For[Author](admin.Options{Hooks: admin.Hooks{Permit: func(_ *http.Request, action admin.Action, _ any) error {
			if action == refused {
				return admin.ErrNotPermitted
			}
			return nil
		}}})
	}
	for action, want := range map[admin.Action]struct {
		path, text string
	}{
		admin.ActionAdd:    {"add/", "You may not add authors."},
		admin.ActionChange: {"1/change/", "You may not change authors."},
		admin.ActionDelete: {"1/delete/", "You may not delete authors."},
	} {
		t.Run(string(action), func(t *testing.T) {
			t.Parallel()
			b := setup(t, refuse(action))
			b.createRows(t)
			client := b.as(t, b.root)
			client.Post("/admin/blog/author/"+want.path, url.Values{"name": {"New"}, "post": {"yes"}}).
				WantStatus(t, http.StatusForbidden).WantContains(t, want.text)
			if count[Author](t, b, "name__in", []string{"Ella", "Jonas"}) != 2 || count[Author](t, b) != 2 {
				t.Error("the refused action was performed")
			}
		})
	}
	t.Run("change shows text", func(t *testing.T) {
		t.Parallel()
		b := setup(t, refuse(admin.ActionChange))
		b.createRows(t)
		b.as(t, b.root).Get("/admin/blog/author/1/change/").WantStatus(t, http.StatusOK).
			WantContains(t, "View author (read-only)", "Ella").WantNotContains(t, `name="name"`, "data-save")
	})
	t.Run("failure", func(t *testing.T) {
		t.Parallel()
		b := setup(t, admin.For[Author](admin.Options{Hooks: admin.Hooks{Permit: func(*http.Request, admin.Action, any) error {
			return errors.New("no connection")
		}}}))
		b.createRows(t)
		b.as(t, b.root).Get("/admin/blog/author/1/change/").WantStatus(t, http.StatusInternalServerError)
	})
}

// A comment that may not be deleted keeps its post from being deleted.
func TestPermitOfDependents(t *testing.T) {
	t.Parallel()
	var asked []any
	b := setup(t, admin.For[Post](admin.Options{}), admin.For[Comment](admin.Options{Hooks: admin.Hooks{
		Permit: func(_ *http.Request, action admin.Action, obj any) error {
			if action != admin.ActionDelete {
				return nil
			}
			asked = append(asked, obj)
			return web.Forbidden("Comments are kept.")
		},
	}}))
	b.createRows(t)
	client := b.as(t, b.root)
	client.Get("/admin/blog/post/1/delete/").WantContains(t, "This cannot be deleted", "Comment").WantNotContains(t, "Yes, delete")
	client.Post("/admin/blog/post/1/delete/", url.Values{"post": {"yes"}}).WantStatus(t, http.StatusConflict)
	if count[Post](t, b, "id", 1) != 1 || count[Comment](t, b) != 1 {
		t.Error("the post or its comment was deleted")
	}
	if len(asked) != 2 {
		t.Errorf("asked for %v", asked)
	}
}

func TestSaveHookUndoes(t *testing.T) {
	t.Parallel()
	b := setup(t, admin.For[Author](admin.Options{Hooks: admin.Hooks{
		Save: func(ctx context.Context, _ *admin.Submission, save func(context.Context) error) error {
			if err := save(ctx); err != nil {
				return err
			}
			return web.Forbidden("The archive is closed.")
		},
	}}))
	b.createRows(t)
	client := b.as(t, b.root)
	for _, path := range []string{"add/", "1/change/"} {
		client.Post("/admin/blog/author/"+path, url.Values{"name": {"Changed"}}).
			WantStatus(t, http.StatusOK).WantContains(t, "The archive is closed.", `value="Changed"`)
	}
	if count[Author](t, b, "name", "Changed") != 0 || count[audit.LogEntry](t, b) != 0 {
		t.Error("a change or its history was stored")
	}
}

// The Delete hook of a model runs for deletions of other models that include its objects, and undoes them.
func TestDeleteHookOfDependents(t *testing.T) {
	t.Parallel()
	calls := 0
	b := setup(t, admin.For[Post](admin.Options{}), admin.For[Author](admin.Options{}), admin.For[Comment](admin.Options{Hooks: admin.Hooks{
		Delete: func(ctx context.Context, _ *http.Request, execute func(context.Context) error) error {
			calls++
			if err := execute(ctx); err != nil {
				return err
			}
			return web.Forbidden("Comments are archived first.")
		},
	}}))
	b.createRows(t)
	client := b.as(t, b.root)
	client.Post("/admin/blog/post/1/delete/", url.Values{"post": {"yes"}}).
		WantStatus(t, http.StatusConflict).WantContains(t, "Comments are archived first.", "Nothing was deleted")
	if count[Post](t, b, "id", 1) != 1 || count[Comment](t, b) != 1 || count[audit.LogEntry](t, b) != 0 {
		t.Error("the deletion was not undone")
	}
	client.Post("/admin/blog/post/2/delete/", url.Values{"post": {"yes"}}).WantRedirect(t, "/admin/blog/post/") // without comments
	if calls != 1 {
		t.Errorf("the hook was called %d times", calls)
	}
}

func TestCleanHook(t *testing.T) {
	t.Parallel()
	b := setup(t, admin.For[Author](admin.Options{Hooks: admin.Hooks{
		ExtraFields: func(_ *http.Request, obj any) []*forms.Field {
			if obj.(*Author).ID != 0 {
				return nil
			}
			return []*forms.Field{{Name: "code", Label: "Code", Required: true}}
		},
		Clean: func(s *admin.Submission) error {
			if s.Form.Value("name") == "Nobody" {
				s.Form.AddError("name", "Enter another name.")
			}
			if s.Object.(*Author).Name == "Broken" {
				return errors.New("no connection")
			}
			return nil
		},
	}}))
	b.createRows(t)
	client := b.as(t, b.root)
	client.Get("/admin/blog/author/add/").WantContains(t, `name="code"`)
	client.Get("/admin/blog/author/1/change/").WantNotContains(t, `name="code"`)
	client.Post("/admin/blog/author/add/", url.Values{"name": {"Nobody"}}).
		WantContains(t, "2 fields need your attention", "Enter another name.", `id="id_code_error"`)
	client.Post("/admin/blog/author/1/change/", url.Values{"name": {"Broken"}}).WantStatus(t, http.StatusInternalServerError)
	client.Post("/admin/blog/author/add/", url.Values{"name": {"Nina"}, "code": {"7"}}).WantRedirect(t, "/admin/blog/author/")
	if count[Author](t, b) != 3 || count[Author](t, b, "name", "Broken") != 0 {
		t.Error("an author was stored that should not be, or not stored")
	}
}
