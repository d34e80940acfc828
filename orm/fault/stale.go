package fault

import (
	"fmt"
	"net/http"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
)

// StaleError reports that an object was not written because its row has been written since the object was read. Its HTTP
// status is 409. Refresh reads the row as it is now.
type StaleError struct {
	Model   *schema.Model
	Object  any   // the object
	PK      any   // its primary key
	Version int64 // of the object
	Stored  int64 // of the row
}

// Error returns a text with the model, the key and both versions.
func (e *StaleError) Error() string {
	return fmt.Sprintf("orm: %s with key %v has version %d, and this object version %d: it was changed since it was read",
		e.Model, e.PK, e.Stored, e.Version)
}

// HTTPStatus returns 409: the request conflicts with stored data.
func (e *StaleError) HTTPStatus() int { return http.StatusConflict }

// FieldErrors returns a user-facing message about the object as a whole. Forms call it without importing package orm.
func (e *StaleError) FieldErrors() map[string][]message.Message {
	return map[string][]message.Message{"": {e.PublicMessage()}}
}

// PublicMessage returns the message of FieldErrors, for error pages.
func (e *StaleError) PublicMessage() message.Message {
	return message.New("stale", "Somebody else has changed this {model} in the meantime. Please open it again.",
		message.Args{"model": e.Model.Label})
}
