//go:build unix

package master

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// controlServer receives commands from the control socket and passes them to the loop.
type controlServer struct {
	listener *net.UnixListener
	requests chan request
	paused   chan struct{} // sent by the accepting goroutine
	resume   chan struct{} // sent to it
	active   atomic.Int64  // open connections
	done     chan struct{} // closed when commands are no longer handled
}

func newControlServer(done chan struct{}) controlServer {
	return controlServer{requests: make(chan request), paused: make(chan struct{}), resume: make(chan struct{}), done: done}
}

// request is a command received on the control socket.
type request struct {
	command string
	answer  chan reply
}

type reply struct {
	Status Status `json:"status"`
	Error  string `json:"error,omitempty"`
	Again  bool   `json:"again,omitempty"` // retry: the master is executing another program
}

func (m *master) answer(command string) reply {
	if m.stopping && (command == "reload" || command == "upgrade") {
		return reply{Error: "the server is stopping"}
	}
	switch command {
	case "status":
	case "reload":
		m.reload(false)
	case "upgrade":
		m.reload(true)
	case "stop":
		m.stop(syscall.SIGTERM)
	default:
		return reply{Error: fmt.Sprintf("unknown command %q; the commands are status, reload, upgrade and stop", command)}
	}
	return reply{Status: m.status()}
}

// serveControl serves the control socket, which only this user may open.
func (m *master) serveControl() error {
	if m.config.Control == "" {
		return nil
	}
	if m.control == nil {
		if err := guarded(filepath.Dir(m.config.Control)); err != nil {
			return fmt.Errorf("control socket %s: %w", m.config.Control, err)
		}
		opened, err := listen("unix:"+m.config.Control+"?mode=0600", 0)
		if err != nil {
			return fmt.Errorf("control socket: %w", err)
		}
		m.control = &opened[0]
	}
	listener, err := m.control.listener()
	if err != nil {
		return fmt.Errorf("control socket: %w", err)
	}
	m.controlServer.listener = listener.(*net.UnixListener)
	go m.controlServer.accept()
	go func() {
		<-m.done
		_ = listener.Close()
	}()
	return nil
}

// guarded returns an error if other users of the machine could replace a socket in the directory, and receive the
// commands of its owner. Whether the directory exists is checked by listening.
func guarded(directory string) error {
	info, err := os.Stat(directory)
	if err == nil && info.IsDir() && info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return fmt.Errorf("every user may write in the directory %s and replace the socket; "+
			"choose another directory, or remove that permission (chmod o-w)", directory)
	}
	return nil
}

func (c *controlServer) accept() {
	for {
		conn, err := c.listener.Accept()
		switch {
		case err == nil:
			c.active.Add(1)
			go c.converse(conn)
		case errors.Is(err, net.ErrClosed):
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			select {
			case c.paused <- struct{}{}:
				<-c.resume
			case <-c.resume:
			}
			_ = c.listener.SetDeadline(time.Time{})
		default:
			time.Sleep(tick) // too many open files, which is temporary
		}
	}
}

func (c *controlServer) converse(conn net.Conn) {
	defer c.active.Add(-1)
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	line, err := bufio.NewReader(io.LimitReader(conn, 1024)).ReadString('\n')
	if err != nil {
		return
	}
	r := request{command: strings.TrimSuffix(line, "\n"), answer: make(chan reply, 1)}
	select {
	case c.requests <- r:
		_ = json.NewEncoder(conn).Encode(<-r.answer)
	case <-c.done:
	}
}

// pause makes commands wait in the kernel for the program that this one executes. The loop calls it.
func (c *controlServer) pause() {
	if c.listener == nil {
		return
	}
	_ = c.listener.SetDeadline(time.Now())
	limit := time.Now().Add(2 * tick) // for a client that sends nothing
	for paused := false; (!paused || c.active.Load() > 0) && time.Now().Before(limit); {
		select {
		case <-c.paused:
			paused = true
		case r := <-c.requests:
			r.answer <- reply{Again: true}
		case <-time.After(time.Millisecond):
		}
	}
}

// unpause is called if the other program could not be executed.
func (c *controlServer) unpause() {
	if c.listener != nil {
		c.resume <- struct{}{}
	}
}

// Control sends a command (status, reload, upgrade or stop) to the master behind a control socket and returns its
// status right after. It returns an error if no master listens there, or if the command is refused.
func Control(ctx context.Context, path, command string) (Status, error) {
	for {
		r, err := ask(ctx, path, command)
		if err != nil {
			return Status{}, err
		}
		if r.Error != "" {
			return Status{}, errors.New(r.Error)
		}
		if !r.Again {
			return r.Status, nil
		}
	}
}

func ask(ctx context.Context, path, command string) (reply, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return reply{}, fmt.Errorf("no server listens at %s; is it running, with the same --control?", path)
	}
	if err != nil {
		return reply{}, fmt.Errorf("connect to the server at %s: %w", path, err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if _, err := fmt.Fprintln(conn, command); err != nil {
		return reply{}, fmt.Errorf("send a command to the server at %s: %w", path, err)
	}
	var r reply
	if err := json.NewDecoder(conn).Decode(&r); err != nil {
		return reply{}, fmt.Errorf("read the response of the server at %s: %w", path, err)
	}
	return r, nil
}
