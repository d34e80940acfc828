package modelforms

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// Options configures a form. The zero value selects every editable field of the model.
type Options struct {
	// Fields are the names of the fields, in the form's order. Default: all editable fields.
	Fields []string
	// Exclude are the names of fields to omit if Fields is empty. Default: none.
	Exclude []string

	// ChoiceLimit is the maximum number of objects that the input of a relation lists. Relations with more objects have an
	// input for primary keys. Default: 500.
	ChoiceLimit int
	// KeyInput reports whether the input of a relation is one for primary keys, whatever the number of objects. Default: never.
	KeyInput func(f *orm.Field) bool
	// Choices restricts the objects of a relation, for example to those that the user may view. Default: all objects.
	Choices func(f *orm.Field, q dynamic.Query) dynamic.Query

	// Through holds the values that new links of many-to-many fields with a through model get, by the name of the field: a
	// pointer to a struct of the through model, {"players": &Engagement{Instrument: "violin"}}. Links that exist keep theirs.
	// Default: the defaults of the through model. A field whose through model requires more than these is an error.
	Through map[string]any

	// DetectConflicts adds a hidden input with digests of the shown values to the form of an existing object, so that Save
	// detects that somebody else has changed the same field since, see [Form.Conflicts]. Templates that do not show the form
	// as a whole must show [forms.Form.Hidden]. Default: false, the last change wins.
	DetectConflicts bool
	// ConflictMessage returns the message that is shown at a field with a conflict. Default: one that quotes the stored value.
	ConflictMessage func(c Conflict) message.Message
}

// Form is the form of an object. The embedded form shows and parses it. It belongs to one request and is not safe for concurrent
// use.
type Form struct {
	*forms.Form
	Object any        // the pointer that was passed to New; Parse fills it
	Model  *orm.Model // of Object
	Adding bool       // whether the object has no row yet

	db      *orm.DB
	options Options
	fields  []*orm.Field // columns and foreign keys in the form
	many    []*orm.Field // many-to-many fields in the form
	byName  map[string]*forms.Field
	keys    map[string]bool // relations with an input for keys
	failure error
	// referred has the keys that relations of the stored object held when the form was created.
	referred map[string][]any

	loaded    map[*orm.Field]any // the values of the object when the form was created
	byCode    []*orm.Field       // fields that code has set between New and Parse
	filled    map[*orm.Field]any // the values of the object after Parse
	stored    any                // the row as Save found it
	storedIDs map[string][]any   // keys of many-to-many fields as Save found them
	saved     []string
	conflicts []Conflict
}

// New returns a form for obj, a pointer to a model's struct, with the named fields, or without names all editable ones. It shows the
// values of obj; Save creates an object without a primary key. The error is that of a field that the model does not have or no form
// can change, or of the database.
func New(ctx context.Context, db *orm.DB, obj any, fields ...string) (*Form, error) {
	return NewWithOptions(ctx, db, obj, Options{Fields: fields})
}

// NewWithOptions is [New] with all options.
func NewWithOptions(ctx context.Context, db *orm.DB, obj any, options Options) (*Form, error) {
	model, err := db.ModelOf(obj)
	if err != nil {
		return nil, err
	}
	if options.ChoiceLimit <= 0 {
		options.ChoiceLimit = 500
	}
	f := &Form{
		Object: obj, Model: model, db: db, options: options,
		Adding: model.PK == nil || model.PK.IsZero(obj), byName: map[string]*forms.Field{}, keys: map[string]bool{},
		referred: map[string][]any{},
	}
	chosen, err := choose(model, options)
	if err != nil {
		return nil, err
	}
	inputs := make([]*forms.Field, 0, len(chosen))
	for _, field := range chosen {
		input, err := f.input(ctx, field)
		if err != nil {
			return nil, fmt.Errorf("modelforms: %s: %w", field, err)
		}
		f.byName[field.Name] = input
		inputs = append(inputs, input)
		if field.Kind == schema.KindManyToMany {
			f.many = append(f.many, field)
		} else {
			f.fields = append(f.fields, field)
		}
	}
	if input := f.versionInput(); input != nil {
		inputs = append(inputs, input)
	}
	f.Form = forms.Dynamic(inputs...)
	f.UseLocation(web.Location(ctx))
	f.OnClean(func() error { return f.fill(ctx) })
	if f.Adding {
		return f, nil
	}
	if options.DetectConflicts {
		f.RememberShown()
	}
	f.loaded, err = f.columns(ctx)
	return f, err
}

// Check reports whether a form of the model can have these fields. It does not access the database.
func Check(model *orm.Model, fields ...string) error {
	_, err := choose(model, Options{Fields: fields})
	return err
}

