package admin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// entryView is a line of history as pages show it.
type entryView struct {
	Action, Who, Verb, Singular, Label, URL string
	ISO, Absolute, Relative                 string
	Changes                                 []changeView
}

type changeView struct {
	Label, Note string
	Parts       []display.Part
}

func (q *request) entryViews(entries []*audit.LogEntry) []entryView {
	views := make([]entryView, 0, len(entries))
	p := q.printer()
	for _, one := range entries {
		v := entryView{
			Action: one.Action, Verb: one.Verb(), Who: display.Line(one.UserName), Label: display.Line(one.ObjectLabel), Singular: one.Model,
			ISO: one.At.UTC().Format(time.RFC3339), Absolute: p.Exact(one.At), Relative: p.Ago(one.At),
		}
		if e := q.site.byKey[one.Model]; e != nil {
			v.Singular = e.model.Label
			if one.Action != audit.Delete {
				v.URL = q.link(e.model, one.ObjectPK)
			}
		}
		if one.UserID != nil && *one.UserID == q.user.UserID() {
			v.Who = "You"
		}
		for _, d := range one.Diffs() {
			if q.hides(one.Model, d.Field) {
				v.Changes = append(v.Changes, changeView{Label: d.Label, Note: "Something else was chosen."})
				continue
			}
			v.Changes = append(v.Changes, changeView{Label: d.Label, Note: d.Note, Parts: d.Parts()})
		}
		views = append(views, v)
	}
	return views
}

// hides reports whether a field's recorded values name objects that the user may not view.
func (q *request) hides(model, field string) bool {
	e := q.site.byKey[model]
	if e == nil {
		return false
	}
	f := e.model.Lookup(field)
	return f != nil && f.Relation != nil && !q.views(f.Relation.To)
}

// log records what the user did to an object. Call it in the transaction of the change.
func (q *request) log(ctx context.Context, action string, e *entry, obj any, diffs []audit.Diff) error {
	entry := q.logEntry(action, e, obj)
	if err := entry.SetDiffs(diffs); err != nil {
		return err
	}
	return q.app.db.Create(ctx, entry)
}

func (q *request) logEntry(action string, e *entry, obj any) *audit.LogEntry {
	id := q.user.UserID()
	who := display.Line(q.user.Account().FullName())
	if !schema.Visible(who) {
		who = fmt.Sprintf("User %d", id)
	}
	return &audit.LogEntry{
		At: q.app.config.Now().UTC(), UserID: &id, UserName: display.Cut(who, 200), Action: action,
		Model: e.model.Key(), ObjectPK: keyText(e.model.PK.Value(obj)), ObjectLabel: display.Cut(display.Line(e.model.Display(obj)), 200),
	}
}

// historyPerPage is the number of entries on a page of an object's history.
const historyPerPage = 50

// history shows what was done to an object. It stays readable when the object is gone.
func (q *request) history() error {
	if !q.can("view", q.entry) {
		return q.refuse("view the history of")
	}
	pk := web.Param(q.Request, "pk")
	query := orm.Objects[audit.LogEntry](q.app.db).Where("model", q.entry.model.Key()).Where("object_pk", keyText(pk))
	total, err := query.Count(q.Context())
	if err != nil {
		return err
	}
	title, address := "", ""
	switch obj, err := q.load(pk); {
	case err == nil:
		title, address = q.name(q.entry.model, obj), q.objectURL(q.entry, pk, "change")
	case web.Status(err) != http.StatusNotFound || total == 0:
		return err
	}
	last := max(1, (int(total)+historyPerPage-1)/historyPerPage)
	page := min(max(1, number(q.URL.Query().Get("p"))), last)
	entries, err := query.OrderByNames("-at", "-id").Limit(historyPerPage).Offset((page - 1) * historyPerPage).All(q.Context())
	if err != nil {
		return err
	}
	if title == "" {
		title = display.Line(entries[0].ObjectLabel) + " (deleted)"
	}
	base := q.objectURL(q.entry, pk, "history")
	at := func(n int) string { return fmt.Sprintf("%s?p=%d", base, n) }
	list := changelist.View{Summary: fmt.Sprintf("%d changes", total), Pages: changelist.Pages(page, last, at)}
	return q.render(http.StatusOK, "admin/history.html", web.Data{
		"title": "History", "subtitle": title, "object_url": address, "entries": q.entryViews(entries), "list": list,
		"crumbs": q.crumbs(crumb{display.Cut(title, 60), address}, crumb{Label: "History"}),
	})
}
