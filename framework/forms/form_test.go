package forms_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/templates"
)

type Color string

type signup struct {
	Name     string
	Email    string
	Password string
	Website  *string
	Age      uint8
	Born     time.Time
	Color    Color
	Sizes    []int
	Agree    bool
	secret   string
	Internal string `form:"-"`
}

func (s *signup) Fields(f *forms.Fields) {
	forms.Describe(f, &s.Name).Max(10).Help("As in your passport.")
	forms.Describe(f, &s.Email).Email()
	forms.Describe(f, &s.Password).Password().Min(4)
	forms.Describe(f, &s.Website).URL()
	forms.Describe(f, &s.Age).Between(18, 120)
	forms.Describe(f, &s.Born).Date()
	forms.Describe(f, &s.Color).Choices(forms.Choice{Value: "red", Label: "Red"}, forms.Choice{Value: "blue", Label: "Blue"})
	forms.Describe(f, &s.Sizes).Choices(forms.Choice{Value: "1", Label: "S"}, forms.Choice{Value: "2", Label: "M"}).Widget(forms.Checkboxes)
	forms.Describe(f, &s.Agree).Required()
}

func (s *signup) Clean() error {
	if s.Name == "root" {
		return forms.Invalid("name", "This name is taken.")
	}
	if s.Name == "nobody" {
		return forms.Invalid("", "Nobody may sign up.")
	}
	return nil
}

func valid() url.Values {
	return url.Values{
		"name": {" Ann "}, "email": {"ann@example.org"}, "password": {" secret "}, "website": {"example.org/ann"}, "age": {"33"},
		"born": {"1993-02-01"}, "color": {"red"}, "sizes": {"1", "2"}, "agree": {"on"}, "internal": {"x"}, "secret": {"x"},
	}
}

func TestParseFillsDeclaredFieldsOnly(t *testing.T) {
	t.Parallel()
	var s signup
	form := forms.New(&s)
	if !form.ParseValues(valid()) {
		t.Fatal(form.Errors())
	}
	if s.Name != "Ann" || s.Password != " secret " || s.Website == nil || *s.Website != "https://example.org/ann" || s.Age != 33 ||
		!s.Born.Equal(time.Date(1993, 2, 1, 0, 0, 0, 0, time.UTC)) || s.Color != "red" || !slices.Equal(s.Sizes, []int{1, 2}) || !s.Agree {
		t.Errorf("got %+v", s)
	}
	if s.Internal != "" || s.secret != "" {
		t.Errorf("undeclared fields were filled: %+v", s)
	}
}

func TestInvalidFormLeavesStructUnchanged(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ field, value, want string }{
		"missing":         {"name", "", "Please fill in this field."},
		"blank":           {"name", "   ", "Please fill in this field."},
		"too long":        {"name", "abcdefghijk", "at most 10 characters (this has 11)"},
		"NUL":             {"name", "a\x00b", "NUL"},
		"bad UTF-8":       {"name", "a\xff", "UTF-8"},
		"email":           {"email", "a@b@c", "email address"},
		"short password":  {"password", "abc", "at least 4"},
		"script url":      {"website", "javascript:alert(1)", "web address"},
		"not a number":    {"age", "1e3", "whole number"},
		"below the bound": {"age", "17", "18 or more"},
		"above the type":  {"age", "300", "120 or less"},
		"date":            {"born", "1993-02-31", "like 2026-01-31"},
		"choice":          {"color", "green", "not one of the choices"},
		"list choice":     {"sizes", "3", "not one of the choices"},
		"unticked":        {"agree", "", "tick"},
		"clean by field":  {"name", "root", "This name is taken."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := signup{Internal: "kept"}
			form := forms.New(&s)
			values := valid()
			values[test.field] = []string{test.value}
			if form.ParseValues(values) {
				t.Fatalf("%q was accepted", test.value)
			}
			if got := fmt.Sprint(form.Errors()[test.field]); !strings.Contains(got, test.want) || len(form.Errors()) != 1 {
				t.Errorf("got %v, want %q in %s", form.Errors(), test.want, test.field)
			}
			if s.Name != "" || s.Internal != "kept" {
				t.Errorf("the struct was changed: %+v", s)
			}
		})
	}
}

