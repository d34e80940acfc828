package admin_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// inputs is what a browser sends for the inputs of a page that nobody touches.
func inputs(t *testing.T, page string) url.Values {
	t.Helper()
	values := url.Values{}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node, form bool)
	walk = func(n *html.Node, form bool) {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		_, checked := at["checked"]
		form = form || n.Data == "form" && at["class"] == "form"
		switch name := at["name"]; {
		case n.Type != html.ElementNode || name == "" || !form:
		case n.Data == "input" && (at["type"] == "checkbox" || at["type"] == "radio"):
			if value, own := at["value"]; checked && own {
				values.Add(name, value)
			} else if checked {
				values.Add(name, "on")
			}
		case n.Data == "input":
			values.Add(name, strings.NewReplacer("\r", "", "\n", "").Replace(at["value"]))
		case n.Data == "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data // the parser drops the first line end, as browsers do
			}
			values.Add(name, strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(text))
		case n.Data == "select":
			choose(n, name, values)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, form)
		}
	}
	walk(root, false)
	values.Del("csrf_token")
	return values
}

func choose(n *html.Node, name string, values url.Values) {
	first, several, found, options := "", false, false, 0
	for _, a := range n.Attr {
		several = several || a.Key == "multiple"
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data != "option" {
			continue
		}
		value, selected := "", false
		for _, a := range c.Attr {
			if a.Key == "value" {
				value = a.Val
			}
			selected = selected || a.Key == "selected"
		}
		if selected {
			values.Add(name, value)
			found = true
		}
		if options++; options == 1 {
			first = value
		}
	}
	if !found && !several && options > 0 {
		values.Add(name, first)
	}
}

// Thing has a field of each kind.
type Thing struct {
	Code     string `gorm:"primaryKey;size:30"`
	Text     string `gorm:"size:300"`
	Notes    string `gorm:"type:text"`
	At       time.Time
	Until    *time.Time
	Clock    time.Time `gorm:"type:time"`
	Day      time.Time `gorm:"type:date"`
	Lasts    time.Duration
	Price    string `gorm:"type:decimal(12,2)"`
	Ratio    float64
	Small    float32
	Big      int64
	On       bool
	Maybe    *bool
	Status   string          `gorm:"size:20"`
	Data     json.RawMessage `gorm:"type:json"`
	Blob     []byte
	Revision int
	OwnerID  *int64
	Owner    *Owner
	Owners   []Owner `gorm:"many2many:things_thing_owners"`
}

func (x *Thing) Fields(f *orm.Fields) {
	orm.Describe(f, &x.Text).Blank()
	orm.Describe(f, &x.Notes).Blank()
	orm.Describe(f, &x.Status).Choices(orm.Choice{Value: "new", Label: "New"}, orm.Choice{Value: "old", Label: "Old"})
	orm.FK(f, &x.Owner).OnDelete(orm.SetNull).Related("things")
	orm.M2M(f, &x.Owners).Blank().Related("owned")
}
func (x Thing) String() string { return x.Text }

// Owner is a name that not everybody may see.
type Owner struct {
	ID   int64
	Name string `gorm:"size:50"`
}

func (o Owner) String() string { return o.Name }

// Part is deleted with its thing and names itself.
type Part struct {
	ID      int64
	ThingID string `gorm:"size:30"`
	Thing   *Thing
	Name    string `gorm:"size:50"`
}

func (p *Part) Fields(f *orm.Fields) { orm.FK(f, &p.Thing).OnDelete(orm.Cascade).Related("parts") }
func (p Part) String() string        { return p.Name }

// Pair has a key of two columns.
type Pair struct {
	A int64 `gorm:"primaryKey"`
	B int64 `gorm:"primaryKey"`
}

// Node can be its own parent.
type Node struct {
	ID       int64
	Name     string `gorm:"size:50"`
	ParentID *int64
	Parent   *Node
}

func (n *Node) Fields(f *orm.Fields) { orm.FK(f, &n.Parent).OnDelete(orm.Cascade).Related("children") }

