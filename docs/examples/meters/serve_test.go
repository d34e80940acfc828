//go:build unix

package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/sqlite"

	"github.com/quintetgo/quintet/docs/examples/meters/readings"
)

// serve builds this program and runs it as in production, on a database that the test can look into.
func serve(t *testing.T) (server *servertest.Process, address string, db *orm.DB) {
	t.Helper()
	dir := t.TempDir()
	url := "sqlite:///" + filepath.Join(dir, "db.sqlite3")
	db, err := orm.Open(url, sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ormtest.Migrate(t, project(framework.Settings{}, db))
	program := filepath.Join(dir, "meters")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	address = "unix:" + filepath.Join(dir, "s")
	server, err = servertest.Program{
		Path: program, Args: []string{"serve", "--bind", address, "--workers", "2"}, Await: address,
		Env: []string{"DATABASE_URL=" + url, "SECRET_KEY=" + rand.Text() + rand.Text(), "ALLOWED_HOSTS=localhost"},
	}.Start(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(3 * time.Minute); err != nil {
			t.Errorf("%v\n%s", err, server.Output())
		}
	})
	return server, address, db
}

// post makes a reading with an id that no other has.
func post(id string) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, "http://localhost/readings/", strings.NewReader("id="+id))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, err
}

func TestReloadsLoseNoReading(t *testing.T) {
	t.Parallel()
	server, address, db := serve(t)
	go func() {
		for range 3 {
			time.Sleep(700 * time.Millisecond)
			_ = server.Signal(syscall.SIGHUP)
		}
	}()
	load := servertest.Load{Dial: servertest.Dialer(address), Request: post, Rate: 100, Duration: 3 * time.Second}
	report, err := load.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var stored []string
	for reading, err := range orm.From(db, readings.Readings).Iter(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, reading.Key)
	}
	if len(report.Failures) > 0 || len(report.Lost(stored)) > 0 || len(report.Doubled(stored)) > 0 {
		t.Errorf("lost %v, doubled %v; %s\n%s", report.Lost(stored), report.Doubled(stored), report, server.Output())
	}
}
