package orm

import "context"

// The hooks that models may implement. They run when single objects are written or deleted (Create, Save, SaveFields,
// CreateAll, Delete), not for updates of whole queries. An error stops the write and rolls it back.
type (
	// BeforeSaver runs before validation, so it may set fields.
	BeforeSaver interface {
		BeforeSave(ctx context.Context) error
	}
	// AfterSaver runs after the row is written, in the same transaction.
	AfterSaver interface {
		AfterSave(ctx context.Context) error
	}
	// BeforeDeleter runs before the row is deleted, also when it is deleted because of another row.
	BeforeDeleter interface {
		BeforeDelete(ctx context.Context) error
	}
	// AfterDeleter runs after the row is deleted, in the same transaction.
	AfterDeleter interface {
		AfterDelete(ctx context.Context) error
	}
	// Normalizer changes values to the form in which they are stored, such as lower case. Validate and ValidateFields call
	// it before they check the fields, so it runs for forms and for writes.
	Normalizer interface{ Normalize() }
	// Cleaner checks an object as a whole. Its error may be a [*ValidationError] that names fields. A Clean method without a
	// context is called too.
	Cleaner interface {
		Clean(ctx context.Context) error
	}
)
