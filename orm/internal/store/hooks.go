package store

import "context"

// The hooks of models, which package orm documents.
type (
	beforeSaver interface {
		BeforeSave(ctx context.Context) error
	}
	afterSaver interface {
		AfterSave(ctx context.Context) error
	}
	normalizer interface{ Normalize() }
	cleaner    interface {
		Clean(ctx context.Context) error
	}
	plainCleaner interface{ Clean() error } // needs no context
)

// hasHooks reports whether a hook runs beside the write, so that an error of it must undo the write.
func hasHooks(obj any) bool {
	switch obj.(type) {
	case beforeSaver, afterSaver:
		return true
	}
	return false
}

func beforeSave(ctx context.Context, obj any) error {
	if h, ok := obj.(beforeSaver); ok {
		return h.BeforeSave(ctx)
	}
	return nil
}

func afterSave(ctx context.Context, obj any) error {
	if h, ok := obj.(afterSaver); ok {
		return h.AfterSave(ctx)
	}
	return nil
}

func normalize(obj any) {
	if n, ok := obj.(normalizer); ok {
		n.Normalize()
	}
}
