package forms

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// Form is a set of fields with their submitted values and messages. Create one with New or Dynamic.
type Form struct {
	// Prefix distinguishes several forms of one page: inputs are named prefix-name. Set it before Parse. Default: none.
	Prefix string
	// Location is the time zone of values that are sent without one. Default: that of the request, or UTC.
	Location *time.Location
	// Limits bounds the request. Default: the defaults of its fields.
	Limits Limits

	fields []*Field
	byName map[string]*Field
	bound  bool
	raw    map[string][]string
	files  map[string][]*File
	values map[string]any
	loaded map[string][]Choice
	errors Errors
	err    error
	target *target // the struct to fill; nil for dynamic forms
	cleans []func() error

	remember  *Field              // the hidden input of RememberShown, nil without it
	shown     map[string][]string // digests of what the page showed, by field
	untouched map[string]bool     // fields that were sent as they were shown
	inherited *time.Location      // of the request
}

// Dynamic returns a form of fields that are known at run time only. It panics if a name is empty or used twice, or a kind is
// unknown.
func Dynamic(fields ...*Field) *Form {
	f := &Form{byName: map[string]*Field{}, values: map[string]any{}, loaded: map[string][]Choice{}, errors: Errors{}}
	for _, field := range fields {
		if field.Name == "" || f.byName[field.Name] != nil {
			panic(fmt.Sprintf("forms: field name %q is empty or used twice", field.Name))
		}
		if !slices.Contains(kinds, field.kind()) {
			panic("forms: " + field.unknownKind().Error())
		}
		f.byName[field.Name] = field
		f.fields = append(f.fields, field)
	}
	return f
}

// OnClean adds a check of the form as a whole, which Parse calls if every field is valid. It returns Errors for messages of
// fields; other errors become messages of the form.
func (f *Form) OnClean(clean func() error) { f.cleans = append(f.cleans, clean) }

// Parse parses the request's form, within Limits, and validates it. If the form is valid, it fills the struct of New and returns
// true; otherwise it leaves the struct unchanged. The form of a GET request is the query string.
func (f *Form) Parse(r *http.Request) bool {
	f.UseLocation(web.Location(r.Context()))
	values, files, err := f.read(r)
	if err != nil {
		f.bound = true
		f.AddErrors(err)
		return false
	}
	return f.parse(r.Context(), values, files)
}

// ParseValues is Parse for values that do not come from a request.
func (f *Form) ParseValues(values url.Values, files ...*File) bool {
	byName := map[string][]*File{}
	for _, file := range files {
		byName[file.Field] = append(byName[file.Field], file)
	}
	return f.parse(context.Background(), values, byName)
}

func (f *Form) parse(ctx context.Context, values url.Values, files map[string][]*File) bool {
	f.bound, f.raw, f.files = true, map[string][]string{}, map[string][]*File{}
	f.values, f.errors = map[string]any{}, Errors{}
	if err := f.Load(ctx); err != nil {
		f.AddMessage("", message.New("unavailable", "The choices of this form could not be loaded. Please try again."))
		return false
	}
	f.untouched, f.shown = map[string]bool{}, nil
	if f.remember != nil {
		if state := values[f.htmlName(f.remember)]; len(state) > 0 {
			f.shown = parseShown(state[len(state)-1])
		}
	}
	for _, field := range f.fields {
		name := f.htmlName(field)
		f.raw[field.Name], f.files[field.Name] = values[name], files[name]
		if field == f.remember {
			continue
		}
		value, err := f.clean(field)
		if f.isUntouched(field, values[name]) {
			f.untouched[field.Name] = true
			value, err = f.keep(field, value, err)
			if err == nil {
				f.raw[field.Name] = values[name] // not trimmed, so that it is recognized when it is sent again
			}
		}
		if err != nil {
			f.addFieldError(field, err)
			continue
		}
		f.values[field.Name] = value
	}
	return f.finish()
}

// finish fills the struct and runs the checks of the form as a whole.
func (f *Form) finish() bool {
	if len(f.errors) > 0 {
		return false
	}
	undo := func() {}
	if f.target != nil {
		undo = f.target.fill(f)
	}
	if len(f.errors) == 0 {
		for _, clean := range f.cleans {
			if err := clean(); err != nil {
				f.AddErrors(err)
			}
		}
	}
	if len(f.errors) > 0 {
		undo()
		return false
	}
	return true
}

// clean returns the value of a field.
func (f *Form) clean(field *Field) (any, error) {
	if field.Disabled {
		return field.Initial, nil
	}
	value, err := f.cleanValue(field)
	if err != nil || isNothing(value) {
		return value, err
	}
	for _, validate := range field.Validators {
		if err := validate(value); err != nil {
			return nil, err
		}
	}
	return value, nil
}

func (f *Form) cleanValue(field *Field) (any, error) {
	if field.isFile() {
		return cleanFiles(field, f.files[field.Name])
	}
	raw, err := field.normalize(f.raw[field.Name])
	f.raw[field.Name] = raw
	if err != nil {
		return nil, err
	}
	return f.parseField(field, raw)
}

