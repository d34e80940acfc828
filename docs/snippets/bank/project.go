package bank

import (
	"net/http"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/requests"
)

// project wires a transaction around each request.
func project(s framework.Settings, db *orm.DB) *framework.Project {
	s.Middleware = []web.Middleware{requests.Atomic(db)}
	s.Routes = func(r *web.Router) { r.Include("/bank/", "bank") }
	return framework.New(s, migrate.New(db), App{DB: db})
}

// Routes are the routes of the app.
func (a App) Routes(r *web.Router) {
	r.Post("/{id:int}/withdraw/", a.withdraw).Name("withdraw")
	r.With(requests.NonAtomic).Post("/import/", a.load).Name("import")
}

func (a App) withdraw(w http.ResponseWriter, r *http.Request) error {
	id, err := web.ParamInt(r, "id")
	if err != nil {
		return err
	}
	if err := Withdraw(r.Context(), a.DB, id, 500); err != nil {
		return err // the transaction of the request is rolled back
	}
	return web.Text(w, "done")
}

// load opens an account for each line; those before a failure stay.
func (a App) load(w http.ResponseWriter, r *http.Request) error {
	for _, owner := range r.URL.Query()["owner"] {
		if err := a.DB.Create(r.Context(), &Account{Owner: owner}); err != nil {
			return err
		}
	}
	return web.Text(w, "done")
}
