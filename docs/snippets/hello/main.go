// Command hello is Quintet as a micro-framework: one file, no database, no scaffold.
package main

import (
	"log"
	"net/http"

	"github.com/quintetgo/quintet/framework/web"
)

func main() {
	r := web.NewRouter()
	r.Get("/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, "Hello") })
	log.Fatal(http.ListenAndServe("127.0.0.1:8000", r))
}
