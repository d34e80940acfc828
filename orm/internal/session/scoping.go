package session

import (
	"context"
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Scoping returns the default scopes that apply in a context, or nil if no registered model has any.
func (s *Session) Scoping(ctx context.Context) compile.Scoping {
	if !s.registry.IsScoped() {
		return nil
	}
	return func(m *schema.Model, lifted []string) ([]compile.Node, error) {
		return scopes(ctx, m, lifted)
	}
}

func scopes(ctx context.Context, m *schema.Model, lifted []string) ([]compile.Node, error) {
	var nodes []compile.Node
	if f := m.Tenant; f != nil {
		key, all, err := Tenant(ctx, m)
		if err != nil {
			return nil, err
		}
		if !all {
			if f.Relation != nil {
				key = f.Relation.KeyOf(key)
			}
			nodes = append(nodes, compile.Node{Op: compile.Lookup, Path: f.Attr, Value: key})
		}
	}
	isLifted := func(name string) bool {
		return slices.Contains(lifted, name) || slices.Contains(lifted, schema.AllScopes)
	}
	if f := m.SoftDelete; f != nil && !isLifted(schema.SoftDeleteScope) {
		nodes = append(nodes, compile.Node{Op: compile.Lookup, Path: f.Attr + "__" + schema.IsNull, Value: true})
	}
	for _, scope := range m.Scopes {
		if isLifted(scope.Name) {
			continue
		}
		where, err := scope.Where(ctx)
		if err != nil {
			return nil, fmt.Errorf("orm: the default scope %q of %s: %w", scope.Name, m, err)
		}
		node, ok := where.(compile.Node)
		if !ok {
			return nil, fmt.Errorf("orm: the default scope %q of %s returned a %T; make scopes with orm.DefaultScope", scope.Name, m, where)
		}
		nodes = append(nodes, node)
	}
	return nodes, nil
}

type tenantKey struct{}

// allTenants is the tenant of contexts that see every tenant.
type allTenants struct{}

// WithTenant returns a context whose queries and writes are those of one tenant, given by its key.
func WithTenant(ctx context.Context, key any) context.Context {
	return context.WithValue(ctx, tenantKey{}, key)
}

// WithAllTenants returns a context whose queries and writes are not limited to a tenant.
func WithAllTenants(ctx context.Context) context.Context { return WithTenant(ctx, allTenants{}) }

// Tenant returns the key of the context's tenant, or all for a context that is not limited to one. It returns an error
// if the context has neither.
func Tenant(ctx context.Context, m *schema.Model) (key any, all bool, err error) {
	key = ctx.Value(tenantKey{})
	if _, all = key.(allTenants); all {
		return nil, true, nil
	}
	if key == nil {
		return nil, false, fmt.Errorf("orm: the rows of %s belong to tenants, and the context has none; "+
			"use a context of tenant.With or tenant.WithAll", m)
	}
	return key, false, nil
}
