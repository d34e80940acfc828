package orm

import "context"

// The hooks that models may implement. They run when single objects are written or deleted (Create, Save, SaveFields,
// CreateAll, Delete), not for updates of whole queries. An error stops the write and rolls it back.
type (
	// BeforeSaver runs before validation, so it may fill fields.
	BeforeSaver interface {
		BeforeSave(ctx context.Context) error
	}
	// AfterSaver runs after the row is written, in the same transaction.
	AfterSaver interface {
		AfterSave(ctx context.Context) error
	}
	// BeforeDeleter runs before the row is deleted, also when it goes along with another.
	BeforeDeleter interface {
		BeforeDelete(ctx context.Context) error
	}
	// AfterDeleter runs after the row is deleted, in the same transaction.
	AfterDeleter interface {
		AfterDelete(ctx context.Context) error
	}
	// Normalizer brings values into the form in which they are stored, such as lower case. Validate and ValidateFields
	// call it before they look at the fields, so forms profit as well as writes.
	Normalizer interface{ Normalize() }
	// Cleaner checks an object as a whole. Its error may be a [*ValidationError] that names fields.
	Cleaner interface {
		Clean(ctx context.Context) error
	}
)

// plainCleaner is a Cleaner that needs no context.
type plainCleaner interface{ Clean() error }

func normalize(obj any) {
	if n, ok := obj.(Normalizer); ok {
		n.Normalize()
	}
}

func beforeSave(ctx context.Context, obj any) error {
	if h, ok := obj.(BeforeSaver); ok {
		return h.BeforeSave(ctx)
	}
	return nil
}

func afterSave(ctx context.Context, obj any) error {
	if h, ok := obj.(AfterSaver); ok {
		return h.AfterSave(ctx)
	}
	return nil
}
