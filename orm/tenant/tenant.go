// Package tenant limits queries and writes to one tenant of a site, such as a shop or a customer. It concerns models with
// a Tenant in their orm.Meta.
package tenant

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/session"
)

// With returns a context whose queries and writes are those of one tenant, given by its key or as an object. Queries on
// models with a tenant find only its rows, new objects belong to it, and writes of other objects are errors. With a
// context that has no tenant, every query and write on such a model is an error.
//
// Middleware sets the tenant of a request:
//
//	r = r.WithContext(tenant.With(r.Context(), shop))
func With(ctx context.Context, tenant any) context.Context { return session.WithTenant(ctx, tenant) }

// WithAll returns a context whose queries and writes are not limited to a tenant, for administration and maintenance.
func WithAll(ctx context.Context) context.Context { return session.WithAllTenants(ctx) }
