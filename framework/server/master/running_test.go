//go:build unix

package master_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/master"
)

func (r *running) mode(t *testing.T, mode string) {
	t.Helper()
	writeFile(t, filepath.Join(r.dir, "mode"), mode)
}

// program replaces the program by a rename, as deployments do.
func (r *running) program(t *testing.T, write func(path string) error) {
	t.Helper()
	path := filepath.Join(r.dir, "program")
	if err := write(path + ".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func (r *running) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// ends waits for the end of the master.
func (r *running) ends(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.done:
		r.done <- err
		return err
	case <-time.After(patience):
		t.Fatal("the master goes on")
		return nil
	}
}

func (r *running) client() *http.Client { return r.dial("http.sock") }

func (r *running) dial(socket string) *http.Client {
	return &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 4, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(r.dir, socket))
	}}}
}

// get sends a request on a new connection.
func (r *running) get(path string) (string, error) {
	client := r.client()
	defer client.CloseIdleConnections()
	return get(client, path)
}

func get(client *http.Client, path string) (string, error) {
	response, err := client.Get("http://master" + path)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

func (r *running) control(t *testing.T, command string) (master.Status, error) {
	t.Helper()
	return master.Control(t.Context(), filepath.Join(r.dir, "control.sock"), command)
}

func (r *running) status(t *testing.T) master.Status {
	t.Helper()
	status, err := r.control(t, "status")
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// whole waits until there are exactly so many workers, all of one generation.
func (r *running) whole(t *testing.T, workers, generation int) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d workers of generation %d, and no other", workers, generation), func() bool {
		s, err := r.control(t, "status")
		if err != nil || s.Reloading || s.Generation != generation || len(s.Processes) != workers || len(s.PIDs()) != workers {
			return false
		}
		return !slices.ContainsFunc(s.Processes, func(p master.WorkerStatus) bool { return p.Generation != generation })
	})
}

// eventually waits until fn returns true.
func eventually(t *testing.T, what string, fn func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !fn(); {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (r *running) serves(t *testing.T) {
	t.Helper()
	eventually(t, "the server answers", func() bool {
		_, err := r.get("/")
		return err == nil
	})
}

// accepting waits until only the newest build responds; an old worker may handle one more request.
func (r *running) accepting(t *testing.T, mode string) {
	t.Helper()
	eventually(t, mode+" answers", func() bool {
		body, err := r.get("/")
		return err == nil && strings.HasSuffix(body, mode)
	})
}

// load posts continuously, from clients with kept and with new connections, until stopped; every request must get a
// response.
func (r *running) load(t *testing.T) (stop func()) {
	t.Helper()
	var done, answered, failed atomic.Int64
	var clients sync.WaitGroup
	for i := range 6 {
		clients.Go(func() {
			client := r.client()
			client.Transport.(*http.Transport).DisableKeepAlives = i%3 == 0
			defer client.CloseIdleConnections()
			for done.Load() == 0 {
				response, err := client.Post("http://master/", "text/plain", strings.NewReader("x"))
				if err == nil {
					_, err = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
				if err != nil {
					failed.Add(1)
					t.Log(err)
					continue
				}
				answered.Add(1)
			}
		})
	}
	return func() {
		t.Helper()
		done.Store(1)
		clients.Wait()
		if failed.Load() != 0 || answered.Load() == 0 {
			t.Errorf("%d answered, %d failed", answered.Load(), failed.Load())
		}
	}
}

// turns lets the master's loop run, so that requested changes have happened.
func (r *running) turns(t *testing.T) {
	t.Helper()
	for range 20 {
		r.status(t)
	}
}

// matures waits until no worker is young: young ones are replaced more slowly.
func (r *running) matures(t *testing.T) {
	t.Helper()
	eventually(t, "the workers are not young any more", func() bool {
		s := r.status(t)
		return !slices.ContainsFunc(s.Processes, func(p master.WorkerStatus) bool {
			return time.Since(p.Started) < max(2*time.Second, time.Duration(s.Workers)*time.Second)
		})
	})
}

// arrives waits until a request for /slow is handled. Its response is sent after release.
func (r *running) arrives(t *testing.T) {
	t.Helper()
	eventually(t, "the request arrives", func() bool {
		_, err := os.Stat(filepath.Join(r.dir, "arrived"))
		return err == nil
	})
}

// release releases workers in the mode "held", and requests for /slow.
func (r *running) release(t *testing.T) {
	t.Helper()
	writeFile(t, filepath.Join(r.dir, "release"), "")
}

// hold makes the next ones wait again.
func (r *running) hold(t *testing.T) {
	t.Helper()
	if err := os.Remove(filepath.Join(r.dir, "release")); err != nil {
		t.Fatal(err)
	}
}

// alive reports whether a process runs; it is false for one that has ended and waits to be collected.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}
