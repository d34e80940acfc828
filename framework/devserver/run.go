package devserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Run serves the project until ctx ends, which is not an error. The child has ended when Run returns. While the
// project does not compile, Run continues and shows the errors in the browser. It returns an error if the address
// cannot be listened on or there is no project.
func Run(ctx context.Context, o Options) error {
	o, err := o.withDefaults()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("another program listens on %s: stop it, or use another address, such as: runserver 8001", o.Addr)
		}
		return err
	}
	defer listener.Close()
	o.Addr = listener.Addr().String() // the port may have been 0
	dir, err := temporary()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if o.root, err = ModuleDir(o.Dir); err != nil {
		return err
	}
	s := newState()
	loop := &loop{options: o, state: s, dir: dir, changes: make(chan string, 64)}
	report := func(err error) { fmt.Fprintln(o.Err, err) }
	if err := watch(ctx, o.root, loop.changed, report); err != nil {
		report(err)
		report(errors.New("changes are not detected; restart to apply them"))
	}
	server := &http.Server{
		Handler: newFront(s, o), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Fprintf(o.Out, "Development server at http://%s/\n"+
		"It rebuilds the project when a file changes. Press Ctrl-C to stop it.\n", Public(o.Addr))

	done := make(chan struct{})
	go func() {
		defer close(done)
		loop.run(ctx)
	}()
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
		cancel()
	}
	<-done // the child has ended
	_ = server.Close()
	return err
}

// temporary creates a folder for the binary and the sockets, whose paths must be short.
func temporary() (string, error) {
	dir, err := os.MkdirTemp("", "quintet-")
	if err == nil && len(dir) > 80 && runtime.GOOS != "windows" {
		_ = os.Remove(dir)
		dir, err = os.MkdirTemp("/tmp", "quintet-")
	}
	return dir, err
}

// loop builds and restarts, in one goroutine.
type loop struct {
	options Options
	state   *state
	dir     string
	changes chan string
	child   *process
	starts  int
	built   string // the last successfully built binary, or ""
	flags   []string
}

// changed is called by the watcher. Requests wait from the first change on, so that they never see the old state
// after a save.
func (l *loop) changed(path string) {
	l.state.hold()
	select {
	case l.changes <- path:
	default: // the queue already has enough changes
	}
}

func (l *loop) run(ctx context.Context) {
	defer func() {
		if l.child != nil {
			l.child.stop(6*time.Second, 3*time.Second)
		}
	}()
	var gone <-chan struct{} // closed when the running child ends
	pending := []string{""}
	for {
		if pending != nil {
			pending = l.rebuild(ctx, pending)
			gone = nil
			if l.child != nil {
				gone = l.child.exited
			}
			if pending != nil {
				continue
			}
		}
		select {
		case <-ctx.Done():
			return
		case path := <-l.changes:
			pending = l.gather(ctx, []string{path})
		case <-gone:
			gone = nil
			fmt.Fprintln(l.options.Err, "The project's process ended; it starts again after the next change.")
			l.state.resolve(nil, l.child.failure("The project's process ended"))
			l.child = nil
		}
	}
}

// gather waits until no file has changed for the debounce time.
func (l *loop) gather(ctx context.Context, paths []string) []string {
	quiet := time.NewTimer(l.options.Debounce)
	defer quiet.Stop()
	for {
		select {
		case path := <-l.changes:
			paths = append(paths, path)
			quiet.Reset(l.options.Debounce)
		case <-quiet.C:
			return paths
		case <-ctx.Done():
			return paths
		}
	}
}

