package admin

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/schema"
)

// historyPerPage is the number of entries on a page of an object's history.
const historyPerPage = 50

// historyPage is the history of one object.
type historyPage struct {
	page
	Deleted   bool   // the object no longer exists
	ObjectURL string // page of the object, "" if it is deleted
	Entries   []audit.View
	List      changelist.View // the pager
}

// history shows the recorded actions on an object, also when it is deleted.
func (q *request) history() error {
	e := q.entry
	if !q.can(ActionView, e) {
		return web.Forbidden("You may not view the history of {objects}.", message.Args{"objects": e.model.LabelPlural})
	}
	pk := web.Param(q.Request, "pk")
	query := audit.History(q.app.db, e.model, pk)
	total, err := query.Count(q.Context())
	if err != nil {
		return err
	}
	data := historyPage{page: page{Title: "History"}}
	switch obj, err := q.load(e, pk); {
	case err == nil:
		data.Subtitle, data.ObjectURL = q.env().Name(e.model, obj), q.objectURL(e, pk, "change")
	case web.Status(err) != http.StatusNotFound || total == 0:
		return err
	default:
		data.Deleted = true
	}
	last := max(1, (int(total)+historyPerPage-1)/historyPerPage)
	number := min(max(1, pageNumber(q.URL.Query().Get("p"))), last)
	entries, err := query.Limit(historyPerPage).Offset((number - 1) * historyPerPage).All(q.Context())
	if err != nil {
		return err
	}
	if data.Deleted {
		data.Subtitle = display.Line(entries[0].ObjectLabel)
	}
	data.Entries = q.viewer().Views(entries)
	base := q.objectURL(e, pk, "history")
	data.List = changelist.View{
		Summary: message.New("", "{count} changes", message.Args{"count": total}),
		Pages:   changelist.Pages(number, last, func(n int) string { return fmt.Sprintf("%s?p=%d", base, n) }),
	}
	data.Crumbs = q.crumbs(crumb{display.Cut(data.Subtitle, 60), data.ObjectURL}, crumb{Label: "History"})
	return q.render(http.StatusOK, "admin/history.html", &data)
}

// viewer returns the views of history entries for the user.
func (q *request) viewer() audit.Viewer {
	return audit.Viewer{Env: q.env(), Model: func(key string) *schema.Model {
		if e := q.site.byKey[key]; e != nil {
			return e.model
		}
		return nil
	}}
}

// pageNumber returns the number of a page from an address, 0 if the text is not a number.
func pageNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