func (n Node) String() string {
	if n.Parent != nil {
		return n.Parent.Name + " / " + n.Name
	}
	return n.Name
}

type things struct{ pairs bool }

func (things) Name() string  { return "things" }
func (things) Models() []any { return []any{&Thing{}, &Owner{}, &Part{}, &Pair{}, &Node{}} }
func (a things) AdminModels() []admin.Model {
	models := []admin.Model{
		admin.For[Thing](admin.Options{List: []string{"", "owner", "owners"}, Search: []string{"text"}}), admin.For[Owner](admin.Options{Search: []string{"name"}}),
		admin.For[Part](admin.Options{}), admin.For[Node](admin.Options{}),
	}
	if a.pairs {
		models = append(models, admin.For[Pair](admin.Options{}))
	}
	return models
}

func thingsSite(t *testing.T, app things) *bundle {
	t.Helper()
	db := ormtest.Open(t, auth.New[User](nil), accounts{}, admin.New(nil, admin.Config{}), app)
	users := auth.New[User](db)
	staff := admin.New(db, admin.Config{Now: func() time.Time { return clock }})
	s := framework.Settings{LanguageCode: "de-AT", Routes: func(r *web.Router) {
		r.Include("/admin/", staff)
		r.Include("/accounts/", users)
	}}
	b := &bundle{db: db, staff: staff, project: framework.New(s, users, accounts{}, staff, app)}
	b.root = authtest.Create(t, db, &User{Base: auth.Base{Username: "root", Name: "Rosa Root", IsStaff: true, IsSuperuser: true}})
	return b
}

