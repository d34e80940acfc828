package csrf

import (
	"errors"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
)

// formMemory is the number of bytes of a form with files that are held in memory while the token is
// read; the rest is stored in temporary files. The size of the body is limited by other middleware.
const formMemory = 1 << 20

// formToken reads the token from a form in the body; other bodies are left alone. The error is that
// of the body: the view must not get a part of a form.
func formToken(r *http.Request) (string, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "application/x-www-form-urlencoded":
		err = parseBody(r)
	case "multipart/form-data":
		if err = r.ParseMultipartForm(formMemory); r.MultipartForm != nil {
			err = nil // an error of the query
		}
	}
	return r.PostForm.Get(FieldName), unreadable(err)
}

// parseBody is ParseForm for the body alone: errors of the query are left to the view.
func parseBody(r *http.Request) error {
	bare := *r
	bare.URL, bare.Form = nil, nil
	err := bare.ParseForm()
	r.PostForm = bare.PostForm
	return err
}

// unreadable returns the error for a form that could not be read. Errors of temporary files are
// returned unchanged, since they are not the client's.
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
