package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changeform"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// formPage is the page of a form.
type formPage struct {
	page
	Sections []changeform.Section
	Errors   changeform.Summary
	Hidden   []*forms.BoundField

	CanSave   bool
	SaveLabel string // label of the button; "" for "Save"
	SaveOnly  bool   // no buttons that save and stay, or save and add another
	CanAdd    bool

	ViewOnly   bool // the user may view the object but not change it
	DeleteURL  string
	HistoryURL string
	SiteURL    string // the object on the public site
	Links      []Link
	Related    []relatedView
}

// add shows an empty form and stores a new object.
func (q *request) add() error {
	e := q.entry
	if !q.can(ActionAdd, e) {
		return q.refuse(ActionAdd)
	}
	obj := e.model.New()
	if err := q.permit(ActionAdd, e.model, obj); err != nil {
		return q.refused(ActionAdd, err)
	}
	form, err := q.form(obj, true)
	if err != nil {
		return err
	}
	if q.Method == http.MethodPost {
		if done, err := q.submit(form, audit.Add); done || err != nil {
			return err
		}
	} else {
		form.Prefill(q.URL.Query())
	}
	return q.showForm(form, formPage{
		page: page{Title: "Add " + e.model.Label, Crumbs: q.crumbs(crumb{Label: "Add"})}, CanSave: true, CanAdd: true,
	})
}

// change shows an object, and stores the form of a user who may change it.
func (q *request) change() error {
	e := q.entry
	if !q.can(ActionView, e) {
		return q.refuse(ActionView)
	}
	pk := web.Param(q.Request, "pk")
	inputs := q.can(ActionChange, e) && !q.locksFields(e)
	obj, err := q.loadWith(e, pk, func(query dynamic.Query) dynamic.Query { return e.form.Load(query, inputs) })
	if err != nil {
		return err
	}
	editable := q.can(ActionChange, e)
	if editable {
		refusal := q.permit(ActionChange, e.model, obj)
		if refusal != nil && !isRefusal(refusal) || refusal != nil && q.Method == http.MethodPost {
			return q.refused(ActionChange, refusal)
		}
		editable = refusal == nil
	} else if q.Method == http.MethodPost {
		return q.refuse(ActionChange)
	}
	form, err := q.form(obj, editable)
	if err != nil {
		return err
	}
	title := q.plain(e.model, obj, 120)
	if q.Method == http.MethodPost {
		if done, err := q.submit(form, audit.Change); done || err != nil {
			return err
		}
	}
	data, err := q.objectPage(pk, obj, title, editable)
	if err != nil {
		return err
	}
	return q.showForm(form, data)
}

// objectPage returns the page of a stored object without its form.
func (q *request) objectPage(pk string, obj any, title string, editable bool) (formPage, error) {
	e := q.entry
	data := formPage{
		page: page{
			Title: title, Subtitle: changelist.Capitalize(e.model.Label), Crumbs: q.crumbs(crumb{Label: display.Cut(title, 60)}),
		},
		CanSave: editable, ViewOnly: !editable, CanAdd: q.can(ActionAdd, e), HistoryURL: q.objectURL(e, pk, "history"),
	}
	if q.can(ActionDelete, e) {
		permitted, err := q.permitted(ActionDelete, e.model, obj)
		if err != nil {
			return data, err
		}
		if permitted {
			data.DeleteURL = q.objectURL(e, pk, "delete")
		}
	}
	for _, h := range q.site.hooks(e.model) {
		if h.Links != nil {
			data.Links = append(data.Links, h.Links(q.Request, obj, editable)...)
		}
	}
	var err error
	if public, ok := obj.(web.Routable); ok {
		if data.SiteURL, err = public.Route().URL(q.Request); err != nil {
			web.Logger(q.Request).Warn("no link to the page of an object", "model", e.model.String(), "error", err)
		}
	}
	data.Related, err = q.related(obj)
	return data, err
}

// locksFields reports whether hooks may show fields as text that the form has inputs for.
func (q *request) locksFields(e *entry) bool {
	for _, h := range q.site.hooks(e.model) {
		if h.ReadOnlyIf != nil {
			return true
		}
	}
	return false
}

