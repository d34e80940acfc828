// Command target is the project with which Quintet's server is tested: the meters of docs/examples, with views that
// work, wait, send much or fail, and builds that are faulty on purpose:
//
//	go build -ldflags "-X main.fault=panic" ./docs/reliability/target
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"

	"github.com/quintetgo/quintet/docs/examples/meters/readings"
)

// fault is the fault of this build: "panic", "check" or "never". Version distinguishes builds.
var fault, version string

func main() { framework.Main(open) }

func open() (*framework.Project, error) {
	if fault == "panic" {
		panic("this build is faulty")
	}
	var s framework.Settings
	if err := framework.LoadSettings(&s); err != nil {
		return nil, err
	}
	db, err := orm.Open(s.DatabaseURL, sqlite.Driver)
	if err != nil {
		return nil, err
	}
	s.Routes = func(r *web.Router) {
		r.Include("/readings/", "readings")
		r.Include("/trial/", "trial")
	}
	return framework.New(s, migrate.New(db), readings.App{DB: db}, trial{}), nil
}

// trial is the app with the tested views.
type trial struct{}

func (trial) Name() string { return "trial" }

// Checks fails in the build with the fault "check".
func (trial) Checks(context.Context) []check.Problem {
	if fault == "check" {
		return []check.Problem{{ID: "trial.E001", Level: check.Error, Message: "this build has a failing check"}}
	}
	return nil
}

// Start does not return in the build with the fault "never".
func (trial) Start(context.Context) error {
	if fault == "never" {
		time.Sleep(time.Hour)
	}
	return nil
}

func (t trial) Routes(r *web.Router) {
	r.Get("/", func(w http.ResponseWriter, _ *http.Request) error { return web.Text(w, "ok\n") }).Name("ok")
	r.Post("/", t.ok).Name("post")
	r.Get("/version/", func(w http.ResponseWriter, _ *http.Request) error { return web.Text(w, version) }).Name("version")
	r.Get("/wait/{ms}/", t.wait).Name("wait")
	r.Get("/ignore/{ms}/", t.ignore).Name("ignore")
	r.Get("/compute/{n}/", t.compute).Name("compute")
	r.Get("/large/", t.large).Name("large")
	r.Get("/crash/", func(http.ResponseWriter, *http.Request) error { os.Exit(7); return nil }).Name("crash")
	r.Get("/stacks/", func(w http.ResponseWriter, _ *http.Request) error { return pprof.Lookup("goroutine").WriteTo(w, 1) }).Name("stacks")
	r.Get("/goroutines/", func(w http.ResponseWriter, _ *http.Request) error {
		return web.Text(w, strconv.Itoa(runtime.NumGoroutine()))
	}).Name("goroutines")
}

// ok reads the body, or responds with an error.
func (trial) ok(w http.ResponseWriter, r *http.Request) error {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return web.BadRequest("the body cannot be read")
	}
	return web.Text(w, "ok\n")
}

// wait observes the end of the request.
func (trial) wait(w http.ResponseWriter, r *http.Request) error {
	ms, err := strconv.Atoi(web.Param(r, "ms"))
	if err != nil {
		return web.NotFound("")
	}
	select {
	case <-r.Context().Done():
		return r.Context().Err()
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return web.Text(w, "waited\n")
	}
}

// ignore does not observe it.
func (trial) ignore(w http.ResponseWriter, r *http.Request) error {
	ms, err := strconv.Atoi(web.Param(r, "ms"))
	if err != nil {
		return web.NotFound("")
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return web.Text(w, "slept\n")
}

// compute uses a processor for about n milliseconds.
func (trial) compute(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(web.Param(r, "n"))
	if err != nil {
		return web.NotFound("")
	}
	block, sum := make([]byte, 64), [32]byte{}
	for range n * 5000 {
		copy(block, sum[:])
		sum = sha256.Sum256(block)
	}
	return web.Text(w, fmt.Sprintf("%x\n", sum))
}

var piece = bytes.Repeat([]byte("x"), 1<<20)

// large sends 32 MiB.
func (trial) large(w http.ResponseWriter, _ *http.Request) error {
	for range 32 {
		if _, err := w.Write(piece); err != nil {
			return nil // the client disconnected
		}
	}
	return nil
}

var (
	_ framework.RoutesApp = trial{}
	_ framework.ChecksApp = trial{}
	_ framework.StartApp  = trial{}
)
