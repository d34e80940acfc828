package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// goesView is objects of one model that a deletion takes along, or that stand in its way.
type goesView struct {
	Label, Count, More string
	Items              []changelist.Link
}

// namesShown is how many objects of a model the page of a deletion names.
const namesShown = 10

// remove asks before it deletes an object, and names what goes along.
func (q *request) remove() error {
	e := q.entry
	pk := web.Param(q.Request, "pk")
	obj, err := q.load(pk)
	if err != nil {
		return err
	}
	if !q.can("delete", e) || !q.mayDelete(obj) {
		return q.refuseDelete(obj)
	}
	back := q.listURL(e)
	if q.can("view", e) {
		back = q.objectURL(e, pk, "change")
	}
	page := deletePage{
		title: "Delete “" + q.plain(e.model, obj, 80) + "”?", back: back,
		crumbs: q.crumbs(crumb{q.plain(e.model, obj, 60), back}, crumb{Label: "Delete"}),
	}
	if q.Method != http.MethodPost {
		return q.askDelete(page, []any{obj})
	}
	return q.doDelete(page, []any{obj}, q.listURL(e))
}

// removeAll asks before it deletes the chosen rows of a list.
func (q *request) removeAll(objects []any, chosen []string, back string) error {
	for _, obj := range objects {
		if !q.mayDelete(obj) {
			return q.refuseDelete(obj)
		}
	}
	e := q.entry
	page := deletePage{
		title: fmt.Sprintf("Delete %d %s?", len(objects), e.model.LabelPlural), back: back, action: back,
		crumbs: q.crumbs(crumb{Label: "Delete"}),
		hidden: []changelist.Param{{Name: "action", Value: deleteSelected}},
	}
	if len(objects) == 1 {
		page.title = "Delete “" + q.plain(e.model, objects[0], 80) + "”?"
	}
	for _, key := range chosen {
		page.hidden = append(page.hidden, changelist.Param{Name: "_selected_action", Value: key})
	}
	if q.PostFormValue("post") != "yes" {
		return q.askDelete(page, objects)
	}
	return q.doDelete(page, objects, back)
}

// deletePage is what does not depend on the objects.
type deletePage struct {
	title, back, action string
	crumbs              []crumb
	hidden              []changelist.Param
}

func (q *request) askDelete(page deletePage, objects []any) error {
	deletion, err := q.app.db.CollectDelete(q.Context(), objects...)
	if err != nil {
		return err
	}
	return q.showDelete(http.StatusOK, page, deletion, "")
}

func (q *request) showDelete(status int, page deletePage, deletion *orm.Deletion, problem string) error {
	data := web.Data{
		"title": page.title, "crumbs": page.crumbs, "back_url": page.back, "action_url": page.action, "hidden": page.hidden,
	}
	if problem != "" {
		data["errors"] = []fieldError{{Text: message.Text(problem)}}
	}
	total := counted(deletion)
	data["total"] = display.Group(strconv.FormatInt(total, 10)) + " objects go"
	if total == 1 {
		data["total"] = "One object goes"
	}
	if total > q.confirmAbove() {
		data["confirm"] = strconv.FormatInt(total, 10)
	}
	if protected := q.protected(deletion); len(protected) > 0 {
		data["blocked"], data["blocked_reason"] = protected, "Other objects refer to it and protect it. Delete or change them first."
	} else if forbidden := q.forbidden(deletion); len(forbidden) > 0 {
		data["blocked"], data["blocked_reason"] = forbidden, "It would take objects along that you may not delete."
	}
	var groups []goesView
	for _, g := range deletion.Groups {
		if g.Model.Auto || g.Count == 0 {
			continue
		}
		objects, err := q.examples(deletion, g)
		if err != nil {
			return err
		}
		groups = append(groups, q.goes(g.Model, objects, g.Count))
	}
	for _, update := range deletion.Updates {
		if update.Count > 0 {
			label := fmt.Sprintf("%s lose their %s", changelist.Capital(update.Field.Model.LabelPlural), strings.ToLower(changelist.FieldLabel(update.Field)))
			groups = append(groups, goesView{Label: label, Count: display.Group(strconv.FormatInt(update.Count, 10))})
		}
	}
	data["groups"] = groups
	return q.render(status, "admin/delete.html", data)
}

// examples gives some objects of a group, also where the deletion only counted them.
func (q *request) examples(deletion *orm.Deletion, group orm.DeletionGroup) ([]any, error) {
	if len(group.Objects) > 0 || !q.views(group.Model) {
		return group.Objects, nil
	}
	for _, other := range deletion.Groups {
		for _, relation := range other.Model.Reverse {
			if relation.From != group.Model || relation.Field == nil || relation.Kind == schema.KindManyToMany || relation.OnDelete != schema.Cascade || len(other.Objects) == 0 {
				continue
			}
			keys := make([]any, 0, namesShown*10)
			for _, obj := range other.Objects[:min(len(other.Objects), cap(keys))] {
				keys = append(keys, relation.ToField.Value(obj))
			}
			found, err := q.app.db.Objects(group.Model).Where(relation.Field.Name+"__in", keys).OrderByNames("pk").Limit(namesShown).All(q.Context())
			if err != nil || len(found) > 0 {
				return found, err
			}
		}
	}
	return nil, nil
}

func (q *request) confirmAbove() int64 { return int64(q.app.config.ConfirmAbove) }

// counted is the number of objects that go, without the rows that only join two of them.
func counted(deletion *orm.Deletion) int64 {
	var n int64
	for _, g := range deletion.Groups {
		if !g.Model.Auto {
			n += g.Count
		}
	}
	return n
}

