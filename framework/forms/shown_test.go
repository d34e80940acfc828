package forms_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/forms"
)

// page is what a browser sends for the inputs of a form that nobody touched.
func page(form *forms.Form) url.Values {
	sent := url.Values{}
	for _, field := range form.Fields() {
		for _, value := range field.Values() {
			sent.Add(field.HTMLName(), strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(value))
		}
	}
	return sent
}

func TestUntouchedFieldsKeepTheirValue(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 1, 12, 30, 15, 123456789, time.UTC)
	choices := []forms.Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}
	tests := map[string]forms.Field{
		"moment":                 {Kind: forms.DateTime, Initial: at},
		"pointer to a moment":    {Kind: forms.DateTime, Initial: &at},
		"time of day":            {Kind: forms.Time, Initial: time.Date(0, 1, 1, 12, 0, 15, 123456000, time.UTC)},
		"date with a time":       {Kind: forms.Date, Initial: at},
		"duration":               {Kind: forms.Duration, Initial: 90*time.Minute + 1},
		"blank lines":            {Widget: forms.Textarea, Initial: "\n\n text \n\n"},
		"carriage returns":       {Widget: forms.Textarea, Initial: "one\rtwo\r\nthree"},
		"white space":            {Initial: "  x  "},
		"only white space":       {Initial: " ", Required: true},
		"a NUL character":        {Initial: "a\x00b"},
		"broken UTF-8":           {Initial: "a\xff\xfeb"},
		"too long":               {Initial: strings.Repeat("x", 30), MaxLength: 20},
		"no number":              {Kind: forms.Decimal, Initial: "1.23456789e+06"},
		"float":                  {Kind: forms.Float, Initial: 0.1 + 0.2},
		"not a choice any more":  {Kind: forms.Choose, Choices: choices, Initial: "gone", Required: true},
		"not choices any more":   {Kind: forms.MultipleChoice, Choices: choices, Initial: []string{"b", "gone"}},
		"JSON with an odd order": {Kind: forms.JSON, Initial: `{"b":1,"a":2,"a":3}`},
		"broken JSON":            {Kind: forms.JSON, Initial: `{`},
		"no address":             {Kind: forms.Email, Initial: "someone at home"},
	}
	for name, field := range tests {
		for _, remember := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				field := field
				field.Name, field.Stored = "x", true
				form := forms.Dynamic(&field)
				if remember {
					form.RememberShown()
				}
				sent := page(form)
				if !form.ParseValues(sent) {
					t.Fatal(form.Errors())
				}
				want := field.Initial
				if p, ok := want.(*time.Time); ok {
					want = *p
				}
				got, wanted := asJSON(t, form.Value("x")), asJSON(t, want)
				if got != wanted || !form.Untouched("x") || len(form.Changed()) > 0 {
					t.Errorf("got %s, want %s; untouched %v, changed %v", got, wanted, form.Untouched("x"), form.Changed())
				}
			})
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestInputsEmptiedByBrowsers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		field forms.Field
		sent  string
	}{
		"number":    {forms.Field{Kind: forms.Float, Initial: "abc"}, ""},
		"date":      {forms.Field{Kind: forms.Date, Initial: "31/12/2025"}, ""},
		"time":      {forms.Field{Kind: forms.Time, Initial: "12:00:15.123456"}, ""},
		"moment":    {forms.Field{Kind: forms.DateTime, Initial: "soon"}, ""},
		"two lines": {forms.Field{Initial: "a\nb"}, "ab"},
		"address":   {forms.Field{Kind: forms.Email, Initial: " a@b.co\n"}, "a@b.co"},
	} {
		for _, remember := range []bool{false, true} {
			field := test.field
			field.Name, field.Stored, field.Required = "x", true, true
			form := forms.Dynamic(&field)
			if remember {
				form.RememberShown()
			}
			sent := page(form)
			sent.Set("x", test.sent)
			if !form.ParseValues(sent) || !form.Untouched("x") || form.Value("x") != field.Initial {
				t.Errorf("%s: untouched %v, value %q, errors %v", name, form.Untouched("x"), form.Value("x"), form.Errors())
			}
		}
	}
}

