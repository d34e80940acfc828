package members

import (
	"strings"

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
)

// signUp is what people send to join.
type signUp struct {
	Username string
	Email    string
	Password string
	Plays    string
	Age      *int
	Rules    bool
	Portrait *forms.File
}

// Fields configures validation, labels and relations.
func (s *signUp) Fields(f *forms.Fields) {
	forms.Describe(f, &s.Username).Label("Name").Max(150).Attr("autocomplete", "username").Validate(plainName)
	forms.Describe(f, &s.Email).Email().Help("We write to it once.")
	forms.Describe(f, &s.Password).Password().Help(password.Help).Attr("autocomplete", "new-password")
	forms.Describe(f, &s.Plays).Widget(forms.Radio).Choices(
		forms.Choice{Value: "guitar", Label: "Guitar"},
		forms.Choice{Value: "violin", Label: "Violin"},
	)
	forms.Describe(f, &s.Age).Min(12)
	forms.Describe(f, &s.Rules).Label("I have read the rules").Required()
	forms.Describe(f, &s.Portrait).Optional().Accept("image/*").MaxSize(2 << 20)
}

// plainName is a validator: the text of its error is shown beside the field.
func plainName(name string) error {
	if strings.ContainsAny(name, "@/ ") {
		return forms.Invalid("", "Use letters, digits and hyphens only.")
	}
	return nil
}

// Clean runs when every field is right, and may look at all of them.
func (s *signUp) Clean() error {
	faults := password.Validate(s.Password, password.About{Username: s.Username, Email: s.Email})
	if len(faults) > 0 {
		return forms.Errors{"password": faults}
	}
	return nil
}
