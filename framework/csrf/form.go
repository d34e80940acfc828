package csrf

import (
	"errors"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
)

// formMemory is how much of a form with files is held in memory while the token is looked for; the
// rest goes to temporary files. The size of the body is limited before.
const formMemory = 1 << 20

// formToken reads the token from a form in the body; other bodies are left alone. The error is that
// of the body: the view is not to get half of a form.
func formToken(r *http.Request) (string, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "application/x-www-form-urlencoded":
		err = parseBody(r)
	case "multipart/form-data":
		if err = r.ParseMultipartForm(formMemory); r.MultipartForm != nil {
			err = nil // what remains is of the query
		}
	}
	return r.PostForm.Get(FieldName), unreadable(err)
}

// parseBody is ParseForm for the body alone: what is wrong with the query is the view's business.
func parseBody(r *http.Request) error {
	bare := *r
	bare.URL, bare.Form = nil, nil
	err := bare.ParseForm()
	r.PostForm = bare.PostForm
	return err
}

// unreadable is the error for a form in which the token cannot be looked for. A temporary file that
// cannot be written is no fault of the form.
func unreadable(err error) error {
	var known interface{ HTTPStatus() int }
	var tooLarge *http.MaxBytesError
	var disk *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.As(err, &tooLarge), errors.As(err, &disk):
		return err
	case errors.Is(err, multipart.ErrMessageTooLarge):
		return &Error{Reason: reasonLarge, Status: http.StatusRequestEntityTooLarge, Err: err}
	}
	return &Error{Reason: reasonBroken, Status: http.StatusBadRequest, Err: err}
}

// removeFiles removes the temporary files of a form. Package net/http does so for its own request,
// but not for a copy.
func removeFiles(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll()
	}
}
