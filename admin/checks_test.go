package admin_test

import (
	"context"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/framework/check"
)

func TestUnknownNamesAreReported(t *testing.T) {
	t.Parallel()
	type unregistered struct{ ID int64 }
	for name, test := range map[string]struct {
		model admin.Model
		id    string
		want  string
	}{
		"column":       {admin.For[Post](admin.Options{List: []string{"titel"}}), "admin.E004", `blog.Post: admin option List: there is no field "titel" in blog.Post | Did you mean "title"?`},
		"path":         {admin.For[Post](admin.Options{List: []string{"author__namee"}}), "admin.E004", `Did you mean "author__name"?`},
		"filter":       {admin.For[Post](admin.Options{Filter: []string{"authorx"}}), "admin.E005", `Did you mean "author"?`},
		"search":       {admin.For[Post](admin.Options{Search: []string{"author"}}), "admin.E006", `Write "author__name"`},
		"order":        {admin.For[Post](admin.Options{Order: []string{"-publshed"}}), "admin.E007", `Did you mean "published"?`},
		"field":        {admin.For[Post](admin.Options{Fields: []string{"tilte"}}), "admin.E008", `Did you mean "title"?`},
		"not editable": {admin.For[Post](admin.Options{Fields: []string{"created_at"}}), "admin.E008", "Add it to ReadOnly"},
		"fieldset":     {admin.For[Post](admin.Options{Fieldsets: []admin.Fieldset{{Fields: []string{"boddy"}}}}), "admin.E008", `Did you mean "body"?`},
		"exclude":      {admin.For[Post](admin.Options{Exclude: []string{"slg"}}), "admin.E009", `Did you mean "slug"?`},
		"read-only":    {admin.For[Post](admin.Options{ReadOnly: []string{"shuting"}}), "admin.E010", `Did you mean "shouting"?`},
		"unknown type": {admin.For[unregistered](admin.Options{}), "admin.E002", "List it in the Models method"},
		"unknown name": {admin.Named("blog.Pots", admin.Options{}), "admin.E002", "blog.Post"},
		"per page":     {admin.For[Post](admin.Options{PerPage: -1}), "admin.E013", "PerPage is -1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, test.model)
			problems := b.staff.Checks(t.Context())
			if len(problems) != 1 {
				t.Fatalf("problems %v", problems)
			}
			p := problems[0]
			text := p.Place + ": " + p.Message + " | " + p.Hint
			if p.ID != test.id || p.Level != check.Error || !strings.Contains(text, test.want) {
				t.Errorf("%s %s\nwant %s %s", p.ID, text, test.id, test.want)
			}
			if !strings.Contains(p.Place, "checks_test.go:") {
				t.Errorf("the place %q does not name the source", p.Place)
			}
		})
	}
}

func TestRegisteredTwice(t *testing.T) {
	t.Parallel()
	b := setup(t, admin.For[Post](admin.Options{}), admin.For[Post](admin.Options{}))
	if problems := b.staff.Checks(t.Context()); len(problems) != 1 || problems[0].ID != "admin.E003" {
		t.Errorf("problems %v", problems)
	}
}

func TestConfigChecks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	staff := admin.New(b.db, admin.Config{Accent: "teel", Density: "dense"})
	var got []string
	for _, p := range staff.Checks(context.Background()) {
		got = append(got, p.ID+" "+p.Message)
	}
	if len(got) != 2 || !strings.Contains(got[0], `did you mean "teal"?`) || !strings.HasPrefix(got[1], "admin.E012") {
		t.Errorf("problems %q", got)
	}
	if problems := admin.New(nil, admin.Config{}).Checks(context.Background()); len(problems) != 1 || problems[0].ID != "admin.E001" {
		t.Errorf("problems without a database %v", problems)
	}
}

func TestProjectRegistersUsers(t *testing.T) {
	t.Parallel()
	b := setup(t, admin.For[User](admin.Options{List: []string{"email", "phone"}, Fields: []string{"username", "email", "phone"}}))
	for _, p := range b.staff.Checks(t.Context()) {
		t.Error(p)
	}
	client := b.as(t, b.root)
	client.Get("/admin/accounts/user/").WantContains(t, "Phone", "root@example.com")
	client.Get("/admin/accounts/user/add/").WantContains(t, `name="password1"`, `name="phone"`)
}
