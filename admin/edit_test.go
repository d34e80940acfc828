package admin_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/admin/audit"
)

func TestUntouchedFieldsAreNotWritten(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	b.create(t, &Owner{Name: "Ann"}, &Owner{Name: "Bob"})
	client := b.as(t, b.root)
	for name, change := range map[string]func(x *Thing){
		"plain":                    func(*Thing) {},
		"nulls":                    func(x *Thing) { x.Until, x.Maybe, x.OwnerID = nil, nil, nil },
		"a status of old":          func(x *Thing) { x.Status = "retired" },
		"white space at the ends":  func(x *Thing) { x.Text, x.Notes = "  A  thing\t", " \n " },
		"lines in a short text":    func(x *Thing) { x.Text, x.Notes = "A\nthing", "a\rb\r\nc" },
		"a NUL and broken letters": func(x *Thing) { x.Text = "replaced below" },
		"text that shows nothing":  func(x *Thing) { x.Text = "\u200b" },
		"right to left":            func(x *Thing) { x.Text = "\u202egnp.exe" },
		"a price that is none":     func(x *Thing) { x.Price = "1000000" },
		"a negative time":          func(x *Thing) { x.Lasts = -3 * time.Second },
		"nothing in a number":      func(x *Thing) { x.Big, x.Ratio, x.On = 0, 0, false },
	} {
		code := strings.ReplaceAll(name, " ", "-")
		b.create(t, thing(code, change))
		if code == "a-NUL-and-broken-letters" {
			b.overwrite(t, "things_thing", "text", "code", code, "A\x00thing\xff\xfe")
		}
		if err := b.db.Related(&Thing{Code: code}, "owners").Add(t.Context(), int64(2), int64(1)); err != nil {
			t.Fatal(err)
		}
		before := b.thing(t, code)
		values := inputs(t, client.Get(address(code, "change")).WantStatus(t, http.StatusOK).Body)
		values.Set("revision", "7")
		client.Post(address(code, "change"), values).WantRedirect(t, "/admin/things/thing/")
		after := b.thing(t, code)
		if after.Revision != 7 {
			t.Errorf("%s: the edited field was not stored", name)
		}
		before.Revision = 7
		was, _ := json.Marshal(before)
		is, _ := json.Marshal(after)
		if string(was) != string(is) || before.Text != after.Text || before.Notes != after.Notes {
			t.Errorf("%s:\n before %s\n after  %s", name, was, is)
		}
		if entries := count[audit.LogEntry](t, b, "object_pk", code, "changes__contains", `"field":"revision"`); entries != 1 {
			t.Errorf("%s: %d entries", name, entries)
		}
		if n := count[Thing](t, b, "code", code, "owners", 1) + count[Thing](t, b, "code", code, "owners", 2); n != 2 {
			t.Errorf("%s: %d owners", name, n)
		}
		// Sent again, the form changes and records nothing.
		values = inputs(t, client.Get(address(code, "change")).Body)
		client.Post(address(code, "change"), values).WantRedirect(t, "/admin/things/thing/")
		client.Get("/admin/").WantContains(t, "Nothing was changed")
		if entries := count[audit.LogEntry](t, b, "object_pk", code); entries != 1 {
			t.Errorf("%s: %d entries after a form that changed nothing", name, entries)
		}
	}
}

