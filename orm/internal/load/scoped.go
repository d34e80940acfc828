package load

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// scoped returns the selection with the default scopes that apply in a context. Everything that is compiled is scoped;
// package compile refuses models with default scopes otherwise.
func (q Query) scoped(ctx context.Context) *compile.Query {
	scoping := q.Session.Scoping(ctx)
	if scoping == nil {
		return q.Select
	}
	scoped := *q.Select
	scoped.Scoping = scoping
	return &scoped
}

// Scoped returns the query with the default scopes that apply in a context, for callers that compile it themselves.
func (q Query) Scoped(ctx context.Context) *compile.Query { return q.scoped(ctx) }

// checkTenant returns an error if an update of the query's rows would move them to another tenant.
func (q Query) checkTenant(ctx context.Context, sets []compile.Set) error {
	m := q.Select.Model
	if m.Tenant == nil {
		return nil
	}
	if _, all, err := session.Tenant(ctx, m); err != nil || all {
		return err
	}
	for _, set := range sets {
		if m.ByName(set.Name) == m.Tenant {
			return fmt.Errorf(
				"orm: %s holds the tenant of the rows, so Update cannot change it in a context of one tenant; use tenant.WithAll",
				m.Tenant,
			)
		}
	}
	return nil
}
