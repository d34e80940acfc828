package orm

import (
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/schema"
)

// The errors of this package. Match them with errors.AsType, and ErrNotFound, ErrMultiple and ErrRelationMismatch
// with errors.Is. A row that another transaction has locked is a [*fault.LockedError].
type (
	// NotFoundError reports that no row matches. Its fields are Model (nil if it is not known) and PK (nil if the
	// search was not by key). Its HTTP status is 404.
	NotFoundError = fault.NotFoundError
	// ValidationError reports the invalid fields of an object. Its fields are Model (nil in errors of validators and
	// Clean methods) and Fields, user-facing messages by field name; the key "" is the object as a whole. Its HTTP
	// status is 422.
	ValidationError = fault.ValidationError
	// IntegrityError reports that the database refused a statement because it violates a constraint. Its fields are
	// Kind, Table, Constraint, Columns, Fields, Value, Model and Err; those that the database does not report are
	// empty. Its HTTP status is 409.
	IntegrityError = fault.IntegrityError
	// LookupError reports a name that no field, relation or lookup has. Its fields name the model, the path and the
	// nearest choices. Its HTTP status is 400.
	LookupError = schema.LookupError
	// ValueError reports a value that does not fit a field. Its fields are Field and Value. Its HTTP status is 400.
	ValueError = schema.ValueError
	// BulkError reports the object that a method for several objects, such as [DB.CreateAll], could not write. Its
	// fields are Method, Index (from 0), Object, and Err, the error that [DB.Create] or [DB.Save] returns for it.
	BulkError = fault.BulkError
	// StaleError reports that an object was not written because its row has been written since the object was read.
	// Its fields are Model, Object, PK, Version and Stored. Its HTTP status is 409.
	StaleError = fault.StaleError
	// ProtectedError reports that objects cannot be deleted because others refer to them. Its field is Protected, a
	// list of ProtectedGroup. Its HTTP status is 409.
	ProtectedError = fault.ProtectedError
	// ProtectedGroup is the rows of one model whose foreign key forbids a deletion. Its fields are Field, the foreign
	// key, and Objects, pointers to structs.
	ProtectedGroup = fault.ProtectedGroup
	// IntegrityKind is the kind of a violated constraint.
	IntegrityKind = fault.IntegrityKind
)

// The kinds of constraints.
const (
	IntegrityOther      = fault.IntegrityOther // the database does not report the kind
	IntegrityUnique     = fault.IntegrityUnique
	IntegrityForeignKey = fault.IntegrityForeignKey
	IntegrityNotNull    = fault.IntegrityNotNull
	IntegrityCheck      = fault.IntegrityCheck
)

var (
	// ErrNotFound matches every [*NotFoundError] in errors.Is.
	ErrNotFound = fault.ErrNotFound
	// ErrMultiple is returned by a query for one row that matches several.
	ErrMultiple = fault.ErrMultiple
	// ErrRelationMismatch is returned by a write of an object whose loaded related object and foreign key differ.
	ErrRelationMismatch = fault.ErrRelationMismatch
)

// Invalid returns a ValidationError with one user-facing message of the code "invalid" for a field, or for the object
// as a whole if field is "". The text is constant, with arguments for what varies; see package message. For another
// code, validators and Clean methods return a [message.Message], or a ValidationError filled by Add.
func Invalid(field, text string, args ...message.Args) *ValidationError {
	return fault.Invalid(field, text, args...)
}
