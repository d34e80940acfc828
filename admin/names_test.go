package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/quintetgo/quintet/framework/webtest"
)

func TestInvisibleNames(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	client := b.as(t, b.root)
	for i, text := range []string{"", "   ", "\u00a0", "\u200b", "\n", "\x00", "\u3164", "bad \xff text", "a\x00b", strings.Repeat("long ", 60), "\u202egnp.exe"} {
		code := fmt.Sprintf("k%d", i)
		b.create(t, thing(code, func(x *Thing) { x.OwnerID = nil }))
		b.overwrite(t, "things_thing", "text", "code", code, text)
		list := client.Get("/admin/things/thing/").WantStatus(t, http.StatusOK).Body
		_, after, found := strings.Cut(list, `href="`+address(code, "change")+`"`)
		label, _, _ := strings.Cut(after, "</a>")
		if root, err := html.Parse(strings.NewReader("<a " + label)); !found || err != nil || strings.TrimFunc(textOf(root), func(r rune) bool { return r <= ' ' || r == 0xa0 || r == 0x200b }) == "" {
			t.Errorf("%q: the list has nothing to click on: %q", text, label)
		}
		if strings.Contains(list, "\u202e") && !strings.Contains(list, "<bdi>\u202egnp.exe</bdi>") {
			t.Errorf("a name outside of <bdi> turns the text around it")
		}
		values := inputs(t, client.Get(address(code, "change")).WantStatus(t, http.StatusOK).Body)
		values.Set("revision", "3")
		client.Post(address(code, "change"), values).WantRedirect(t, "/admin/things/thing/")
		if x := b.thing(t, code); x.Revision != 3 || x.Text != text {
			t.Errorf("%q: stored %+v", text, x)
		}
		client.Get(address(code, "history")).WantStatus(t, http.StatusOK).WantContains(t, "Revision")
		page := client.Get(address(code, "delete")).WantStatus(t, http.StatusOK)
		if title := between(page.Body, "<title>", "</title>"); strings.Contains(title, "“”") || strings.Contains(title, "\u202e") {
			t.Errorf("%q: title %q", text, title)
		}
		client.Post(address(code, "delete"), url.Values{"post": {"yes"}}).WantRedirect(t, "/admin/things/thing/")
		client.Get("/admin/").WantStatus(t, http.StatusOK).WantContains(t, "was deleted", "deleted thing")
	}
	if n := count[Thing](t, b); n != 0 {
		t.Errorf("%d things are left", n)
	}
	client.Post("/admin/things/thing/add/", url.Values{"code": {"n"}, "text": {""}, "at": {"2026-01-01T10:00"}, "clock": {"10:00"}, "day": {"2026-01-01"}, "lasts": {"1h"}, "price": {"1"}, "ratio": {"1"}, "small": {"1"}, "big": {"1"}, "status": {"new"}, "data": {"{}"}, "blob": {"00ff"}, "revision": {"1"}}).WantRedirect(t, "/admin/things/thing/")
	if x := b.thing(t, "n"); len(x.Blob) != 2 {
		t.Errorf("stored %+v", x)
	}
	client.Get("/admin/").WantContains(t, "The thing “Thing n” was added.")
}

func TestCyclicParents(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	client := b.as(t, b.root)
	own, second := int64(1), int64(2)
	b.create(t, &Node{Name: "self"}, &Node{Name: "a", ParentID: &own}, &Node{Name: "b", ParentID: &second})
	for id, parent := range map[int64]int64{1: 3} { // 1 → 3 → 2 → 1
		client.Post(fmt.Sprintf("/admin/things/node/%d/change/", id), url.Values{"name": {"self"}, "parent": {fmt.Sprint(parent)}}).WantRedirect(t, "/admin/things/node/")
	}
	client.Get("/admin/things/node/").WantStatus(t, http.StatusOK)
	client.Get("/admin/things/node/1/change/").WantStatus(t, http.StatusOK)
	client.Get("/admin/things/node/1/delete/").WantStatus(t, http.StatusOK).WantContains(t, "3 objects will be deleted")
	client.Post("/admin/things/node/1/delete/", url.Values{"post": {"yes"}}).WantRedirect(t, "/admin/things/node/")
	if n := count[Node](t, b); n != 0 {
		t.Errorf("%d nodes are left", n)
	}
}