// goes names some objects of a model, and counts those of a model that the user may not view.
func (q *request) goes(model *schema.Model, objects []any, count int64) goesView {
	v := goesView{Label: changelist.Capital(model.LabelPlural), Count: display.Group(strconv.FormatInt(count, 10))}
	if count == 1 {
		v.Label = changelist.Capital(model.Label)
	}
	if !q.views(model) {
		return v
	}
	for _, obj := range objects[:min(len(objects), namesShown)] {
		v.Items = append(v.Items, changelist.Link{Label: display.Cut(q.name(model, obj), 120), URL: q.link(model, model.PK.Value(obj))})
	}
	if more := count - int64(len(v.Items)); more > 0 && len(v.Items) > 0 {
		v.More = display.Group(strconv.FormatInt(more, 10))
	}
	return v
}

func (q *request) protected(deletion *orm.Deletion) []goesView {
	var views []goesView
	for _, g := range deletion.Protected {
		view := q.goes(g.Field.Model, g.Objects, int64(len(g.Objects)))
		view.Label += " by their " + strings.ToLower(changelist.FieldLabel(g.Field))
		views = append(views, view)
	}
	return views
}

// forbidden lists the models that go along and that the user may not delete. Models that are not registered are part of
// those that are.
func (q *request) forbidden(deletion *orm.Deletion) []goesView {
	var views []goesView
	for _, g := range deletion.Groups {
		e := q.site.entryOf(g.Model)
		if g.Count > 0 && (e != nil && !q.can("delete", e) || q.takesAccounts(g)) {
			views = append(views, q.goes(g.Model, g.Objects, g.Count))
		}
	}
	return views
}

// errStopped ends a transaction whose reason is already known.
var errStopped = errors.New("deletion stopped")

// doDelete deletes what is still there, if nothing has come in the way since the page was shown. What is recorded and counted
// is what this request deleted: somebody else may delete the same rows at the same time.
func (q *request) doDelete(page deletePage, objects []any, next string) error {
	var stopped *orm.Deletion
	var deleted []any
	problem, label := "", q.plain(q.entry.model, objects[0], 80)
	err := q.app.db.Atomic(q.Context(), func(ctx context.Context) (err error) {
		if deleted, err = q.stillThere(ctx, objects); err != nil || len(deleted) == 0 {
			return err
		}
		deletion, err := q.app.db.CollectDelete(ctx, deleted...)
		if err != nil {
			return err
		}
		stopped = deletion
		total := counted(deletion)
		switch {
		case len(q.protected(deletion)) > 0 || len(q.forbidden(deletion)) > 0:
			problem = "Something stands in the way."
			return errStopped
		case total > q.confirmAbove() && strings.TrimSpace(q.PostFormValue("confirm")) != strconv.FormatInt(total, 10):
			problem = "Type the number of objects to confirm."
			return errStopped
		}
		entries := q.deletionEntries(deletion, deleted)
		err = q.keepingAccounts(ctx, nil, func() error {
			_, err := deletion.Execute(ctx)
			return err
		})
		if err != nil {
			return err
		}
		for _, entry := range entries { // only now: what an entry refers to may be deleted as well
			if err := q.app.db.Create(ctx, entry); err != nil {
				return err
			}
		}
		return nil
	})
	if refused, ok := errors.AsType[accountError](err); ok {
		problem, err = string(refused), errStopped
	}
	switch {
	case errors.Is(err, errStopped):
		return q.showDelete(http.StatusConflict, page, stopped, problem)
	case err != nil:
		return err
	}
	model := q.entry.model
	switch missing := len(objects) - len(deleted); {
	case len(deleted) == 0 && len(objects) == 1:
		messages.Warning(q.Request, "The "+model.Label+" “"+label+"” does not exist any more: it was deleted already.")
	case len(deleted) == 0:
		messages.Warning(q.Request, "The chosen "+model.LabelPlural+" do not exist any more: they were deleted already.")
	case len(objects) == 1:
		q.success("The " + model.Label + " “" + label + "” was deleted.")
	case missing > 0:
		q.success(fmt.Sprintf("%s deleted; %d had been deleted already.", q.were(len(deleted)), missing))
	default:
		q.success(q.were(len(deleted)) + " deleted.")
	}
	if !q.can("view", q.entry) {
		next = q.base
	}
	return q.redirect(next)
}

// were counts objects of the entry for a sentence: "1 post was", "3 posts were".
func (q *request) were(n int) string {
	if n == 1 {
		return "1 " + q.entry.model.Label + " was"
	}
	return fmt.Sprintf("%d %s were", n, q.entry.model.LabelPlural)
}

// stillThere reads the objects again, in the transaction that deletes them.
func (q *request) stillThere(ctx context.Context, objects []any) ([]any, error) {
	keys := make([]any, len(objects))
	for i, obj := range objects {
		keys[i] = q.entry.model.PK.Value(obj)
	}
	return q.app.db.Objects(q.entry.model).Where("pk__in", keys).OrderByNames("pk").All(ctx)
}

// deletionEntries makes the entries of history for a deletion, while the objects can still be named. An entry outlives its
// user: it does not refer to one who is deleted along with the objects.
func (q *request) deletionEntries(deletion *orm.Deletion, objects []any) []*audit.LogEntry {
	self := slices.ContainsFunc(deletion.Groups, func(g orm.DeletionGroup) bool {
		return slices.ContainsFunc(g.Objects, func(obj any) bool {
			user, ok := obj.(auth.Identity)
			return ok && user.UserID() == q.user.UserID()
		})
	})
	entries := make([]*audit.LogEntry, len(objects))
	for i, obj := range objects {
		entries[i] = q.logEntry(audit.Delete, q.entry, obj)
		if self {
			entries[i].UserID = nil
		}
	}
	return entries
}
