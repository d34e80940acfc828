package admin

import (
	"context"
	"errors"
	"net/http"

	"github.com/quintetgo/quintet/framework/forms"
)

// Action is an action of users on the objects of a model. Each has a permission: "blog.change_post".
type Action string

// The actions.
const (
	ActionView   Action = "view"
	ActionAdd    Action = "add"
	ActionChange Action = "change"
	ActionDelete Action = "delete"
)

// Hooks change how the admin treats the objects of one model. Every field is optional. An obj is a pointer to the
// model's struct; auth.User returns the user of a request. Hooks are called by many requests at a time.
//
// The admin's own pages for users and groups are made with the same hooks. A project that registers its user model
// itself keeps them, and its own hooks run in addition.
type Hooks struct {
	// Permit restricts an action on one object beyond the permissions of the model, which have been checked before.
	// It returns nil to permit the action, ErrNotPermitted to refuse it with a standard message, or an error with
	// status 403, such as web.Forbidden's, to refuse it with its message. Other errors fail the request.
	//
	// It is called for ActionAdd with a new object before the form is shown, for ActionChange and ActionDelete with
	// the stored object, and for ActionDelete also for every object that is deleted with another one.
	Permit func(r *http.Request, action Action, obj any) error

	// ReadOnlyIf reports whether a field is shown as text to the user of r, and not on the page that adds an
	// object, as if Options.ReadOnly named it. The server ignores values that are sent for it.
	ReadOnlyIf func(r *http.Request, obj any, field string) bool

	// ExtraFields returns inputs that are no fields of the model, shown at the end of the first section; nil for
	// none. Clean and Save read their values from Submission.Extra.
	ExtraFields func(r *http.Request, obj any) []*forms.Field

	// Clean checks a submitted form after its inputs were read, before the transaction begins. It is called for
	// invalid forms as well, and reports errors by Submission.AddError. An error fails the request.
	Clean func(s *Submission) error

	// Save stores an object: it calls save, inside the transaction that also records the history, and may do more
	// before and after it. An error undoes everything; one with status 403 is shown above the form.
	Save func(ctx context.Context, s *Submission, save func(context.Context) error) error

	// Delete deletes objects: it calls execute, inside the transaction that also records the history. It is called
	// once for a deletion that includes objects of the model, also if the user selected an object of another model.
	// An error undoes everything; one with status 403 is shown on the page.
	Delete func(ctx context.Context, r *http.Request, execute func(context.Context) error) error

	// Links returns buttons for the page of an object. editable reports whether the user may change the object.
	Links func(r *http.Request, obj any, editable bool) []Link
}

// Link is a button that leads to another page.
type Link struct {
	Label string
	URL   string // absolute, or relative to the address of the object's page
}

// ErrNotPermitted is returned by Hooks.Permit to refuse an action with the standard message.
var ErrNotPermitted = errors.New("admin: not permitted")

// Submission is a submitted form over one object.
type Submission struct {
	Request *http.Request
	Object  any         // filled with the values of the inputs if they are valid
	Adding  bool        // the object is new
	Form    *forms.Form // the inputs of the model's fields
	Extra   *forms.Form // the inputs of ExtraFields; nil if there are none
}

// IsValid reports whether no input has an error.
func (s *Submission) IsValid() bool { return s.Form.IsValid() && (s.Extra == nil || s.Extra.IsValid()) }