func TestTwoEditorsOfOneObject(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	b.create(t, &Owner{Name: "Ann"}, &Owner{Name: "Bob"}, thing("x"))
	first, second := b.as(t, b.root), b.as(t, b.staffWith(t, "second", "things.change_thing", "things.view_owner"))
	target := address("x", "change")
	old := inputs(t, second.Get(target).Body)

	// The first changes some fields, the second others: both are kept.
	values := inputs(t, first.Get(target).Body)
	values.Set("text", "By the first")
	values.Set("owner", "2")
	values["owners"] = []string{"1"}
	first.Post(target, values).WantRedirect(t, "/admin/things/thing/")
	mine := cloneValues(old)
	mine.Set("price", "99.25")
	second.Post(target, mine).WantRedirect(t, "/admin/things/thing/")
	if x := b.thing(t, "x"); x.Text != "By the first" || *x.OwnerID != 2 || x.Price != "99.25" || count[Thing](t, b, "owners", 1) != 1 {
		t.Errorf("stored %+v", x)
	}

	// Both change the same fields: the second is notified, keeps the input, and can store it.
	mine = cloneValues(old)
	mine.Set("text", "By the second")
	mine.Set("ratio", "0.5")
	mine["owners"] = []string{"2"}
	page := second.Post(target, mine).WantStatus(t, http.StatusOK)
	page.WantContains(t, "somebody else changed the same field", "Rosa Root changed this to “By the first”", "to “Ann”", `value="0.5"`)
	values = inputs(t, page.Body)
	if values.Get("text") != "By the second" || values.Get("owner") != "2" || values.Get("price") != "99.25" {
		t.Errorf("the page shows %v", values)
	}
	if x := b.thing(t, "x"); x.Text != "By the first" || x.Ratio == 0.5 {
		t.Errorf("something was written: %+v", x)
	}
	second.Post(target, values).WantRedirect(t, "/admin/things/thing/")
	if x := b.thing(t, "x"); x.Text != "By the second" || *x.OwnerID != 2 || x.Price != "99.25" || x.Ratio != 0.5 || count[Thing](t, b, "owners", 2) != 1 {
		t.Errorf("stored %+v", x)
	}

	// Another program changes the row: no user is named.
	mine = inputs(t, second.Get(target).Body)
	if err := b.db.SaveFields(t.Context(), &Thing{Code: "x", Big: 5}, "big"); err != nil {
		t.Fatal(err)
	}
	mine.Set("big", "6")
	second.Post(target, mine).WantContains(t, "Somebody else changed this to “5” after")

	// The row is deleted meanwhile.
	mine = inputs(t, second.Get(target).Body)
	first.Post(address("x", "delete"), url.Values{"post": {"yes"}}).WantRedirect(t, "/admin/things/thing/")
	second.Post(target, mine).WantStatus(t, http.StatusNotFound).WantContains(t, "may have been deleted")
}

func TestTextKeys(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	client := b.as(t, b.root)
	for _, code := range []string{" lead", "tab\t", "a/b", "ü", "50%", "a\nb", "“x”", "?a=b#c", "a+b c"} {
		b.create(t, thing(code, func(x *Thing) { x.OwnerID = nil }))
		page := client.Get(address(code, "change")).WantStatus(t, http.StatusOK).WantNotContains(t, `name="code"`)
		values := inputs(t, page.Body)
		values.Set("text", "Changed")
		values.Set("code", "other") // the key cannot be changed
		client.Post(address(code, "change"), values).WantRedirect(t, "/admin/things/thing/")
		if x := b.thing(t, code); x.Text != "Changed" {
			t.Errorf("%q: stored %+v", code, x)
		}
		client.Get(address(code, "history")).WantStatus(t, http.StatusOK).WantContains(t, "<ins>Changed</ins>")
		client.Post("/admin/things/thing/", url.Values{"action": {"delete_selected"}, "_selected_action": {code}, "post": {"yes"}}).WantRedirect(t, "/admin/things/thing/")
		if count[Thing](t, b) != 0 {
			t.Errorf("%q still exists", code)
		}
	}
	client.Get("/admin/things/thing/add/").WantContains(t, `name="code"`)
}

func TestCompositeKeysAreRefused(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{pairs: true})
	problems := b.staff.Checks(t.Context())
	if len(problems) != 1 || problems[0].ID != "admin.E014" || !strings.Contains(problems[0].Message, "2 columns") || problems[0].Hint == "" {
		t.Errorf("got %v", problems)
	}
}

func TestLanguageOfPages(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	b.as(t, b.root).Get("/admin/").WantContains(t, `<html lang="de-AT" dir="ltr"`)
}

func TestValuesTooLongForAnInput(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	client := b.as(t, b.root)
	b.create(t, thing("long", func(x *Thing) {
		x.Notes, x.Blob, x.OwnerID = strings.Repeat("word ", 200_000), make([]byte, 100_000), nil
	}))
	page := client.Get(address("long", "change")).WantStatus(t, http.StatusOK).WantContains(t, "1,000,000 bytes", "100,000 bytes").WantNotContains(t, `name="notes"`, `name="blob"`)
	if len(page.Body) > 100_000 {
		t.Errorf("the page has %d bytes", len(page.Body))
	}
	values := inputs(t, page.Body)
	values.Set("text", "Short")
	client.Post(address("long", "change"), values).WantRedirect(t, "/admin/things/thing/")
	if x := b.thing(t, "long"); x.Text != "Short" || len(x.Notes) != 1_000_000 || len(x.Blob) != 100_000 {
		t.Errorf("stored %d and %d bytes", len(x.Notes), len(x.Blob))
	}
}

func TestDecimalsHaveTheNumericKeyboard(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	b.as(t, b.root).Get("/admin/things/thing/add/").WantContains(t, `inputmode="decimal"`)
}
