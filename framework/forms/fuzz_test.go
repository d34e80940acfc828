package forms_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/forms"
)

// everything has a field of each kind that a body can hold.
func everything() *forms.Form {
	choices := []forms.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	return forms.Dynamic(
		&forms.Field{Name: "text", MaxLength: 50}, &forms.Field{Name: "area", Widget: forms.Textarea},
		&forms.Field{Name: "int", Kind: forms.Integer, Min: -5, Max: 1000}, &forms.Field{Name: "float", Kind: forms.Float},
		&forms.Field{Name: "decimal", Kind: forms.Decimal, Digits: 10, Decimals: 3}, &forms.Field{Name: "bool", Kind: forms.Bool},
		&forms.Field{Name: "date", Kind: forms.Date}, &forms.Field{Name: "time", Kind: forms.Time}, &forms.Field{Name: "datetime", Kind: forms.DateTime},
		&forms.Field{Name: "duration", Kind: forms.Duration}, &forms.Field{Name: "email", Kind: forms.Email}, &forms.Field{Name: "url", Kind: forms.URL},
		&forms.Field{Name: "slug", Kind: forms.Slug}, &forms.Field{Name: "uuid", Kind: forms.UUID}, &forms.Field{Name: "json", Kind: forms.JSON},
		&forms.Field{Name: "choice", Kind: forms.Choose, Choices: choices}, &forms.Field{Name: "choices", Kind: forms.MultipleChoice, Choices: choices},
	)
}

// FuzzParse sends anything. A valid form stays valid, with the same values, when what it would show
// is sent again.
func FuzzParse(f *testing.F) {
	f.Add("text=a&int=3&float=1.5&decimal=1.50&bool=on&date=2026-01-31&time=15:04&datetime=2026-01-31T15:04&duration=1h")
	f.Add("email=a@b.co&url=b.co/x&slug=a-b&uuid=123e4567e89b12d3a456426614174000&json={}&choice=a&choices=a&choices=b")
	f.Add("text=%00&text=%ff&date=3.4.26&float=1e308&duration=-1:00&time=3:04PM")
	f.Fuzz(func(t *testing.T, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		form := everything()
		if !form.ParseValues(values) {
			if len(form.Errors()) == 0 {
				t.Error("invalid without a message")
			}
			return
		}
		again := url.Values{}
		for _, field := range form.Fields() {
			again[field.HTMLName()] = field.Values()
			if strings.ContainsRune(field.Value(), 0) {
				t.Errorf("%s holds a NUL", field.Name())
			}
		}
		second := everything()
		if !second.ParseValues(again) {
			t.Fatalf("%q became %q, which is wrong: %v", body, again.Encode(), second.Errors())
		}
		for name, value := range form.Values() {
			other := second.Value(name)
			if at, ok := value.(time.Time); ok && at.Equal(other.(time.Time)) {
				continue
			}
			if !reflect.DeepEqual(value, other) {
				t.Errorf("%s: %#v, then %#v", name, value, other)
			}
		}
	})
}
