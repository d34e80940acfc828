package admin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/schema"
)

// objectForm is the form over one object, with the passwords that a new user gets.
type objectForm struct {
	*modelforms.Form
	q        *request
	password *forms.Form    // nil except for new users
	readOnly []string       // names that are shown, not edited
	linked   map[string]int // how many objects a relation to many holds, where they are too many to edit
}

// add shows an empty form and stores a new object.
func (q *request) add() error {
	e := q.entry
	if !q.can("add", e) {
		return q.refuse("add")
	}
	obj := e.model.New()
	if !q.mayTouch(obj) {
		if q.failed != nil {
			return q.failed
		}
		return q.refuse("add")
	}
	form, err := q.form(obj, true)
	if err != nil {
		return err
	}
	if q.Method == http.MethodPost {
		if done, err := form.submit(obj, audit.Add); done || err != nil {
			return err
		}
	} else {
		form.prefill(q.URL.Query())
	}
	return form.show(web.Data{
		"title": "Add " + e.model.Label, "can_save": true, "can_add": true, "crumbs": q.crumbs(crumb{Label: "Add"}),
	})
}

// change shows an object and, to whoever may change it, stores what they edit.
func (q *request) change() error {
	e := q.entry
	if !q.can("view", e) {
		return q.refuse("view")
	}
	pk := web.Param(q.Request, "pk")
	config := e.shown
	if q.can("change", e) && !q.holdsRights(e.model) {
		config = e.edited
	}
	obj, err := q.loadWith(pk, config)
	if err != nil {
		return err
	}
	editing := q.can("change", e) && q.mayTouch(obj)
	if q.Method == http.MethodPost && !editing {
		if q.failed != nil {
			return q.failed
		}
		return q.refuse("change")
	}
	form, err := q.form(obj, editing)
	if err != nil {
		return err
	}
	title := q.plain(e.model, obj, 120)
	if q.Method == http.MethodPost {
		if done, err := form.submit(obj, audit.Change); done || err != nil {
			return err
		}
	}
	data := web.Data{
		"title": title, "subtitle": changelist.Capital(e.model.Label), "can_save": editing, "can_add": q.can("add", e),
		"history_url": q.objectURL(e, pk, "history"), "crumbs": q.crumbs(crumb{Label: display.Cut(title, 60)}),
	}
	if !editing {
		data["subtitle"] = changelist.Capital(e.model.Label) + ", which you may view but not change"
	}
	if q.can("delete", e) && q.mayDelete(obj) {
		data["delete_url"] = q.objectURL(e, pk, "delete")
	}
	if data["related"], err = q.related(obj); err != nil {
		return err
	}
	if page, ok := obj.(interface{ AbsoluteURL() string }); ok {
		data["view_url"] = page.AbsoluteURL()
	}
	if editing && q.site.isUsers(e) {
		data["password_url"] = q.objectURL(e, pk, "password")
	}
	return form.show(data)
}

// choiceLimit is how many related objects a form lists; beyond it one searches among them, where they can be searched.
const choiceLimit = 100

// form makes the form over obj. Without editing everything is only shown.
func (q *request) form(obj any, editing bool) (*objectForm, error) {
	e := q.entry
	adding := e.model.PK.IsZero(obj)
	f := &objectForm{q: q, linked: map[string]int{}}
	var names []string
	for _, name := range e.names() {
		switch {
		case !editing || e.isReadOnly(name) || q.locked(name, obj) || !adding && e.keeps(name, obj):
			if !adding {
				f.readOnly = append(f.readOnly, name)
			}
		default:
			names = append(names, name)
		}
	}
	nothing := &modelforms.Form{Form: forms.Dynamic(), Object: obj, Model: e.model, Adding: adding}
	if f.Form = nothing; len(names) == 0 {
		return f, nil
	}
	options := modelforms.Options{
		Fields: names, ChoiceLimit: 1000, DetectConflicts: true,
		Raw:             func(f *schema.Field) bool { return !q.views(f.Relation.To) || q.searched(f) },
		ConflictMessage: func(c modelforms.Conflict) message.Message { return q.conflictMessage(obj, c) },
	}
	made, err := modelforms.Make(q.Context(), q.app.db, obj, options)
	if err != nil {
		return nil, err
	}
	if left := f.countLinked(made, names); len(left) < len(names) {
		if names, options.Fields = left, left; len(left) == 0 {
			return f, nil
		}
		if made, err = modelforms.Make(q.Context(), q.app.db, obj, options); err != nil {
			return nil, err
		}
	}
	f.Form = made
	if err := f.adjust(names); err != nil {
		return nil, err
	}
	if adding && q.site.isUsers(e) {
		f.password = forms.Dynamic(passwordFields()...)
	}
	return f, nil
}

// submit stores the form. It reports whether the request is answered; if not, the form says what is wrong.
func (f *objectForm) submit(obj any, action string) (done bool, err error) {
	q, e := f.q, f.q.entry
	if q.site.isUsers(e) {
		q.normalize("username", auth.Normalize)
		q.normalize("email", auth.NormalizeEmail)
	}
	valid := f.Parse(q.Request)
	if f.password != nil && !f.parsePassword(obj, valid) {
		return false, nil
	}
	if !valid {
		return false, f.Err()
	}
	err = q.app.db.Atomic(q.Context(), func(ctx context.Context) error {
		if err := q.keepingAccounts(ctx, obj, func() error { return f.Save(ctx) }); err != nil {
			return err
		}
		var diffs []audit.Diff
		if action == audit.Change {
			before, err := q.snapshot(ctx, f, f.Stored())
			if err != nil {
				return err
			}
			after, err := q.snapshot(ctx, f, obj)
			if err != nil {
				return err
			}
			if diffs, err = q.diffs(ctx, f, before, after); err != nil || len(diffs) == 0 {
				return err
			}
		}
		return q.log(ctx, action, e, obj, diffs)
	})
	if q.failed != nil {
		return false, q.failed
	}
	if refused, ok := errors.AsType[accountError](err); ok {
		f.AddError("", string(refused))
		return false, nil
	}
	if known, ok := errors.AsType[forms.Errors](err); ok && len(known) > 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, f.saved(obj, action)
}

