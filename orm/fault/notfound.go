package fault

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/quintetgo/quintet/orm/schema"
)

// NotFoundError reports that no row matches. errors.Is(err, ErrNotFound) is true for each, and its HTTP status is 404.
type NotFoundError struct {
	Model *schema.Model // of the rows; nil if it is not known
	PK    any           // the primary key that was searched for; nil if the search was not by key
}

// ErrNotFound matches every [*NotFoundError] in errors.Is.
var ErrNotFound error = &NotFoundError{}

// Error returns a text with the model and the key.
func (e *NotFoundError) Error() string {
	switch {
	case e.Model == nil:
		return "orm: not found"
	case e.PK == nil:
		return fmt.Sprintf("orm: no %s found", e.Model)
	}
	return fmt.Sprintf("orm: no %s with key %v", e.Model, e.PK)
}

// Is reports whether target is ErrNotFound.
func (e *NotFoundError) Is(target error) bool { return target == ErrNotFound }

// HTTPStatus returns 404.
func (e *NotFoundError) HTTPStatus() int { return http.StatusNotFound }

// ErrMultiple is returned by a query for one row that matches several.
var ErrMultiple = errors.New("orm: more than one row found")

// ErrRelationMismatch is returned by a write of an object whose loaded related object and foreign key differ.
var ErrRelationMismatch = errors.New("orm: the loaded object has another key")
