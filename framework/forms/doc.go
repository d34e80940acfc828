// Package forms parses submitted forms into typed values, validates them, and shows the form again with its input and a message
// beside each invalid field.
//
// A form is a struct. Its exported fields are the inputs; an optional method configures them:
//
//	type CommentForm struct {
//		Name    string
//		Email   string
//		Website *string // a pointer is optional
//		Body    string
//	}
//
//	func (c *CommentForm) Fields(f *forms.Fields) {
//		forms.Describe(f, &c.Name).Label("Your name").Max(80)
//		forms.Describe(f, &c.Email).Email().Help("Never shown.")
//		forms.Describe(f, &c.Body).Textarea().Max(5000)
//	}
//
//	func (c *CommentForm) Clean() error { // optional, runs if every field is valid
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
// Fields are required unless they are pointers, booleans, lists, files, or marked Optional. [Dynamic] creates forms whose fields
// are known at run time only, such as those of the admin.
//
// # Errors
//
// [Form.Errors] holds messages by field, each with a code, such as required or max_length; package message lists the codes. A
// JSON response with them is written by returning the errors from the view. Validators and Clean methods return [Invalid], a
// message.Message with a code of their own, or any error, whose text is then shown.
//
// A Form belongs to one request and is not safe for concurrent use.
package forms
