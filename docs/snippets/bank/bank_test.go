package bank

import (
	"net/http"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, App{})
	account := &Account{Owner: "Ada", Balance: 700}
	if err := db.Create(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	client := webtest.New(t, project(framework.Settings{Debug: true}, db))
	for _, want := range []int{http.StatusOK, http.StatusConflict} {
		client.Post("/bank/1/withdraw/", nil).WantStatus(t, want)
	}
	client.Post("/bank/import/?owner=Bob&owner=Ada", nil).WantStatus(t, http.StatusConflict)
	accounts, err := orm.From(db, Accounts).All(t.Context())
	if err != nil || len(accounts) != 2 || accounts[0].Balance != 200 {
		t.Errorf("got %v, %v; want Ada with 200, and Bob", accounts, err)
	}
}
