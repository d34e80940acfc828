package shops_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/quintetgo/quintet/docs/snippets/shops"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/tenant"
)

func TestByHost(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, shops.App{})
	for _, problem := range db.Check() {
		t.Error(problem)
	}
	for _, name := range []string{"North", "South"} {
		shop := &shops.Shop{Name: name}
		if err := db.Create(t.Context(), shop); err != nil {
			t.Fatal(err)
		}
		if err := db.Create(tenant.With(t.Context(), shop), &shops.Product{Name: name + "'s product"}); err != nil {
			t.Fatal(err)
		}
	}
	router := web.NewRouter()
	router.Get("/", func(w http.ResponseWriter, r *http.Request) error {
		product, err := orm.From(db, shops.Products).Get(r.Context())
		if err != nil {
			return err
		}
		return web.Text(w, product.Name)
	})
	handler := (&web.Site{Router: router, Middleware: []web.Middleware{shops.ByHost(db)}}).Handler()
	for host, want := range map[string]int{"north.example.com": 200, "SOUTH.example.com": 200, "west.example.com": 404} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", "http://"+host+"/", nil))
		if w.Code != want {
			t.Errorf("%s: status %d, want %d: %s", host, w.Code, want, w.Body)
		}
	}
}
