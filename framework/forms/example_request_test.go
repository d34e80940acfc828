package forms_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// A view returns the errors of a form, and a client that accepts JSON receives their codes.
func ExampleForm_Errors_json() {
	r := web.NewRouter()
	r.Post("/comments/", func(w http.ResponseWriter, r *http.Request) error {
		form := forms.New(&Comment{})
		if !form.Parse(r) {
			return form.Errors()
		}
		return web.NoContent(w)
	})
	request := httptest.NewRequest(http.MethodPost, "/comments/", strings.NewReader("name=Ada&body="))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	response := httptest.NewRecorder()
	(&web.Site{Router: r}).Handler().ServeHTTP(response, request)
	fmt.Println(response.Code)
	fmt.Print(response.Body)
	// Output:
	// 422
	// {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"body: Please fill in this field.","code":"required","errors":{"body":[{"code":"required","message":"Please fill in this field."}]}}
}

// Errors of other packages are added at their fields.
func ExampleForm_AddErrors() {
	form := forms.New(&Comment{})
	form.AddErrors(forms.Errors{
		"name":  {message.New("unique", "A comment with this {field} already exists.", message.Args{"field": "name"})},
		"price": {message.New("required", "Please fill in this field.")},
	})
	fmt.Println(form.Errors()["name"][0])
	fmt.Println(form.Errors().Form()[0]) // the form has no field "price"
	// Output:
	// A comment with this name already exists.
	// price: Please fill in this field.
}
