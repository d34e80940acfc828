package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/deletion"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// deletePage asks for confirmation of a deletion.
type deletePage struct {
	page
	Plan      deletion.View
	Problem   message.Message // why the deletion was not carried out
	Reason    string          // code of the reason, where the text is in the template
	ActionURL string          // "" for the address of the page
	BackURL   string
	Hidden    []changelist.Param
}

// The reasons for which a deletion was not carried out.
const (
	reasonBlocked     = "blocked"
	reasonUnconfirmed = "unconfirmed"
)

// remove asks for confirmation and deletes an object.
func (q *request) remove() error {
	e := q.entry
	pk := web.Param(q.Request, "pk")
	obj, err := q.load(e, pk)
	if err != nil {
		return err
	}
	if err := q.mayDelete(obj); err != nil {
		return err
	}
	back := q.listURL(e)
	if q.can(ActionView, e) {
		back = q.objectURL(e, pk, "change")
	}
	data := deletePage{
		page: page{
			Title:  deleteTitle(q.plain(e.model, obj, 80)),
			Crumbs: q.crumbs(crumb{q.plain(e.model, obj, 60), back}, crumb{Label: "Delete"}),
		},
		BackURL: back,
	}
	if q.Method != http.MethodPost {
		return q.confirmDelete(data, obj)
	}
	return q.runDelete(data, []any{obj}, q.listURL(e))
}

// removeSelected asks for confirmation and deletes the selected rows of a list.
func (q *request) removeSelected(objects []any, keys []string, back string) error {
	for _, obj := range objects {
		if err := q.mayDelete(obj); err != nil {
			return err
		}
	}
	e := q.entry
	data := deletePage{
		page:    page{Crumbs: q.crumbs(crumb{Label: "Delete"})},
		BackURL: back, ActionURL: back, Hidden: []changelist.Param{{Name: "action", Value: deleteSelected}},
	}
	data.Title = message.New("", "Delete {count} {objects}?", message.Args{"count": len(objects), "objects": e.model.LabelPlural}).String()
	if len(objects) == 1 {
		data.Title = deleteTitle(q.plain(e.model, objects[0], 80))
	}
	for _, key := range keys {
		data.Hidden = append(data.Hidden, changelist.Param{Name: "_selected_action", Value: key})
	}
	if q.PostFormValue("post") != "yes" {
		return q.confirmDelete(data, objects...)
	}
	return q.runDelete(data, objects, back)
}

func deleteTitle(name string) string {
	return message.New("", "Delete “{name}”?", message.Args{"name": name}).String()
}

// mayDelete returns the error of a deletion that the user may not perform.
func (q *request) mayDelete(obj any) error {
	if !q.can(ActionDelete, q.entry) {
		return q.refuse(ActionDelete)
	}
	return q.refused(ActionDelete, q.permit(ActionDelete, q.entry.model, obj))
}

// deletionOptions connects deletions with permissions, hooks and the history.
func (q *request) deletionOptions() deletion.Options {
	return deletion.Options{
		ConfirmAbove: int64(q.app.config.ConfirmAbove), Users: q.site.accounts.users,
		Forbidden: q.forbidsDeletion, Around: q.deleteHooks,
		Entry: func(obj any) *audit.LogEntry { return q.logEntry(audit.Delete, q.entry.model, obj) },
	}
}

// forbidsDeletion reports whether the user may not delete the rows of a group. Models that are not registered are
// deleted with those that are.
func (q *request) forbidsDeletion(_ context.Context, group orm.DeletionGroup) (bool, error) {
	if e := q.site.entryOf(group.Model); e != nil && !q.can(ActionDelete, e) {
		return true, nil
	}
	for _, obj := range group.Objects {
		permitted, err := q.permitted(ActionDelete, group.Model, obj)
		if err != nil || !permitted {
			return true, err
		}
	}
	return false, nil
}

// deleteHooks runs a deletion inside the Delete hooks of the models.
func (q *request) deleteHooks(ctx context.Context, models []*schema.Model, execute func(context.Context) error) error {
	for _, model := range slices.Backward(models) {
		for _, h := range slices.Backward(q.site.hooks(model)) {
			if h.Delete != nil {
				inner := execute
				execute = func(ctx context.Context) error { return h.Delete(ctx, q.Request, inner) }
			}
		}
	}
	return execute(ctx)
}

// confirmDelete responds with the page that asks for confirmation.
func (q *request) confirmDelete(data deletePage, objects ...any) error {
	plan, err := deletion.Collect(q.Context(), q.env(), q.deletionOptions(), objects...)
	if err != nil {
		return err
	}
	return q.showDelete(http.StatusOK, data, plan)
}

func (q *request) showDelete(status int, data deletePage, plan *deletion.Plan) error {
	data.Plan = plan.View()
	return q.render(status, "admin/delete.html", &data)
}

// runDelete deletes the objects that still exist and redirects to next. It shows the page again if something
// prevents it.
func (q *request) runDelete(data deletePage, objects []any, next string) error {
	name := q.plain(q.entry.model, objects[0], 80)
	result, err := deletion.Run(q.Context(), q.env(), q.deletionOptions(), q.entry.model, objects, q.PostFormValue("confirm"))
	if text, ok := refusalText(err); ok && result.Plan != nil {
		data.Problem = text
		return q.showDelete(http.StatusConflict, data, result.Plan)
	}
	switch {
	case err != nil:
		return err
	case result.Outcome == deletion.Blocked:
		data.Reason = reasonBlocked
		return q.showDelete(http.StatusConflict, data, result.Plan)
	case result.Outcome == deletion.Unconfirmed:
		data.Reason = reasonUnconfirmed
		return q.showDelete(http.StatusConflict, data, result.Plan)
	}
	q.reportDeletion(result, len(objects), name)
	if !q.can(ActionView, q.entry) {
		next = q.base
	}
	return q.redirect(next)
}

// reportDeletion shows the result of a deletion on the next page.
func (q *request) reportDeletion(result deletion.Result, requested int, name string) {
	model := q.entry.model
	args := message.Args{
		"object": model.Label, "objects": model.LabelPlural, "name": name,
		"count": display.Group(strconv.Itoa(result.Deleted)), "missing": display.Group(strconv.Itoa(result.Missing)),
	}
	switch {
	case result.Deleted == 0 && requested == 1:
		q.warn("The {object} “{name}” no longer exists: it was deleted before.", args)
	case result.Deleted == 0:
		q.warn("The selected {objects} no longer exist: they were deleted before.", args)
	case requested == 1:
		q.notify("The {object} “{name}” was deleted.", args)
	case result.Deleted == 1:
		q.notify("1 {object} was deleted; {missing} had been deleted before.", args)
	case result.Missing > 0:
		q.notify("{count} {objects} were deleted; {missing} had been deleted before.", args)
	default:
		q.notify("{count} {objects} were deleted.", args)
	}
}

// logEntry returns the history entry of an action of the user.
func (q *request) logEntry(action string, model *schema.Model, obj any) *audit.LogEntry {
	return audit.NewEntry(audit.Actor{ID: q.user.UserID(), Name: q.user.Account().FullName()}, action, model, obj, q.app.config.Now())
}