// choose returns the fields that the options name.
func choose(model *orm.Model, options Options) ([]*orm.Field, error) {
	all := append(slices.Clone(model.Fields), model.ManyToMany...)
	if len(options.Fields) == 0 {
		for _, name := range options.Exclude {
			if _, err := model.Field(name); err != nil {
				return nil, err
			}
		}
		chosen := slices.DeleteFunc(all, func(f *orm.Field) bool {
			return obstacle(f) != "" || slices.Contains(options.Exclude, f.Name) ||
				f.Kind == schema.KindManyToMany && !f.Relation.Through.Auto && options.Through[f.Name] == nil
		})
		return chosen, checkThrough(model, chosen, options)
	}
	var chosen []*orm.Field
	for _, name := range options.Fields {
		field, err := model.Field(name)
		if err != nil {
			return nil, err
		}
		if reason := obstacle(field); reason != "" {
			return nil, fmt.Errorf("modelforms: %s cannot be in a form: %s", field, reason)
		}
		if slices.Contains(chosen, field) {
			return nil, fmt.Errorf("modelforms: %s is named twice", field)
		}
		chosen = append(chosen, field)
	}
	return chosen, checkThrough(model, chosen, options)
}

// obstacle returns the reason why no form can change a field, or "".
func obstacle(f *orm.Field) string {
	switch {
	case f.Auto:
		return "the database generates its value"
	case f.AutoNow || f.AutoNowAdd:
		return "it is set to the current time automatically"
	case f.Kind == schema.KindManyToMany:
		if f.Relation == nil || f.Relation.To == nil || f.Relation.Through == nil {
			return "its target is not registered"
		}
		return ""
	case f.ReadOnly():
		return "it is read-only"
	case !f.Editable:
		return "the model declares it as not editable"
	case f.Relation != nil && f.Relation.To == nil:
		return "its target is not registered"
	}
	return ""
}

// Describe returns the input of a field, which may be changed before Parse. An unknown name is an error.
func (f *Form) Describe(name string) (*forms.Field, error) {
	if input := f.byName[name]; input != nil {
		return input, nil
	}
	var names []string
	for _, bound := range f.Fields() {
		names = append(names, bound.Name())
	}
	return nil, fmt.Errorf("modelforms: the form of %s has no field %q%s", f.Model, name, check.DidYouMean(name, names))
}

// Err returns an error that is not about the submitted values, such as a failed query.
func (f *Form) Err() error { return cmp.Or(f.failure, f.Form.Err()) }

// HasKeyInput reports whether the input of a relation is one for primary keys instead of a list of objects.
func (f *Form) HasKeyInput(name string) bool { return f.keys[name] }

// errUnreadable is the message for an object whose columns could not be read.
var errUnreadable = message.New("unavailable", "This could not be read. Please try again.")

// fill writes the values into the object and runs the model's validators; if one is invalid, it restores the object. For an existing
// object it sets and validates only edited fields.
func (f *Form) fill(ctx context.Context) error {
	before := reflect.New(reflect.TypeOf(f.Object).Elem()).Elem()
	before.Set(reflect.ValueOf(f.Object).Elem())
	if !f.Adding {
		now, err := f.columns(ctx)
		if err != nil {
			f.failure = err
			return errUnreadable
		}
		f.byCode = f.differing(f.loaded, now)
	}
	found := forms.Errors{}
	var names []string
	for _, field := range f.edited() {
		names = append(names, field.Name)
		if err := f.set(field, f.Value(field.Name)); err != nil {
			found.Add(field.Name, message.New("invalid", "Please enter a valid value."))
		}
	}
	if len(found) == 0 && len(names) > 0 {
		if err := f.db.ValidateFields(ctx, f.Object, names...); err != nil && !f.describe(err, found) {
			f.failure = err
			found.Add("", errUnreadable)
		}
	}
	if len(found) == 0 && !f.Adding {
		now, err := f.columns(ctx)
		if err == nil {
			f.filled = now
			return nil
		}
		f.failure = err
		found.Add("", errUnreadable)
	}
	if len(found) == 0 {
		return nil
	}
	reflect.ValueOf(f.Object).Elem().Set(before)
	return found
}

// edited returns the columns that Save writes because they were submitted: all for a new object, and for an existing one those whose
// input was edited.
func (f *Form) edited() []*orm.Field {
	changed := f.Changed()
	var fields []*orm.Field
	for _, field := range f.fields {
		if !f.byName[field.Name].Disabled && (f.Adding || slices.Contains(changed, field.Name)) {
			fields = append(fields, field)
		}
	}
	return fields
}

// set sets a value. An empty text of a field that may be NULL is NULL.
func (f *Form) set(field *orm.Field, value any) error {
	if text, ok := value.(string); ok && text == "" && field.Null {
		value = nil
	}
	if field.Relation != nil && field.Kind != schema.KindManyToMany {
		f.forget(field, value)
	}
	return field.Set(f.Object, value)
}

// forget removes a loaded object if the foreign key now refers to another one.
func (f *Form) forget(field *orm.Field, value any) {
	loaded := field.Relation.Object(f.Object)
	if loaded == nil || field.Relation.ToField == nil {
		return
	}
	if key := field.Relation.ToField; !key.Equal(key.Value(loaded), value) {
		field.Relation.SetObject(f.Object, nil)
	}
}

// Submit parses the request and saves the object. It returns false without an error if a submitted value is invalid, which the form
// then shows. The error is one that is not about the submitted values, such as a failed query.
func (f *Form) Submit(r *http.Request) (saved bool, err error) {
	if !f.Parse(r) {
		return false, f.Err()
	}
	err = f.Save(r.Context())
	if err != nil && len(f.Errors()) > 0 {
		return false, nil
	}
	return err == nil, err
}
