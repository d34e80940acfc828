package fault

import "strings"

// During returns an error of an action on a model, such as "update blog.Post": "orm: update blog.Post: ", and the text of err without
// the prefix "orm: " of its own. It wraps err, and is nil if err is.
func During(action string, err error) error {
	if err == nil {
		return nil
	}
	return &actionError{action, err}
}

type actionError struct {
	action string
	err    error
}

func (e *actionError) Error() string {
	return "orm: " + e.action + ": " + strings.TrimPrefix(e.err.Error(), "orm: ")
}

func (e *actionError) Unwrap() error { return e.err }
