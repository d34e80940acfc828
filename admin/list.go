package admin

import (
	"net/http"
	"slices"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// deleteSelected is the name of the action that every model has.
const deleteSelected = "delete_selected"

// maxSelected is the number of rows that can be selected at a time.
const maxSelected = 1000

// listPage is the list of a model.
type listPage struct {
	page
	List   *changelist.View
	AddURL string // "" if the user may not add an object
}

// list shows the objects of a model. Its status is 400 if the address compares fields that may not be compared.
func (q *request) list() error {
	e := q.entry
	if !q.can(ActionView, e) {
		return q.refuse(ActionView)
	}
	state := e.list.Parse(q.URL.Query())
	view, err := e.list.Page(q.Context(), q.listEnv(), state)
	if err != nil {
		return err
	}
	if q.can(ActionDelete, e) {
		label := message.New("", "Delete selected {objects}", message.Args{"objects": e.model.LabelPlural})
		view.Actions = append(view.Actions, changelist.Action{Name: deleteSelected, Label: label})
	}
	status := http.StatusOK
	if state.Refused {
		status = http.StatusBadRequest
	}
	return q.render(status, "admin/list.html", &listPage{
		page: page{Title: e.title(), Crumbs: q.crumbs(), Notices: slices.Concat(view.Notices, state.Problems)},
		List: view, AddURL: q.addURL(e),
	})
}

// act performs an action on the selected rows of a list. Without a selection it redirects to the list.
func (q *request) act() error {
	e := q.entry
	back := e.list.Address(q.listURL(e), e.list.Parse(q.URL.Query()))
	if err := q.ParseForm(); err != nil {
		return web.BadRequest("The form could not be read.")
	}
	selected := q.PostForm["_selected_action"]
	switch action := q.PostFormValue("action"); {
	case action != deleteSelected:
		return web.BadRequest("There is no such action.")
	case !q.can(ActionDelete, e) || !q.can(ActionView, e):
		return q.refuse(ActionDelete)
	case len(selected) == 0:
		q.warn("Select at least one row first.", nil)
		return q.redirect(back)
	case len(selected) > maxSelected:
		return web.BadRequest("At most 1,000 rows can be selected at a time.")
	}
	keys := make([]any, 0, len(selected))
	for _, text := range selected {
		key, err := e.model.PK.Convert(text)
		if err != nil {
			return web.BadRequest("“{key}” is not the key of a row.", message.Args{"key": display.Cut(text, 60)})
		}
		keys = append(keys, key)
	}
	objects, err := q.env().Objects(e.model).Where("pk__in", keys).OrderBy("pk").All(q.Context())
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		q.warn("The selected rows no longer exist.", nil)
		return q.redirect(back)
	}
	return q.removeSelected(objects, selected, back)
}

// object redirects from the bare address of an object to its page.
func (q *request) object() error {
	return q.redirect(q.objectURL(q.entry, web.Param(q.Request, "pk"), "change"))
}
