package main

import (
	"net/http"

	"github.com/quintetgo/quintet/framework/web"
)

// home shows the front page.
func home(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, "home.html", nil)
}