// form creates the form over obj. Without editable everything is shown as text.
func (q *request) form(obj any, editable bool) (*changeform.Form, error) {
	hooks := q.site.hooks(q.entry.model)
	access := changeform.Access{Edit: editable, ReadOnly: func(field string) bool {
		for _, h := range hooks {
			if h.ReadOnlyIf != nil && h.ReadOnlyIf(q.Request, obj, field) {
				return true
			}
		}
		return false
	}}
	for _, h := range hooks {
		if h.ExtraFields != nil && editable {
			access.Extra = append(access.Extra, h.ExtraFields(q.Request, obj)...)
		}
	}
	return q.entry.form.Form(q.Context(), q.env(), obj, access)
}

// submit reads and stores the form. done reports that the response has been written; otherwise the form holds the
// errors.
func (q *request) submit(form *changeform.Form, action string) (done bool, err error) {
	form.Parse(q.Request)
	if err := form.Err(); err != nil {
		return false, err
	}
	hooks := q.site.hooks(q.entry.model)
	s := &Submission{Request: q.Request, Object: form.Object, Adding: form.Adding, Form: form.Form.Form, Extra: form.Extra()}
	for _, h := range hooks {
		if h.Clean != nil {
			if err := h.Clean(s); err != nil {
				return false, err
			}
		}
	}
	if !form.IsValid() {
		return false, nil
	}
	save := form.Save
	for _, h := range slices.Backward(hooks) { // the first one encloses the others
		if h.Save != nil {
			inner := save
			save = func(ctx context.Context) error { return h.Save(ctx, s, inner) }
		}
	}
	err = q.app.db.For(form.Object).Atomic(q.Context(), func(ctx context.Context) error {
		if err := save(ctx); err != nil {
			return err
		}
		var diffs []audit.Diff
		if action == audit.Change {
			var err error
			if diffs, err = form.Diffs(ctx); err != nil || len(diffs) == 0 {
				return err
			}
		}
		return audit.Record(ctx, q.app.db, q.logEntry(action, q.entry.model, form.Object), diffs...)
	})
	if text, ok := refusalText(err); ok {
		form.AddMessage("", text)
		return false, nil
	}
	if invalid, ok := errors.AsType[forms.Errors](err); ok && len(invalid) > 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, q.saved(form, action)
}

// refusalText returns the message of an error with status 403.
func refusalText(err error) (message.Message, bool) {
	public, ok := errors.AsType[*web.Error](err)
	if !ok || public.HTTPStatus() != http.StatusForbidden {
		return message.Message{}, false
	}
	return public.Message, true
}

// saved redirects after an object was stored.
func (q *request) saved(form *changeform.Form, action string) error {
	e := q.entry
	args := message.Args{"object": e.model.Label, "name": display.Cut(display.Plain(e.model.Display(form.Object)), 80)}
	text := "The {object} “{name}” was changed."
	switch {
	case action == audit.Add:
		text = "The {object} “{name}” was added."
	case len(form.Saved()) == 0:
		text = "Nothing was changed: the {object} “{name}” is as it was."
	}
	args = message.Args{"result": message.New("", text, args)}
	switch {
	case q.PostFormValue("_continue") != "" && q.can(ActionView, e):
		q.notify("{result} You can continue editing it.", args)
		return q.redirect(q.objectURL(e, e.model.PK.Value(form.Object), "change"))
	case q.PostFormValue("_addanother") != "" && q.can(ActionAdd, e):
		q.notify("{result} You can add another one.", args)
		return q.redirect(q.addURL(e))
	}
	q.notify("{result}", args)
	if !q.can(ActionView, e) {
		return q.redirect(q.base)
	}
	return q.redirect(q.listURL(e))
}

// showForm responds with the form's page.
func (q *request) showForm(form *changeform.Form, data formPage) error {
	var err error
	if data.Sections, err = form.Sections(q.Context()); err != nil {
		return err
	}
	data.Errors = form.Summary()
	data.Hidden = form.Hidden()
	data.CanSave = data.CanSave && form.HasInputs()
	return q.render(http.StatusOK, "admin/form.html", &data)
}
