package store

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// checkTenant sets the tenant of a new object that has none to that of the context. It returns an error for an object of
// another tenant.
func (w write) checkTenant(ctx context.Context, obj any, create bool) error {
	f := w.plan.model.Tenant
	if f == nil {
		return nil
	}
	key, all, err := session.Tenant(ctx, w.plan.model)
	if err != nil || all {
		return err
	}
	if f.Relation != nil {
		key = f.Relation.KeyOf(key)
	}
	if create && f.IsZero(obj) {
		return f.Set(obj, key)
	}
	converted, err := f.Convert(key)
	if err != nil {
		return fmt.Errorf("orm: the tenant in the context does not fit %s: %w", f, err)
	}
	if !f.Equal(f.Value(obj), converted) {
		return &fault.TenantError{Model: w.plan.model.String(), Object: schema.Indirect(f.Value(obj)), Tenant: key}
	}
	return nil
}

// checkTenantIn returns an error unless the fields by which rows are found include the tenant, so that rows of other
// tenants are not overwritten.
func (w write) checkTenantIn(ctx context.Context, fields []*schema.Field) error {
	f := w.plan.model.Tenant
	if f == nil || contains(fields, f) {
		return nil
	}
	if _, all, err := session.Tenant(ctx, w.plan.model); err != nil || all {
		return err
	}
	return fmt.Errorf("orm: %s of %s could overwrite a row of another tenant: find rows by a unique constraint that includes %q",
		w.method, w.plan.model, f.Name)
}
