// Package forms reads what people send: it parses a request into typed values, says what is wrong
// with it in words beside the field, and shows the form again with what was typed.
//
// A form is a struct. Its exported fields are all that can be sent; an optional method refines them:
//
//	type CommentForm struct {
//		Name    string
//		Email   string
//		Website *string // a pointer may stay empty
//		Body    string
//	}
//
//	func (c *CommentForm) Fields(f *forms.Fields) {
//		forms.Describe(f, &c.Name).Label("Your name").Max(80)
//		forms.Describe(f, &c.Email).Email().Help("Never shown.")
//		forms.Describe(f, &c.Body).Textarea().Max(5000)
//	}
//
//	func (c *CommentForm) Clean() error { // optional, runs when every field is right
//		if strings.Contains(c.Body, "viagra") {
//			return forms.Invalid("body", "This looks like an advertisement.")
//		}
//		return nil
//	}
//
// In a view:
//
//	var comment CommentForm
//	form := forms.New(&comment)
//	if r.Method == http.MethodPost && form.Parse(r) {
//		… // comment is filled
//		return web.Redirect(w, r, post)
//	}
//	return web.Render(w, r, "blog/comment.html", web.Data{"form": form})
//
// In a template, the whole form or its fields one by one:
//
//	<form method="post" enctype="{{ .form.Enctype }}">{{ .csrf_field }}
//		{{ include "forms/form.html" "form" .form }}
//		<button>Send</button>
//	</form>
//	{{ include "forms/field.html" "field" (.form.Field "name") }}
//
// Fields are required unless they are pointers, booleans, lists, or marked Optional. Forms that are
// known only while running, such as the admin's, are made of Field values with Dynamic.
//
// A Form belongs to one request and is not safe for concurrent use.
package forms
