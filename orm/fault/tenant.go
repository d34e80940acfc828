package fault

import (
	"fmt"
	"net/http"

	"github.com/quintetgo/quintet/framework/message"
)

// TenantError reports a write of an object that belongs to another tenant than the one in the context. Its HTTP status is 404,
// so that a response does not tell a visitor of one tenant what others have.
type TenantError struct {
	Model  string // such as "shop.Product"
	Object any    // the key of the object's tenant
	Tenant any    // the key of the tenant in the context
}

// Error returns a text with both tenants.
func (e *TenantError) Error() string {
	return fmt.Sprintf("orm: this %s belongs to the tenant %v, and the context to the tenant %v", e.Model, e.Object, e.Tenant)
}

// HTTPStatus returns 404.
func (e *TenantError) HTTPStatus() int { return http.StatusNotFound }

// PublicMessage returns a user-facing message, for error pages.
func (e *TenantError) PublicMessage() message.Message {
	return message.New("not_found", "There is no such page.")
}
