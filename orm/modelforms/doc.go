// Package modelforms makes forms of models: the inputs, their labels, limits and choices come from
// the model, and a valid form is saved as a row.
//
//	form, err := modelforms.New(ctx, a.DB, &post, "title", "slug", "author", "tags")
//	if err != nil {
//		return err // a field that the model does not have
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
// Only the fields that are named can be changed, whatever a request holds. What the model's
// validators, its Clean method and the database's constraints find wrong is shown at the fields.
//
// Save of an existing object writes only what was edited and reads the row again in its transaction, so that what somebody
// else has changed in other fields is kept. [Options.DetectConflicts] tells people when both have changed the same field.
//
// A Form belongs to one request and is not safe for concurrent use.
package modelforms
