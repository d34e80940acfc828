package changeform

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/schema"
)

// Access describes the rights of the current user on one object's form.
type Access struct {
	// Edit reports that the form has inputs. Without it every field is shown as text.
	Edit bool
	// ReadOnly reports whether a field is shown as text although the form has inputs. Nil for none.
	ReadOnly func(field string) bool
	// Extra are inputs beside those of the model, shown at the end of the first section.
	Extra []*forms.Field
}

// Form is the form over one object.
type Form struct {
	*modelforms.Form

	env     env.Env
	config  *Config
	extra   *forms.Form    // nil if there are no extra inputs
	asText  []string       // names that are shown without an input
	linked  map[string]int // number of objects of a relation to many that holds too many for an input
	failure error          // of a query in a callback that cannot return one
}

// ChoiceLimit is the number of related objects that a select offers. A relation with more of them is a search
// field, if its model is registered.
const ChoiceLimit = 100

// optionLimit is the number of related objects that a select offers at most, where they cannot be searched.
const optionLimit = 1000

// Form creates the form over obj, a pointer to the model's struct. A zero primary key makes it a form that adds an
// object, which does not show read-only fields.
func (c *Config) Form(ctx context.Context, e env.Env, obj any, access Access) (*Form, error) {
	adding := c.model.PK.IsZero(obj)
	f := &Form{env: e, config: c, linked: map[string]int{}}
	var names []string
	for _, name := range c.Names() {
		asText := !access.Edit || c.IsReadOnly(name) || access.ReadOnly != nil && access.ReadOnly(name) || !adding && c.fixed(name, obj)
		switch {
		case !asText:
			names = append(names, name)
		case !adding:
			f.asText = append(f.asText, name)
		}
	}
	if len(access.Extra) > 0 {
		f.extra = forms.Dynamic(access.Extra...)
	}
	f.Form = &modelforms.Form{Form: forms.Dynamic(), Object: obj, Model: c.model, Adding: adding}
	if len(names) == 0 {
		return f, nil
	}
	options := modelforms.Options{
		Fields: names, ChoiceLimit: optionLimit, DetectConflicts: true,
		KeyInput:        func(field *schema.Field) bool { return f.takesKeys(ctx, field) },
		ConflictMessage: func(conflict modelforms.Conflict) message.Message { return f.conflictMessage(ctx, conflict) },
	}
	form, err := modelforms.NewWithOptions(ctx, e.DB, obj, options)
	if err != nil {
		return nil, err
	}
	if editable := f.withoutLinked(form, names); len(editable) < len(names) {
		if names, options.Fields = editable, editable; len(names) == 0 {
			return f, nil
		}
		if form, err = modelforms.NewWithOptions(ctx, e.DB, obj, options); err != nil {
			return nil, err
		}
	}
	f.Form = form
	if f.failure != nil {
		return nil, f.failure
	}
	return f, f.adaptInputs(names)
}

// Extra returns the form of the extra inputs, nil if there are none.
func (f *Form) Extra() *forms.Form { return f.extra }

// HasInputs reports whether the form shows any input of the model.
func (f *Form) HasInputs() bool { return len(f.Fields()) > 0 }

// Parse reads the inputs and the extra inputs from the request and fills the object. It reports whether both are valid;
// [Form.Err] tells whether reading failed.
func (f *Form) Parse(r *http.Request) bool {
	valid := f.Form.Parse(r)
	if f.extra != nil {
		valid = f.extra.Parse(r) && valid
	}
	return valid
}

// IsValid reports whether neither the form nor its extra inputs have errors.
func (f *Form) IsValid() bool {
	return f.Form.IsValid() && (f.extra == nil || f.extra.IsValid())
}

// Err returns the error that kept Parse from reading the inputs, nil if there was none.
func (f *Form) Err() error {
	err := f.Form.Err()
	if f.extra != nil {
		err = errors.Join(err, f.extra.Err())
	}
	return err
}

// Save stores the object. Errors that the user can correct are added to the form and reported by invalid; nothing
// is stored then.
func (f *Form) Save(ctx context.Context) error {
	err := f.Form.Save(ctx)
	if f.failure != nil {
		return f.failure
	}
	return err
}

const (
	prefillKeys   = 100   // the number of keys of a relation that an address can set
	prefillKeyLen = 200   // characters of a key
	prefillText   = 2_000 // characters of a text
)

// Prefill sets the initial values of a new object from the query of an address, such as author=3. It ignores names
// that the form does not have, secret fields and too many values.
func (f *Form) Prefill(query url.Values) {
	for _, bound := range f.Fields() {
		values := query[bound.Name()]
		if len(values) == 0 || len(values) > prefillKeys {
			continue
		}
		input, err := f.Describe(bound.Name())
		if err != nil {
			continue
		}
		field := f.Model.Lookup(bound.Name())
		switch {
		case field == nil || field.Relation != nil:
			keys := make([]any, len(values))
			for i, value := range values {
				keys[i] = display.Cut(value, prefillKeyLen)
			}
			input.Initial = keys
		case !Secret(field):
			input.Initial = display.Cut(values[0], prefillText)
		}
	}
}

// shownAsText reports whether a field is shown without an input.
func (f *Form) shownAsText(name string) bool { return slices.Contains(f.asText, name) }
