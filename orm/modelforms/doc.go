// Package modelforms creates forms from models: inputs, labels, limits and choices come from the model, and a valid form is saved
// as a row.
//
//	form, err := modelforms.New(ctx, a.DB, &post, "title", "slug", "author", "tags")
//	if err != nil {
//		return err // for example, a field that the model does not have
//	}
//	if r.Method == http.MethodPost {
//		if saved, err := form.Submit(r); err != nil {
//			return err
//		} else if saved {
//			return web.Redirect(w, r, post)
//		}
//	}
//	return web.Render(w, r, "blog/post_form.html", web.Data{"form": form})
//
// Only the named fields can be changed, whatever a request contains. Messages of the model's validators, its Clean method and the
// database's constraints are shown at the fields.
//
// Save of an existing object writes only edited fields, and reads the row again in its transaction, so that changes of other
// users to other fields are kept. With [Options.DetectConflicts], a change of another user to the same field is reported.
//
// A Form belongs to one request and is not safe for concurrent use.
package modelforms
