package forms_test

import (
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/templates"
)

var update = flag.Bool("update", false, "write what the golden files should say into them")

// widgets has a field of every widget, with help and some of them wrong when sent is empty.
func widgets() *forms.Form {
	choices := []forms.Choice{{Value: "a", Label: "A & B", Group: "One"}, {Value: "b", Label: "B", Group: "Two"}}
	plain := []forms.Choice{{Value: "1", Label: "One"}, {Value: "2", Label: "Two"}}
	return forms.Dynamic(
		&forms.Field{Name: "text", Required: true, Help: "Some <help>.", MaxLength: 9, Attrs: map[string]string{"placeholder": "x\"y", "autocomplete": "name"}},
		&forms.Field{Name: "area", Widget: forms.Textarea, Initial: "\nfirst line is empty"},
		&forms.Field{Name: "number", Kind: forms.Integer, Min: 1, Max: 5},
		&forms.Field{Name: "email", Kind: forms.Email, Disabled: true, Initial: "a@b.co"},
		&forms.Field{Name: "password", Widget: forms.PasswordInput, Initial: "never shown"},
		&forms.Field{Name: "token", Widget: forms.HiddenInput, Initial: "t<"},
		&forms.Field{Name: "many", Kind: forms.MultipleChoice, Widget: forms.HiddenInput, Choices: plain, Initial: []string{"1", "2"}},
		&forms.Field{Name: "check", Kind: forms.Bool, Required: true, Help: "Tick it."},
		&forms.Field{Name: "select", Kind: forms.Choose, Choices: choices, Initial: "b"},
		&forms.Field{Name: "multi", Kind: forms.MultipleChoice, Choices: plain, Initial: []string{"2"}, Required: true},
		&forms.Field{Name: "radio", Kind: forms.Choose, Widget: forms.Radio, Choices: plain, Required: true, Help: "Choose one."},
		&forms.Field{Name: "boxes", Kind: forms.MultipleChoice, Widget: forms.Checkboxes, Choices: plain},
		&forms.Field{Name: "date", Kind: forms.Date}, &forms.Field{Name: "time", Kind: forms.Time}, &forms.Field{Name: "moment", Kind: forms.DateTime},
		&forms.Field{Name: "file", Kind: forms.FileUpload, Accept: []string{".pdf"}},
		&forms.Field{Name: "own", Widget: "stars", Initial: "3"},
	)
}

// show renders a form with a project's template for the widget "stars".
func show(t *testing.T, form *forms.Form) string {
	t.Helper()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{
		{Name: "project", FS: fstest.MapFS{"forms/widgets/stars.html": &fstest.MapFile{Data: []byte(`<q-stars id="{{ .field.ID }}" data-value="{{ .field.Value }}"></q-stars>`)}}},
		{Name: "forms", FS: forms.Templates()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := engine.Render(&b, "forms/form.html", map[string]any{"form": form}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWidgets(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]url.Values{
		"unbound": nil,
		"invalid": {"number": {"9"}, "select": {"zzz"}, "token": {"forged"}, "area": {"<b>"}, "password": {"typed"}, "boxes": {"2"}, "moment": {"2026-01-31T10:00:05"}},
	} {
		form := widgets()
		if sent != nil {
			form.ParseValues(sent)
		}
		got := show(t, form)
		checkAccessible(t, name, got)
		path := filepath.Join("testdata", name+".html")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: run with -update and look at the difference; got\n%s", name, got)
		}
	}
}

// checkAccessible wants unique ids, a label for every visible input, and references that exist.
func checkAccessible(t *testing.T, name, html string) {
	t.Helper()
	all := func(pattern string) []string {
		var found []string
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(html, -1) {
			found = append(found, match[1])
		}
		return found
	}
	ids := all(`\bid="([^"]*)"`)
	labeled := all(`<label[^>]* for="([^"]*)"`)
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			t.Errorf("%s: id %s stands twice", name, id)
		}
	}
	for _, input := range all(`(<(?:input|select|textarea)\b[^>]*>)`) {
		if strings.Contains(input, `type="hidden"`) {
			continue
		}
		id := regexp.MustCompile(`\bid="([^"]*)"`).FindStringSubmatch(input)
		if id == nil || !slices.Contains(labeled, id[1]) {
			t.Errorf("%s: no label for %s", name, input)
		}
	}
	for _, refs := range append(all(`aria-describedby="([^"]*)"`), all(`href="#([^"]*)"`)...) {
		for ref := range strings.FieldsSeq(refs) {
			if !slices.Contains(ids, ref) {
				t.Errorf("%s: nothing has the id %s", name, ref)
			}
		}
	}
}
