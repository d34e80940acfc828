package admin

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
)

// deleteSelected is the action that every model has.
const deleteSelected = "delete_selected"

// list shows the objects of a model.
func (q *request) list() error {
	e := q.entry
	if !q.can("view", e) {
		return q.refuse("view")
	}
	state := e.list.Parse(q.URL.Query())
	view, err := e.list.Page(q.Context(), q.env(), state)
	if err != nil {
		return err
	}
	status := http.StatusOK
	notices := messages.Take(q.Request)
	if state.Refused {
		status = http.StatusBadRequest // the rows are those of what was understood
	}
	for _, problem := range slices.Concat(view.Notices, state.Problems) {
		notices = append(notices, messages.Notice{Level: messages.LevelWarning, Message: message.Text(problem)})
	}
	if q.can("delete", e) {
		view.Actions = append(view.Actions, changelist.Action{Name: deleteSelected, Label: "Delete selected " + e.model.LabelPlural})
	}
	data := web.Data{"title": e.title(), "crumbs": q.crumbs(), "list": view, "messages": notices}
	if q.can("add", e) {
		data["add_url"] = q.listURL(e) + "add/"
	}
	return q.render(status, "admin/list.html", data)
}

// act does something with the chosen rows of a list. An address without choice leads back to the list.
func (q *request) act() error {
	e := q.entry
	back := e.list.Address(q.listURL(e), e.list.Parse(q.URL.Query()))
	if err := q.ParseForm(); err != nil {
		return web.BadRequest("The form could not be read.")
	}
	chosen := q.PostForm["_selected_action"]
	switch action := q.PostFormValue("action"); {
	case action != deleteSelected:
		return web.BadRequest("There is no such action.")
	case !q.can("delete", e) || !q.can("view", e):
		return q.refuse("delete")
	case len(chosen) == 0:
		messages.Warning(q.Request, "Choose at least one row first.")
		return q.redirect(back)
	case len(chosen) > 1000:
		return web.BadRequest("At most 1,000 rows can be chosen at a time.")
	}
	keys := make([]any, 0, len(chosen))
	for _, text := range chosen {
		key, err := e.model.PK.Convert(text)
		if err != nil {
			return web.BadRequest("“{key}” is not the key of a row.", message.Args{"key": display.Cut(text, 60)})
		}
		keys = append(keys, key)
	}
	objects, err := q.app.db.Objects(e.model).Where("pk__in", keys).OrderByNames("pk").All(q.Context())
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		messages.Warning(q.Request, "The chosen rows do not exist any more.")
		return q.redirect(back)
	}
	return q.removeAll(objects, chosen, back)
}

// number reads a number from an address; 0 if it is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// load finds the object with a key from the address.
func (q *request) load(pk string) (any, error) { return q.loadWith(pk, nil) }

// loadWith is load with what a config's columns need.
func (q *request) loadWith(pk string, config *changelist.Config) (any, error) {
	model := q.entry.model
	missing := func() error {
		return web.NotFound("There is no {model} with the key “{key}”. It may have been deleted.", message.Args{"model": model.Label, "key": display.Cut(pk, 60)})
	}
	key, err := model.PK.Convert(pk)
	if err != nil {
		return nil, missing()
	}
	query := q.app.db.Objects(model).Where("pk", key)
	if config != nil {
		query = config.Load(query)
	}
	obj, err := query.Get(q.Context())
	if web.Status(err) == http.StatusNotFound {
		return nil, missing()
	}
	return obj, err
}

// complete answers pickers of related objects: {"results": [{"id": …, "text": …}], "more": …}.
func (q *request) complete() error {
	e := q.entry
	if !q.can("view", e) {
		return q.refuse("view")
	}
	const perPage = 20
	page := max(1, min(number(q.URL.Query().Get("p")), 500))
	found, err := e.list.Find(q.Context(), q.app.db, q.URL.Query().Get("q"), perPage+1, (page-1)*perPage)
	if err != nil {
		return err
	}
	type result struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	results := []result{}
	for _, match := range found[:min(len(found), perPage)] {
		obj := match.Object
		results = append(results, result{fmt.Sprint(e.model.PK.Value(obj)), q.plain(e.model, obj, 200)})
	}
	q.w.Header().Set("Cache-Control", "no-store")
	return web.JSON(q.w, map[string]any{"results": results, "more": len(found) > perPage})
}

// palette finds records of every model that has a search, a few of each, the best matches of all first.
func (q *request) palette() error {
	text := q.URL.Query().Get("q")
	type result struct {
		Text string `json:"text"`
		URL  string `json:"url"`
		Kind string `json:"kind"`
		rank int
	}
	results := []result{}
	if len(changelist.Terms(text)) > 0 {
		for _, g := range q.site.groups {
			for _, e := range g.entries {
				if len(e.options.Search) == 0 || !q.can("view", e) {
					continue
				}
				found, err := e.list.Find(q.Context(), q.app.db, text, 4, 0)
				if err != nil {
					return err
				}
				for _, match := range found {
					obj := match.Object
					results = append(results, result{q.plain(e.model, obj, 120), q.link(e.model, e.model.PK.Value(obj)), e.model.Label, match.Rank})
				}
			}
		}
	}
	slices.SortStableFunc(results, func(a, b result) int { return a.rank - b.rank })
	q.w.Header().Set("Cache-Control", "no-store")
	return web.JSON(q.w, map[string]any{"results": results[:min(len(results), 24)]})
}

// object leads from the bare address of an object to its page.
func (q *request) object() error {
	return q.redirect(q.objectURL(q.entry, web.Param(q.Request, "pk"), "change"))
}