func TestEditedFieldsAreValidated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		field forms.Field
		sent  string
	}{
		"emptied":      {forms.Field{Initial: "x", Required: true}, ""},
		"never filled": {forms.Field{Required: true}, ""},
		"no number":    {forms.Field{Kind: forms.Decimal, Initial: "1.5"}, "abc"},
		"other wrong":  {forms.Field{Kind: forms.Decimal, Initial: "abc"}, "abd"},
		"not a choice": {forms.Field{Kind: forms.Choose, Choices: []forms.Choice{{Value: "a"}}, Initial: "a"}, "gone"},
		"only spaces":  {forms.Field{Initial: "x", Required: true}, "  "},
	} {
		field := test.field
		field.Name, field.Stored = "x", true
		form := forms.Dynamic(&field)
		if form.ParseValues(url.Values{"x": {test.sent}}) {
			t.Errorf("%s: %q was taken as %v", name, test.sent, form.Value("x"))
		}
	}
	wrong := forms.Dynamic(&forms.Field{Name: "x", Kind: forms.Email, Initial: "not stored, only suggested"})
	if wrong.ParseValues(url.Values{"x": {"not stored, only suggested"}}) {
		t.Error("a suggested value was not validated")
	}
}

// A page that was opened before the stored values changed tells what its reader edited.
func TestRememberShown(t *testing.T) {
	t.Parallel()
	fields := func(a, b string, list ...string) *forms.Form {
		choices := []forms.Choice{{Value: "1"}, {Value: "2"}, {Value: "3"}}
		form := forms.Dynamic(
			&forms.Field{Name: "a", Initial: a, Stored: true}, &forms.Field{Name: "b", Initial: b, Stored: true},
			&forms.Field{Name: "list", Kind: forms.MultipleChoice, Choices: choices, Initial: list, Stored: true},
		)
		form.Prefix = "p"
		form.RememberShown()
		return form
	}
	sent := page(fields("old a", "old b", "1", "2"))
	sent.Set("p-b", "my b")
	sent["p-list"] = []string{"2", "1"}
	form := fields("new a", "new b", "3")
	if !form.ParseValues(sent) {
		t.Fatal(form.Errors())
	}
	if got := form.Changed(); !slices.Equal(got, []string{"b"}) {
		t.Errorf("changed %v", got)
	}
	if form.Value("a") != "new a" || form.Value("b") != "my b" {
		t.Errorf("values %v", form.Values())
	}
	if !form.ShownAs("a", "old a") || form.ShownAs("b", "new b") || !form.ShownAs("list", []string{"2", "1"}) {
		t.Error("what was shown is not known")
	}
	for name, value := range map[string]any{"a": "new a", "b": "new b", "list": []string{"3"}} {
		form.Rebase(name, value)
	}
	shown := page(form)
	if shown.Get("p-a") != "new a" || shown.Get("p-b") != "my b" || !slices.Equal(shown["p-list"], []string{"3"}) {
		t.Errorf("shows %v", shown)
	}
	again := fields("new a", "new b", "3")
	if !again.ParseValues(shown) || !slices.Equal(again.Changed(), []string{"b"}) || !again.ShownAs("b", "new b") {
		t.Errorf("sent again: changed %v, errors %v", again.Changed(), again.Errors())
	}
}

func TestInvalidShownStateIsIgnored(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"", "a", "a=", "=", "b=x", "\x00", "a=x a=y a=z", strings.Repeat("a=x ", 1<<15)} {
		form := forms.Dynamic(&forms.Field{Name: "a", Initial: "stored", Stored: true})
		form.RememberShown()
		if !form.ParseValues(url.Values{"a": {"edited"}, forms.ShownName: {state}}) || form.Value(forms.ShownName) != nil {
			t.Fatal(form.Errors())
		}
		if form.Untouched("a") {
			t.Errorf("state %.40q: an edited field counts as untouched", state)
		}
	}
}

func TestStoredValueOutsideChoicesStaysSelected(t *testing.T) {
	t.Parallel()
	form := forms.Dynamic(&forms.Field{Name: "x", Kind: forms.Choose, Choices: []forms.Choice{{Value: "a", Label: "A"}}, Initial: "gone", Stored: true})
	field, err := form.Field("x")
	if err != nil {
		t.Fatal(err)
	}
	choices := field.Choices()
	if last := choices[len(choices)-1]; last.Value != "gone" || !last.Selected {
		t.Errorf("offered %v", choices)
	}
}

// FuzzShown sends any state and any text: it never fails, and an edited text counts as untouched only if the state
// contains it as shown.
func FuzzShown(f *testing.F) {
	f.Add("a=abc", "x")
	f.Add("a=abc a=def b", "stored")
	f.Fuzz(func(t *testing.T, state, text string) {
		form := forms.Dynamic(&forms.Field{Name: "a", Initial: "stored", Stored: true})
		form.RememberShown()
		own := page(form).Get(forms.ShownName)
		form.ParseValues(url.Values{"a": {text}, forms.ShownName: {own}})
		if form.Untouched("a") != (text == "stored") {
			t.Errorf("%q counts as untouched: %v", text, form.Untouched("a"))
		}
		form.ParseValues(url.Values{"a": {text}, forms.ShownName: {state}})
	})
}
