package erase

import "context"

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

// runHooks calls hook for every loaded object.
func (p *Plan) runHooks(ctx context.Context, hook func(context.Context, any) error) error {
	for _, g := range p.Groups {
		for _, obj := range g.Objects {
			if err := hook(ctx, obj); err != nil {
				return err
			}
		}
	}
	return nil
}