// Load calls LoadChoices of each field that has it, once. Parse does so; call Load before showing a form that was not parsed, so
// that the choices are loaded with the context of the request. The error is also that of Err.
func (f *Form) Load(ctx context.Context) error {
	for _, field := range f.fields {
		if field.LoadChoices == nil || f.loaded[field.Name] != nil {
			continue
		}
		choices, err := field.LoadChoices(ctx)
		if err != nil {
			f.err = fmt.Errorf("load choices of field %q: %w", field.Name, err)
			return f.err
		}
		f.loaded[field.Name] = slices.Clip(append([]Choice{}, choices...))
	}
	return nil
}

func (f *Form) choices(field *Field) []Choice {
	if field.LoadChoices == nil {
		return field.Choices
	}
	if f.loaded[field.Name] == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := f.Load(ctx); err != nil {
			return nil
		}
	}
	return f.loaded[field.Name]
}

// Err returns the error of loading choices, which is not about the submitted values.
func (f *Form) Err() error { return f.err }

// Errors returns the messages by field. It is empty if the form is valid or was not parsed.
func (f *Form) Errors() Errors { return f.errors }

// AddError adds a message of the code "invalid" to a field, or to the form for "". The text is constant; see package
// message. See AddMessage for other codes and for fields that the form does not have.
func (f *Form) AddError(field, text string, args ...message.Args) {
	f.AddMessage(field, message.New("invalid", text, args...))
}

// AddMessage adds a message to a field, or to the form for "". If the form does not have the field, the message is added
// to the form, with the field's name, so that it is visible.
func (f *Form) AddMessage(field string, m message.Message) {
	if field != "" && f.byName[field] == nil {
		m = message.New(m.Code, "{field}: {message}", message.Args{"field": field, "message": m})
		field = ""
	}
	f.errors.Add(field, m)
	delete(f.values, field)
}

// addFieldError adds the messages of an error of a field's parser or validator. Those without a field are the field's.
func (f *Form) addFieldError(field *Field, err error) {
	for name, messages := range byField(err) {
		for _, m := range messages {
			f.AddMessage(cmp.Or(name, field.Name), m)
		}
	}
}

// AddErrors adds the messages of an error: those by field of an error with a method FieldErrors, such as Errors and the errors of
// package orm, or the text of another error to the form. Nil adds nothing.
func (f *Form) AddErrors(err error) {
	if err == nil {
		return
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, inner := range joined.Unwrap() {
			f.AddErrors(inner)
		}
		return
	}
	for field, messages := range byField(err) {
		for _, m := range messages {
			f.AddMessage(field, m)
		}
	}
}

// IsBound reports whether the form was parsed.
func (f *Form) IsBound() bool { return f.bound }

// IsValid reports whether the form was parsed and has no messages.
func (f *Form) IsValid() bool { return f.bound && len(f.errors) == 0 }

// Value returns the value of a field after Parse, in the type of its kind. It is nil if the field is empty, invalid or unknown.
func (f *Form) Value(name string) any { return f.values[name] }

// Values returns all values after Parse by field name.
func (f *Form) Values() map[string]any { return f.values }

// Changed returns the names of the fields whose value differs from Initial, in the form's order. A field that was sent as its
// input was shown has not changed, even if the text of the input contains less than the value.
func (f *Form) Changed() []string {
	var names []string
	for _, field := range f.fields {
		if f.bound && f.changed(field) {
			names = append(names, field.Name)
		}
	}
	return names
}

func (f *Form) changed(field *Field) bool {
	if field.Disabled {
		return false
	}
	if field.isFile() {
		return len(f.files[field.Name]) > 0
	}
	if f.untouched[field.Name] || field == f.remember {
		return false
	}
	if len(f.errors[field.Name]) > 0 {
		return true
	}
	now, before := f.format(field, f.values[field.Name]), f.format(field, field.Initial)
	if field.multiple() {
		slices.Sort(now)
		slices.Sort(before)
	}
	empty := func(values []string) bool { return len(values) == 0 || len(values) == 1 && values[0] == "" }
	return !slices.Equal(now, before) && !(empty(now) && empty(before))
}

// Field returns a field with its submitted value, for templates. An unknown name is an error that suggests the nearest one.
func (f *Form) Field(name string) (*BoundField, error) {
	field := f.byName[name]
	if field == nil {
		names := make([]string, len(f.fields))
		for i, field := range f.fields {
			names[i] = field.Name
		}
		return nil, fmt.Errorf("forms: no field %q%s", name, check.DidYouMean(name, names))
	}
	return &BoundField{form: f, field: field}, nil
}

// Fields returns all fields in order.
func (f *Form) Fields() []*BoundField {
	bound := make([]*BoundField, len(f.fields))
	for i, field := range f.fields {
		bound[i] = &BoundField{form: f, field: field}
	}
	return bound
}

// Visible returns the fields that are not hidden inputs.
func (f *Form) Visible() []*BoundField {
	return slices.DeleteFunc(f.Fields(), func(b *BoundField) bool { return b.IsHidden() })
}

// Hidden returns the fields that are hidden inputs.
func (f *Form) Hidden() []*BoundField {
	return slices.DeleteFunc(f.Fields(), func(b *BoundField) bool { return !b.IsHidden() })
}

// Enctype returns the enctype attribute of the form element: multipart/form-data if there are files.
func (f *Form) Enctype() string {
	for _, field := range f.fields {
		if field.isFile() {
			return "multipart/form-data"
		}
	}
	return "application/x-www-form-urlencoded"
}

func (f *Form) htmlName(field *Field) string {
	if f.Prefix != "" {
		return f.Prefix + "-" + field.Name
	}
	return field.Name
}