func render(t *testing.T, form *forms.Form) string {
	t.Helper()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "forms", FS: forms.Templates()}}})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := engine.Render(&b, "forms/form.html", map[string]any{"form": form}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestInvalidFormShowsSubmittedValues(t *testing.T) {
	t.Parallel()
	var s signup
	form := forms.New(&s)
	values := valid()
	values["name"] = []string{`"><script>alert(1)</script>`}
	values["age"] = []string{"x"}
	form.ParseValues(values)
	html := render(t, form)
	t.Log(html)
	for _, want := range []string{
		`value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"`,
		`<a href="#id_name">Name: Please use at most 10`,
		`aria-describedby="id_name_help id_name_error"`,
		`<option value="red" selected>Red</option>`,
		`<legend class="q-label">Sizes</legend>`,
		`value="2" checked`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(html, "secret") {
		t.Error("the password is shown again")
	}
}

func TestPointersAreOptional(t *testing.T) {
	t.Parallel()
	var f limited
	form := forms.New(&f)
	if !form.ParseValues(url.Values{"note": {""}, "size": {""}}) || f.Note != nil || f.Size != nil {
		t.Fatalf("got %+v, %v", f, form.Errors())
	}
	if !form.ParseValues(url.Values{"note": {"ok"}, "size": {"2"}}) || *f.Note != "ok" || *f.Size != 2 {
		t.Fatalf("got %+v, %v", f, form.Errors())
	}
	if form.ParseValues(url.Values{"note": {"bad"}, "size": {"9"}}) || len(form.Errors()) != 2 {
		t.Errorf("got %v", form.Errors())
	}
}

type limited struct {
	Note *string
	Size *float64
}

func (l *limited) Fields(f *forms.Fields) {
	low, high := 1.0, 5.0
	forms.Describe(f, &l.Size).Between(&low, &high)
	forms.Describe(f, &l.Note).Validate(func(s *string) error {
		if *s == "bad" {
			return errors.New("not this")
		}
		return nil
	})
}

func TestNewPanics(t *testing.T) {
	t.Parallel()
	var s signup
	for name, make := range map[string]func(){
		"no pointer":       func() { forms.New(s) },
		"no input fits":    func() { forms.New(&struct{ C chan int }{}) },
		"name twice":       func() { forms.Dynamic(&forms.Field{Name: "a"}, &forms.Field{Name: "a"}) },
		"unknown kind":     func() { forms.Dynamic(&forms.Field{Name: "a", Kind: "anything"}) },
		"kind misspelled":  func() { forms.Dynamic(&forms.Field{Name: "a", Kind: "Integer"}) },
		"kind in a struct": func() { forms.New(&misnamed{}) },
		"foreign pointer":  func() { forms.New(&foreign{}) },
	} {
		func() {
			defer func() {
				if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "forms: ") {
					t.Errorf("%s: recovered %v", name, text)
				}
			}()
			make()
		}()
	}
}

type misnamed struct{ A string }

func (m *misnamed) Fields(f *forms.Fields) { forms.Describe(f, &m.A).Field().Kind = "txt" }

func TestUnknownKindSuggestsNearest(t *testing.T) {
	t.Parallel()
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, `"amount"`) || !strings.Contains(text, `"decimals"`) || !strings.Contains(text, `did you mean "decimal"?`) {
			t.Errorf("recovered %v", text)
		}
	}()
	forms.Dynamic(&forms.Field{Name: "amount", Kind: "decimals"})
}

func TestKindChangedAfterNew(t *testing.T) {
	t.Parallel()
	form := forms.Dynamic(&forms.Field{Name: "a"})
	field, err := form.Field("a")
	if err != nil {
		t.Fatal(err)
	}
	field.Field().Kind = "anything"
	if form.ParseValues(url.Values{"a": {"x"}}) || !strings.Contains(form.Errors().Error(), "unknown kind") {
		t.Errorf("got %v, %v", form.Value("a"), form.Errors())
	}
}

type foreign struct{ A string }

func (*foreign) Fields(f *forms.Fields) { var other string; forms.Describe(f, &other) }
