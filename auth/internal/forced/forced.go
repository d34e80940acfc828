// Package forced carries a user in the context of a request that a test makes, so that authtest can
// log users in without their password. What comes over the network has no such context.
package forced

import "context"

type key struct{}

// NewContext returns a context whose request logs user in.
func NewContext(ctx context.Context, user any) context.Context {
	return context.WithValue(ctx, key{}, user)
}

// FromContext returns the user, or nil.
func FromContext(ctx context.Context) any { return ctx.Value(key{}) }
