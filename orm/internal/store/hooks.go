package store

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/session"
)

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

// hasHooks reports whether a hook or a receiver of signals runs beside the write, so that an error of it must undo the
// write.
func (w write) hasHooks(obj any) bool {
	switch obj.(type) {
	case beforeSaver, afterSaver:
		return true
	}
	return w.listens()
}

// listens reports whether some function receives the signals of the write.
func (w write) listens() bool {
	return w.session.Listens(w.plan.model, session.BeforeSave, session.AfterSave)
}

// beforeSave runs the hook of the model and then the receivers. fields are the names of the columns that are written,
// nil for all.
func (w write) beforeSave(ctx context.Context, obj any, created bool, fields []string) error {
	if h, ok := obj.(beforeSaver); ok {
		if err := h.BeforeSave(ctx); err != nil {
			return err
		}
	}
	return w.send(ctx, session.BeforeSave, obj, created, fields)
}

// afterSave is beforeSave for what runs after the row is written.
func (w write) afterSave(ctx context.Context, obj any, created bool, fields []string) error {
	if h, ok := obj.(afterSaver); ok {
		if err := h.AfterSave(ctx); err != nil {
			return err
		}
	}
	return w.send(ctx, session.AfterSave, obj, created, fields)
}

func (w write) send(ctx context.Context, event session.Event, obj any, created bool, fields []string) error {
	if !w.listens() {
		return nil
	}
	return w.session.Send(ctx, event, session.Signal{Model: w.plan.model, Object: obj, Created: created, Fields: fields})
}

func normalize(obj any) {
	if n, ok := obj.(normalizer); ok {
		n.Normalize()
	}
}
