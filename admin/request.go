package admin

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// request is one request to the admin: the user, their permissions, and the model of the address.
type request struct {
	*http.Request
	w     http.ResponseWriter
	app   *App
	site  *site
	base  string // address of the overview: "/admin/"
	user  auth.Identity
	perms auth.Perms
	entry *entry // the model that the address names, nil on other pages

	keptForm string // a form that the login page holds, signed; see auth.KeepForm
}

// can reports whether the user has the permission for an action on a model. Users who may change may view. What the
// options forbid is forbidden to everyone.
func (q *request) can(action Action, e *entry) bool {
	if e == nil {
		return false
	}
	o := e.options
	switch {
	case action == ActionAdd && o.NoAdd, action == ActionChange && o.NoChange, action == ActionDelete && o.NoDelete:
		return false
	case action == ActionView:
		return q.perms.HasAny(e.permission(ActionView), e.permission(ActionChange))
	}
	return q.perms.Has(e.permission(action))
}

// canSee reports whether the model is shown to the user at all.
func (q *request) canSee(e *entry) bool {
	return q.can(ActionView, e) || q.can(ActionAdd, e) || q.can(ActionDelete, e)
}

// canView reports whether the user may view the objects of a model, registered or not.
func (q *request) canView(model *schema.Model) bool {
	if model == nil {
		return false
	}
	if e := q.site.entryOf(model); e != nil {
		return q.can(ActionView, e)
	}
	name := strings.ToLower(model.Name)
	return q.perms.HasAny(model.App+".view_"+name, model.App+".change_"+name)
}

// permit asks the hooks whether the user may perform an action on an object. The error is a refusal or a failure; see
// [isRefusal].
func (q *request) permit(action Action, model *schema.Model, obj any) error {
	for _, h := range q.site.hooks(model) {
		if h.Permit == nil {
			continue
		}
		if err := h.Permit(q.Request, action, obj); err != nil {
			return err
		}
	}
	return nil
}

// permitted is permit where a refusal is not an error.
func (q *request) permitted(action Action, model *schema.Model, obj any) (bool, error) {
	err := q.permit(action, model, obj)
	if isRefusal(err) {
		return false, nil
	}
	return err == nil, err
}

// isRefusal reports whether an error of a hook refuses an action, rather than failing the request.
func isRefusal(err error) bool {
	return err != nil && (errors.Is(err, ErrNotPermitted) || web.Status(err) == http.StatusForbidden)
}

// refuse returns the error for an action on the objects of the request's model that the user may not perform.
func (q *request) refuse(action Action) error {
	args := message.Args{"objects": q.entry.model.LabelPlural}
	switch action {
	case ActionAdd:
		return web.Forbidden("You may not add {objects}.", args)
	case ActionChange:
		return web.Forbidden("You may not change {objects}.", args)
	case ActionDelete:
		return web.Forbidden("You may not delete {objects}.", args)
	}
	return web.Forbidden("You may not view {objects}.", args)
}

// refused returns err with the standard message instead of ErrNotPermitted.
func (q *request) refused(action Action, err error) error {
	if errors.Is(err, ErrNotPermitted) {
		return q.refuse(action)
	}
	return err
}

// listURL is the address of a model's list.
func (q *request) listURL(e *entry) string {
	return q.base + e.model.App + "/" + strings.ToLower(e.model.Name) + "/"
}

// addURL is the address of the page that adds an object, "" if the user may not add one.
func (q *request) addURL(e *entry) string {
	if !q.can(ActionAdd, e) {
		return ""
	}
	return q.listURL(e) + "add/"
}

// objectURL is the address of a page of an object: "change", "delete", "history".
func (q *request) objectURL(e *entry, pk any, page string) string {
	return q.listURL(e) + url.PathEscape(fmt.Sprint(pk)) + "/" + page + "/"
}

// link is the address of an object's page, "" if the user may not view it.
func (q *request) link(model *schema.Model, pk any) string {
	e := q.site.entryOf(model)
	if e == nil || pk == nil || !q.can(ActionView, e) {
		return ""
	}
	return q.objectURL(e, pk, "change")
}

// autocomplete is the address that finds objects of a model, "" if the user may not view them.
func (q *request) autocomplete(model *schema.Model) string {
	e := q.site.entryOf(model)
	if e == nil || !q.can(ActionView, e) {
		return ""
	}
	return q.listURL(e) + "autocomplete/"
}

// textLimit is the number of characters of a value that lists show.
const textLimit = 120

// env is the environment of lists, forms, deletions and the history.
func (q *request) env() env.Env {
	e := env.Env{
		DB: q.app.db, UserID: q.user.UserID(), CanView: q.canView, Link: q.link, Autocomplete: q.autocomplete,
		Unscoped: q.site.unscoped,
		Printer:  display.Printer{Location: q.site.location, Now: q.app.config.Now, Limit: textLimit},
	}
	e.Printer.Name = e.Name
	return e
}

// plain returns the name of an object for titles and messages.
func (q *request) plain(model *schema.Model, obj any, limit int) string {
	return q.env().Plain(model, obj, limit)
}

// load returns the object with a key from the address.
func (q *request) load(e *entry, pk string) (any, error) {
	return q.loadWith(e, pk, func(query dynamic.Query) dynamic.Query { return query })
}

// loadWith is load with related objects, which with adds to the query.
func (q *request) loadWith(e *entry, pk string, with func(dynamic.Query) dynamic.Query) (any, error) {
	missing := func() error {
		return web.NotFound("There is no {object} with the key “{key}”. It may have been deleted.",
			message.Args{"object": e.model.Label, "key": display.Cut(pk, 60)})
	}
	key, err := e.model.PK.Convert(pk)
	if err != nil {
		return nil, missing()
	}
	obj, err := with(q.env().Objects(e.model).Where("pk", key)).Get(q.Context())
	if web.Status(err) == http.StatusNotFound {
		return nil, missing()
	}
	return obj, err
}

// redirect sends the browser to another page of the admin.
func (q *request) redirect(to string) error { return web.Redirect(q.w, q.Request, to) }

// notify shows a message on the next page.
func (q *request) notify(text string, args message.Args) {
	messages.Success(q.Request, text, args)
}

// warn shows a warning on the next page.
func (q *request) warn(text string, args message.Args) {
	messages.Warning(q.Request, text, args)
}

// listEnv is the environment of the list of the request's model.
func (q *request) listEnv() changelist.Env {
	return changelist.Env{Env: q.env(), Base: q.listURL(q.entry)}
}