func (b *bundle) create(t *testing.T, objs ...any) {
	t.Helper()
	for _, obj := range objs {
		if err := b.db.SkipValidation().Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
}

func thing(code string, changes ...func(x *Thing)) *Thing {
	at := time.Date(2026, 5, 1, 12, 30, 15, 123456000, time.UTC)
	yes, owner := true, int64(1)
	x := &Thing{
		Code: code, Text: "A thing", Notes: "\n\n  two lines\nof text \n\n", At: at, Until: &at, Clock: time.Date(0, 1, 1, 12, 0, 15, 123456000, time.UTC),
		Day: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Lasts: 90*time.Minute + 7*time.Microsecond, Price: "12.30", Ratio: 0.1 + 0.2, Small: 0.1, Big: 1<<62 + 1,
		On: true, Maybe: &yes, Status: "new", Data: json.RawMessage(`{"b":1,"a":[2,  1]}`), Blob: []byte{0, 1, 255}, OwnerID: &owner,
	}
	for _, change := range changes {
		change(x)
	}
	return x
}

func (b *bundle) thing(t *testing.T, code string) *Thing {
	t.Helper()
	x, err := orm.Objects[Thing](b.db).Where("code", code).Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func address(code, page string) string {
	return "/admin/things/thing/" + url.PathEscape(code) + "/" + page + "/"
}

func TestUntouchedFieldsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{})
	b.create(t, &Owner{Name: "Ann"}, &Owner{Name: "Bob"})
	client := b.as(t, b.root)
	for name, change := range map[string]func(x *Thing){
		"plain":                    func(*Thing) {},
		"nulls":                    func(x *Thing) { x.Until, x.Maybe, x.OwnerID = nil, nil, nil },
		"a status of old":          func(x *Thing) { x.Status = "retired" },
		"white space at the ends":  func(x *Thing) { x.Text, x.Notes = "  A  thing\t", " \n " },
		"lines in a short text":    func(x *Thing) { x.Text, x.Notes = "A\nthing", "a\rb\r\nc" },
		"a NUL and broken letters": func(x *Thing) { x.Text = "A\x00thing\xff\xfe" },
		"text that shows nothing":  func(x *Thing) { x.Text = "\u200b" },
		"right to left":            func(x *Thing) { x.Text = "\u202egnp.exe" },
		"a price that is none":     func(x *Thing) { x.Price = "1000000" },
		"a negative time":          func(x *Thing) { x.Lasts = -3 * time.Second },
		"nothing in a number":      func(x *Thing) { x.Big, x.Ratio, x.On = 0, 0, false },
	} {
		code := strings.ReplaceAll(name, " ", "-")
		b.create(t, thing(code, change))
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
		// Sent once more nothing changes, and nothing is recorded.
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
	b := thingsSite(t, things{})
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
	mine := cloned(old)
	mine.Set("price", "99.25")
	second.Post(target, mine).WantRedirect(t, "/admin/things/thing/")
	if x := b.thing(t, "x"); x.Text != "By the first" || *x.OwnerID != 2 || x.Price != "99.25" || count[Thing](t, b, "owners", 1) != 1 {
		t.Errorf("stored %+v", x)
	}

	// Both change the same fields: the second is notified, keeps what was typed, and can store it knowingly.
	mine = cloned(old)
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

	// Another program changes the row: nobody is named.
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

func cloned(values url.Values) url.Values {
	out := url.Values{}
	for name, all := range values {
		out[name] = append([]string(nil), all...)
	}
	return out
}

func TestNamesThatShowNothing(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{})
	client := b.as(t, b.root)
	for i, text := range []string{"", "   ", "\u00a0", "\u200b", "\n", "\x00", "\u3164", "bad \xff text", "a\x00b", strings.Repeat("long ", 60), "\u202egnp.exe"} {
		code := fmt.Sprintf("k%d", i)
		b.create(t, thing(code, func(x *Thing) { x.Text, x.OwnerID = text, nil }))
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

func between(text, start, end string) string {
	_, text, _ = strings.Cut(text, start)
	text, _, _ = strings.Cut(text, end)
	return text
}

func textOf(n *html.Node) string {
	text := ""
	if n.Type == html.TextNode {
		text = n.Data
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		text += textOf(c)
	}
	return text
}

func TestKeysOfText(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{})
	client := b.as(t, b.root)
	for _, code := range []string{" lead", "tab\t", "a/b", "ü", "50%", "a\nb", "“x”", "?a=b#c", "a+b c"} {
		b.create(t, thing(code, func(x *Thing) { x.OwnerID = nil }))
		page := client.Get(address(code, "change")).WantStatus(t, http.StatusOK).WantNotContains(t, `name="code"`)
		values := inputs(t, page.Body)
		values.Set("text", "Changed")
		values.Set("code", "other") // a row keeps its key, whatever is sent
		client.Post(address(code, "change"), values).WantRedirect(t, "/admin/things/thing/")
		if x := b.thing(t, code); x.Text != "Changed" {
			t.Errorf("%q: stored %+v", code, x)
		}
		client.Get(address(code, "history")).WantStatus(t, http.StatusOK).WantContains(t, "<ins>Changed</ins>")
		client.Post("/admin/things/thing/", url.Values{"action": {"delete_selected"}, "_selected_action": {code}, "post": {"yes"}}).WantRedirect(t, "/admin/things/thing/")
		if count[Thing](t, b) != 0 {
			t.Errorf("%q is still there", code)
		}
	}
	client.Get("/admin/things/thing/add/").WantContains(t, `name="code"`)
}

func TestCompositeKeysAreRefused(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{pairs: true})
	problems := b.staff.Checks(t.Context())
	if len(problems) != 1 || problems[0].ID != "admin.E014" || !strings.Contains(problems[0].Message, "2 columns") || problems[0].Hint == "" {
		t.Errorf("got %v", problems)
	}
}

func TestTheLanguageOfThePages(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{})
	b.as(t, b.root).Get("/admin/").WantContains(t, `<html lang="de-AT" dir="ltr"`)
}

func TestValuesTooLongForAnInput(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{})
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

func TestCirclesOfParents(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{})
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

// Names of objects that the user may not view are on no page, whichever way leads there.
func TestNamesThatOneMayNotView(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{})
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

	// Keys can be written, and an untouched form changes nothing.
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
		t.Error("the thing is still there")
	}
}

func TestRelationsWithManyObjects(t *testing.T) {
	t.Parallel()
	b := thingsSite(t, things{})
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
