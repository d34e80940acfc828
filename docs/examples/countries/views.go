package main

import (
	"net/http"

	"github.com/quintetgo/quintet/framework/web"
)

// frontPage shows the front page.
func frontPage(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, "home.html", nil)
}
