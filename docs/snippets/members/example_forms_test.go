package members_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/forms"
)

// post returns a request that submits a form.
func post(values url.Values) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// booking is a form.
type booking struct {
	Name  string
	Email string
	Seats int
}

// Fields configures the inputs and their validation.
func (b *booking) Fields(f *forms.Fields) {
	forms.Describe(f, &b.Name).Max(20)
	forms.Describe(f, &b.Email).Email()
	forms.Describe(f, &b.Seats).Between(1, 8).Help("At most eight.")
}

func Example_form() {
	var sent booking
	form := forms.New(&sent)
	ok := form.Parse(post(url.Values{"name": {" Ada "}, "email": {"ada@example.com"}, "seats": {"2"}}))
	fmt.Println(ok, sent)

	form = forms.New(&booking{})
	ok = form.Parse(post(url.Values{"email": {"nobody"}, "seats": {"20"}}))
	fmt.Println(ok)
	for _, name := range []string{"name", "email", "seats"} {
		for _, m := range form.Errors()[name] {
			fmt.Printf("%s: %s: %s\n", name, m.Code, m)
		}
	}
	// Output:
	// true {Ada ada@example.com 2}
	// false
	// name: required: Please fill in this field.
	// email: invalid: Please enter an email address, like name@example.org.
	// seats: max_value: Please enter 8 or less.
}

func Example_formErrors() {
	var sent booking
	form := forms.New(&sent)
	form.Parse(post(url.Values{"name": {strings.Repeat("a", 21)}, "email": {"a@example.com"}, "seats": {"two"}}))
	for _, name := range []string{"name", "seats"} {
		fmt.Println(form.Errors()[name])
	}
	_, err := form.Field("seat")
	fmt.Println(err)
	// Output:
	// [Please use at most 20 characters (this has 21).]
	// [Please enter a whole number.]
	// forms: no field "seat"; did you mean "seats"?
}