// rebuild builds and starts the project. A change in the meantime ends it early: then it returns the changed paths
// for the next call.
func (l *loop) rebuild(ctx context.Context, paths []string) (pending []string) {
	began := time.Now()
	l.starts++
	again := l.built != "" && !slices.ContainsFunc(paths, func(path string) bool { return !readsFromDisk(diskList(l.built), path) })
	switch {
	case paths[0] == "":
		fmt.Fprintln(l.options.Out, "Building …")
	case again:
		fmt.Fprintf(l.options.Out, "%s changed; restarting …\n", l.describe(paths))
	default:
		fmt.Fprintf(l.options.Out, "%s changed; building …\n", l.describe(paths))
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		child   *process
		failure *failure
	}
	finished := make(chan result, 1)
	old := l.child
	l.child = nil
	go func() {
		child, broken := l.attempt(ctx, old, again)
		finished <- result{child, broken}
	}()
	for {
		select {
		case path := <-l.changes:
			pending = append(pending, path)
			cancel()
		case r := <-finished:
			if pending != nil || ctx.Err() != nil {
				if r.child != nil {
					r.child.stop(2*time.Second, 2*time.Second)
				}
				if pending != nil {
					pending = l.gather(ctx, pending)
				}
				return pending
			}
			l.child = r.child
			if r.failure != nil {
				l.printFailure(r.failure)
			} else {
				fmt.Fprintf(l.options.Out, "Ready after %.1f s.\n", time.Since(began).Seconds())
			}
			l.state.resolve(r.child, r.failure)
			return nil
		}
	}
}

// attempt builds, unless only a restart is needed, while it stops the old child, and then starts the new one. If ctx ends, both
// results are nil.
func (l *loop) attempt(ctx context.Context, old *process, again bool) (*process, *failure) {
	stopped := make(chan struct{})
	go func() { // beside the build: requests wait for the new child anyway
		defer close(stopped)
		if old != nil {
			old.stop(500*time.Millisecond, 3*time.Second)
		}
	}()
	binary, broken, err := l.binary(ctx, again)
	<-stopped
	if old != nil {
		_ = os.RemoveAll(filepath.Dir(old.cmd.Path))
	}
	if broken != nil || err != nil {
		return nil, broken
	}
	child, err := start(l.options, binary)
	if err != nil {
		return nil, &failure{Title: "The project does not start", Output: err.Error(), compiler: true}
	}
	switch err := child.ready(ctx); {
	case err == nil:
		return child, nil
	case errors.Is(err, errExited):
		return nil, child.failure("The project does not start")
	default:
		child.stop(2*time.Second, 2*time.Second)
		return nil, nil
	}
}

// binary builds the project, or copies the last binary, into a folder for this start only, where the binary has the
// project's name, with which its messages begin.
func (l *loop) binary(ctx context.Context, again bool) (string, *failure, error) {
	dir := filepath.Join(l.dir, strconv.Itoa(l.starts))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", &failure{Title: "The project cannot be built", Output: err.Error(), compiler: true}, nil
	}
	binary := filepath.Join(dir, l.options.name())
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	last := l.built
	if last != "" {
		defer os.RemoveAll(filepath.Dir(last))
	}
	if l.built = binary; again && os.Rename(last, binary) == nil {
		return binary, nil, nil
	}
	if l.flags == nil {
		l.flags = BuildFlags(ctx, l.options.Dir, append(os.Environ(), l.options.Env...))
	}
	broken, err := build(ctx, l.options, l.flags, binary)
	if broken != nil || err != nil {
		l.built = ""
		_ = os.RemoveAll(dir)
	}
	return binary, broken, err
}

func (l *loop) describe(paths []string) string {
	name, err := filepath.Rel(l.options.Dir, paths[0])
	if err != nil {
		name = paths[0]
	}
	if more := len(paths) - 1; more > 0 && strings.Join(paths, "") != strings.Repeat(paths[0], len(paths)) {
		return name + " and others"
	}
	return name
}

// printFailure prints the failure of the page on the terminal; the output of the process is there already.
func (l *loop) printFailure(f *failure) {
	if f.compiler {
		fmt.Fprintln(l.options.Err, f.Output)
	}
	fmt.Fprintln(l.options.Err, f.Title+".")
}
