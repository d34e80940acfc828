package erase

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/session"
)

// The hooks of models, which package orm documents.
type (
	beforeDeleter interface {
		BeforeDelete(ctx context.Context) error
	}
	afterDeleter interface {
		AfterDelete(ctx context.Context) error
	}
)

func beforeDelete(ctx context.Context, obj any) error {
	if h, ok := obj.(beforeDeleter); ok {
		return h.BeforeDelete(ctx)
	}
	return nil
}

func afterDelete(ctx context.Context, obj any) error {
	if h, ok := obj.(afterDeleter); ok {
		return h.AfterDelete(ctx)
	}
	return nil
}

// runHooks calls the hook of every loaded object, and sends an event to the receivers.
func (p *Plan) runHooks(ctx context.Context, hook func(context.Context, any) error, event session.Event) error {
	for _, g := range p.Groups {
		for _, obj := range g.Objects {
			if err := hook(ctx, obj); err != nil {
				return err
			}
			if err := p.session.Send(ctx, event, session.Signal{Model: g.Model, Object: obj, Marked: g.Marked}); err != nil {
				return err
			}
		}
	}
	return nil
}
