package forms_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/forms"
)

func TestEmptyOptionOfSelects(t *testing.T) {
	t.Parallel()
	choices := []forms.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	for name, test := range map[string]struct {
		field           forms.Field
		sent            string
		empty, required bool
	}{
		"required with a value":     {forms.Field{Required: true, Initial: "a"}, "", false, false},
		"required without a value":  {forms.Field{Required: true}, "", true, true},
		"optional with a value":     {forms.Field{Initial: "a"}, "", true, false},
		"required, sent":            {forms.Field{Required: true}, "x=b", false, false},
		"required, sent empty":      {forms.Field{Required: true, Initial: "a"}, "x=", true, true},
		"required, sent what isn't": {forms.Field{Required: true, Initial: "a"}, "x=zzz", true, true},
		"required, unknown value":   {forms.Field{Required: true, Initial: "zzz"}, "", true, true},
		"loaded choices":            {forms.Field{Required: true, Initial: 2, Choices: []forms.Choice{{Value: "2", Label: "Two"}}}, "", false, false},
		"own empty choice":          {forms.Field{Required: true, Initial: "a", Choices: append([]forms.Choice{{Label: "Choose"}}, choices...)}, "", true, true},
	} {
		field := test.field
		field.Name, field.Kind = "x", forms.Choose
		if field.Choices == nil {
			field.Choices = choices
		}
		form := forms.Dynamic(&field)
		if test.sent != "" {
			values, err := url.ParseQuery(test.sent)
			if err != nil {
				t.Fatal(err)
			}
			form.ParseValues(values)
		}
		html := show(t, form)
		if got := strings.Contains(html, `<option value=""`); got != test.empty {
			t.Errorf("%s: an empty option: %v\n%s", name, got, html)
		}
		if got := strings.Contains(html, `id="id_x" required`); got != test.required {
			t.Errorf("%s: required: %v\n%s", name, got, html)
		}
	}
}

func TestBooleanAttributes(t *testing.T) {
	t.Parallel()
	form := forms.Dynamic(
		&forms.Field{Name: "on", Kind: forms.Bool, Initial: true, Disabled: true, Attrs: map[string]string{"data-x": ""}},
		&forms.Field{Name: "text", Attrs: map[string]string{"readonly": "", "placeholder": "x"}},
	)
	html := show(t, form)
	for _, want := range []string{`<input type="checkbox" name="on" id="id_on" checked disabled data-x>`, `id="id_text" placeholder="x" readonly>`} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	if strings.Contains(html, `=""`) || strings.Contains(html, `value="true"`) {
		t.Errorf("got\n%s", html)
	}
	form = forms.Dynamic(&forms.Field{Name: "text", Attrs: map[string]string{"aria-label": `"><b>`, "hx-get": "/x", "autocomplete": "off"}})
	if html := show(t, form); !strings.Contains(html, ` aria-label="&#34;&gt;&lt;b&gt;" autocomplete="off" hx-get="/x">`) {
		t.Errorf("got\n%s", html)
	}
	for _, name := range []string{"onclick", "style", "a b", "x>", "", "srcdoc"} {
		field, err := forms.Dynamic(&forms.Field{Name: "text", Attrs: map[string]string{name: "x"}}).Field("text")
		if err != nil {
			t.Fatal(err)
		}
		if attrs, err := field.HTMLAttrs(); err == nil || !strings.Contains(err.Error(), "text") {
			t.Errorf("%q: %s, %v", name, attrs, err)
		}
	}
	form = forms.Dynamic(&forms.Field{Name: "on", Kind: forms.Bool, Initial: true})
	if !form.ParseValues(url.Values{"on": {"on"}}) || form.Value("on") != true || len(form.Changed()) > 0 {
		t.Errorf("got %v, changed %v", form.Value("on"), form.Changed())
	}
}