// Names of objects that the user may not view are on no page.
func TestNamesWithoutViewPermission(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	b.create(t, &Owner{Name: "Hidden Ann"}, &Owner{Name: "Hidden Bob"}, thing("x"), &Part{ThingID: "x", Name: "Hidden part"})
	if err := b.db.Related(&Thing{Code: "x"}, "owners").Add(t.Context(), int64(1)); err != nil {
		t.Fatal(err)
	}
	root := b.as(t, b.root)
	values := inputs(t, root.Get(address("x", "change")).WantContains(t, "Hidden Ann", "Hidden Bob").Body)
	values.Set("owner", "2")
	values["owners"] = []string{"1", "2"}
	root.Post(address("x", "change"), values).WantRedirect(t, "/admin/things/thing/")
	root.Get(address("x", "history")).WantContains(t, "Hidden Ann", "Hidden Bob")

	clerk := b.as(t, b.staffWith(t, "clerk", "things.view_thing", "things.add_thing", "things.change_thing", "things.delete_thing", "things.delete_part"))
	for _, target := range []string{
		"/admin/", "/admin/things/", "/admin/things/thing/", "/admin/things/thing/?owner=1", "/admin/things/thing/?owners__in=1,2", "/admin/things/thing/add/",
		"/admin/things/thing/add/?owner=1&owners=1", address("x", "change"), address("x", "delete"), address("x", "history"), "/admin/search/?q=hidden",
		"/admin/things/owner/", "/admin/things/owner/autocomplete/?q=hidden", "/admin/things/owner/1/change/", "/admin/things/owner/1/history/", "/admin/things/part/1/change/",
	} {
		clerk.Get(target).WantNotContains(t, "Hidden")
	}
	clerk.Get(address("x", "change")).WantContains(t, "Enter the key of the owner: you may not view it.", `name="owner" value="2"`, "Enter keys of owners, separated by commas")
	clerk.Get(address("x", "delete")).WantContains(t, "Part", "2 objects will be deleted")
	clerk.Post("/admin/things/thing/", url.Values{"action": {"delete_selected"}, "_selected_action": {"x"}}).WantStatus(t, http.StatusOK).WantNotContains(t, "Hidden")

	// Keys can be entered, and an untouched form changes nothing.
	values = inputs(t, clerk.Get(address("x", "change")).Body)
	clerk.Post(address("x", "change"), values).WantRedirect(t, "/admin/things/thing/")
	values.Set("owner", "99")
	clerk.Post(address("x", "change"), values).WantContains(t, "There is no owner with key 99").WantNotContains(t, "Hidden")
	values.Set("owner", "1")
	values.Set("owners", "2")
	clerk.Post(address("x", "change"), values).WantRedirect(t, "/admin/things/thing/")
	if x := b.thing(t, "x"); *x.OwnerID != 1 || count[Thing](t, b, "owners", 2) != 1 || count[Thing](t, b, "owners", 1) != 0 {
		t.Errorf("stored owner %d", *x.OwnerID)
	}
	deleter := b.as(t, b.staffWith(t, "deleter", "things.delete_thing", "things.delete_part"))
	for _, page := range []*webtest.Response{deleter.Get(address("x", "delete")), deleter.Post(address("x", "delete"), url.Values{"post": {"yes"}}), deleter.Get("/admin/")} {
		page.WantNotContains(t, "A thing", "Hidden")
	}
	if count[Thing](t, b) != 0 {
		t.Error("the thing still exists")
	}
}

func TestRelationsWithManyObjects(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	owners := make([]*Owner, 1500)
	keys := make([]any, len(owners))
	for i := range owners {
		owners[i] = &Owner{Name: fmt.Sprintf("Owner %04d", i)}
	}
	if err := b.db.CreateAll(t.Context(), owners); err != nil {
		t.Fatal(err)
	}
	for i, owner := range owners {
		keys[i] = owner.ID
	}
	parts := make([]*Part, 5000)
	for i := range parts {
		parts[i] = &Part{ThingID: "x", Name: fmt.Sprintf("Part %04d", i)}
	}
	b.create(t, thing("x"))
	if err := b.db.CreateAll(t.Context(), parts); err != nil {
		t.Fatal(err)
	}
	if err := b.db.Related(&Thing{Code: "x"}, "owners").Add(t.Context(), keys...); err != nil {
		t.Fatal(err)
	}
	client := b.as(t, b.root)
	for _, target := range []string{"/admin/things/thing/", address("x", "change"), address("x", "delete"), "/admin/things/thing/add/"} {
		if page := client.Get(target).WantStatus(t, http.StatusOK); len(page.Body) > 60_000 {
			t.Errorf("%s has %d bytes", target, len(page.Body))
		}
	}
	page := client.Get(address("x", "change")).WantContains(t, "1,500 owners", "too many of them to edit here").WantNotContains(t, `name="owners"`)
	values := inputs(t, page.Body)
	values.Set("text", "Edited")
	client.Post(address("x", "change"), values).WantRedirect(t, "/admin/things/thing/")
	if x := b.thing(t, "x"); x.Text != "Edited" || count[Owner](t, b, "owned", "x") != 1500 {
		t.Errorf("stored %q", x.Text)
	}
	client.Get(address("x", "delete")).WantContains(t, "5,001 objects will be deleted", "and 4,990 more", "Type 5001 to confirm")
	client.Post(address("x", "delete"), url.Values{"post": {"yes"}, "confirm": {"5001"}}).WantRedirect(t, "/admin/things/thing/")
	if n := count[Part](t, b); n != 0 {
		t.Errorf("%d parts are left", n)
	}
}
