package shops

import (
	"net/http"
	"strings"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/tenant"
)

// ByHost limits each request to the shop that its host name begins with, such as north.example.com.
func ByHost(db *orm.DB) web.Middleware {
	return func(next http.Handler) http.Handler {
		return web.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
			name, _, _ := strings.Cut(r.Host, ".")
			shop, err := orm.From(db, Shops).Filter(Shops.Name.IEq(name)).Get(r.Context())
			if err != nil {
				return err // no such shop: 404
			}
			next.ServeHTTP(w, r.WithContext(tenant.With(r.Context(), shop)))
			return nil
		})
	}
}
