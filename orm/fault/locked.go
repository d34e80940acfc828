package fault

import (
	"net/http"

	"github.com/quintetgo/quintet/framework/message"
)

// LockedError reports that a statement needs a row that another transaction has locked: at once for a query with
// Lock.NoWait, otherwise after the database's time limit for locks. Its HTTP status is 409.
type LockedError struct {
	Err error // of the database
}

// Error returns a text with the error of the database.
func (e *LockedError) Error() string {
	return "orm: another transaction has locked a row that this statement needs: " + e.Err.Error()
}

// Unwrap returns the error of the database.
func (e *LockedError) Unwrap() error { return e.Err }

// HTTPStatus returns 409: the request conflicts with another one that is being handled.
func (e *LockedError) HTTPStatus() int { return http.StatusConflict }

// PublicMessage returns a user-facing message, for error pages.
func (e *LockedError) PublicMessage() message.Message {
	return message.New("locked", "Somebody else is changing this. Please try again.")
}