// normalize writes names of users the way they are kept, so that nobody is told off for a capital letter.
func (q *request) normalize(name string, form func(string) string) {
	if q.ParseForm() != nil {
		return // Parse says what is wrong
	}
	for i, value := range q.PostForm[name] {
		q.PostForm[name][i] = form(value)
	}
}

// parsePassword takes the password of a new user and stores its hash in obj.
func (f *objectForm) parsePassword(obj any, valid bool) bool {
	user, ok := obj.(auth.Identity)
	if !ok || !f.password.Parse(f.q.Request) {
		return false
	}
	plain, good := newPassword(f.password, aboutUser(user.Account()))
	if !good || !valid {
		return false
	}
	if err := user.Account().SetPassword(password.Preferred(f.q.Context()), plain); err != nil {
		f.password.AddError("password1", "The password could not be stored. Try again.")
		return false
	}
	return true
}

// saved leads on after the object was stored.
func (f *objectForm) saved(obj any, action string) error {
	q, e := f.q, f.q.entry
	text := "The {model} “{object}” was changed."
	switch {
	case action == audit.Add:
		text = "The {model} “{object}” was added."
	case action == audit.Change && len(f.Saved()) == 0:
		text = "Nothing was changed: the {model} “{object}” is as it was."
	}
	saved := message.New("saved", text, message.Args{"model": e.model.Label, "object": display.Cut(display.Plain(e.model.Display(obj)), 80)})
	switch {
	case q.PostFormValue("_continue") != "" && q.can("view", e):
		q.success("{saved} You can continue editing it.", message.Args{"saved": saved})
		return q.redirect(q.objectURL(e, e.model.PK.Value(obj), "change"))
	case q.PostFormValue("_addanother") != "" && q.can("add", e):
		q.success("{saved} You can add another one.", message.Args{"saved": saved})
		return q.redirect(q.listURL(e) + "add/")
	}
	messages.Add(q.Request, messages.LevelSuccess, saved)
	if !q.can("view", e) {
		return q.redirect(q.base)
	}
	return q.redirect(q.listURL(e))
}

// prefill takes first values of a new object from the address: ?author=3.
func (f *objectForm) prefill(values url.Values) {
	for _, bound := range f.Fields() {
		given := values[bound.Name()]
		if len(given) == 0 || len(given) > 100 {
			continue
		}
		input, err := f.Describe(bound.Name())
		if err != nil {
			continue
		}
		if field := f.Model.Lookup(bound.Name()); field == nil || field.Relation != nil {
			keys := make([]any, len(given))
			for i, one := range given {
				keys[i] = display.Cut(one, 200)
			}
			input.Initial = keys
		} else if !secret(field) {
			input.Initial = display.Cut(given[0], 2000)
		}
	}
}

// show answers with the form's page.
func (f *objectForm) show(data web.Data) error {
	sections, err := f.sections()
	if err != nil {
		return err
	}
	problems, title := summary(f.Form.Form)
	if f.password != nil {
		more, _ := summary(f.password)
		if problems = append(problems, more...); len(problems) > 1 {
			title = spelled(len(problems)) + " fields need your attention"
		} else if len(more) > 0 {
			title = "One field needs your attention"
		}
	}
	if len(problems) > 0 {
		data["errors"], data["error_title"] = problems, title
	}
	if len(f.Conflicts()) > 0 {
		data["error_title"] = "The changes were not saved: somebody else has changed the same field"
	}
	data["hidden_fields"] = f.Hidden()
	data["fieldsets"] = sections
	data["can_save"] = data["can_save"] == true && (len(f.Fields()) > 0)
	return f.q.render(http.StatusOK, "admin/form.html", data)
}

// sections lays the fields out.
func (f *objectForm) sections() ([]sectionView, error) {
	var sections []sectionView
	printer := f.q.printer()
	printer.Limit = 0
	for i, section := range f.q.entry.sections {
		view := sectionView{ID: "section-" + string(rune('a'+i%26)), Title: section.title, Description: section.description}
		for _, name := range section.names {
			if n, many := f.linked[name]; many {
				view.Fields = append(view.Fields, linkedField(f.Model.Lookup(name), n))
				continue
			}
			if slices.Contains(f.readOnly, name) {
				if column := f.q.entry.readOnly[name]; column != nil {
					view.Fields = append(view.Fields, shownField(name, column.Cell(printer, f.Object)))
				}
				continue
			}
			if bound, err := f.Field(name); err == nil {
				field, err := f.fieldView(bound)
				if err != nil {
					return nil, err
				}
				view.Fields = append(view.Fields, field)
			}
		}
		if i == 0 && f.password != nil {
			for _, bound := range f.password.Fields() {
				view.Fields = append(view.Fields, newFieldView(bound))
			}
		}
		if len(view.Fields) > 0 {
			sections = append(sections, view)
		}
	}
	return sections, nil
}
