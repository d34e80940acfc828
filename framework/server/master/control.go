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

// desk takes commands from the control socket and has the loop answer them.
type desk struct {
	listener *net.UnixListener
	asked    chan request
	paused   chan struct{} // told by the one who accepts
	resume   chan struct{} // told to it
	busy     atomic.Int64  // conversations
	done     chan struct{} // closed when nobody answers any more
}

// request is a command that came over the control socket.
type request struct {
	command string
	answer  chan reply
}

type reply struct {
	Status Status `json:"status"`
	Error  string `json:"error,omitempty"`
	Again  bool   `json:"again,omitempty"` // ask again: the master is becoming another program
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
		return reply{Error: fmt.Sprintf("unknown command %q; there are status, reload, upgrade and stop", command)}
	}
	return reply{Status: m.account()}
}

// serveControl answers on the control socket, which only this user may open.
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
	m.desk.listener = listener.(*net.UnixListener)
	go m.desk.accept()
	go func() {
		<-m.done
		_ = listener.Close()
	}()
	return nil
}

// guarded returns an error if any user of the machine could put a socket of their own in the place of one
// in the directory, and receive the commands of its owner. That there is none is found by listening.
func guarded(directory string) error {
	info, err := os.Stat(directory)
	if err == nil && info.IsDir() && info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return fmt.Errorf("every user may write in the directory %s, and replace it; choose another one, or take that right away (chmod o-w)", directory)
	}
	return nil
}

func (d *desk) accept() {
	for {
		conn, err := d.listener.Accept()
		switch {
		case err == nil:
			d.busy.Add(1)
			go d.converse(conn)
		case errors.Is(err, net.ErrClosed):
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			select {
			case d.paused <- struct{}{}:
				<-d.resume
			case <-d.resume:
			}
			_ = d.listener.SetDeadline(time.Time{})
		default:
			time.Sleep(tick) // too many open files, which passes
		}
	}
}

func (d *desk) converse(conn net.Conn) {
	defer d.busy.Add(-1)
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	line, err := bufio.NewReader(io.LimitReader(conn, 1024)).ReadString('\n')
	if err != nil {
		return
	}
	r := request{command: strings.TrimSuffix(line, "\n"), answer: make(chan reply, 1)}
	select {
	case d.asked <- r:
		_ = json.NewEncoder(conn).Encode(<-r.answer)
	case <-d.done:
	}
}

// pause has commands wait in the kernel for the program that this one becomes. The loop calls it.
func (d *desk) pause() {
	if d.listener == nil {
		return
	}
	_ = d.listener.SetDeadline(time.Now())
	limit := time.Now().Add(2 * tick) // for a client that says nothing
	for paused := false; (!paused || d.busy.Load() > 0) && time.Now().Before(limit); {
		select {
		case <-d.paused:
			paused = true
		case r := <-d.asked:
			r.answer <- reply{Again: true}
		case <-time.After(time.Millisecond):
		}
	}
}

// unpause is for a master that could not become another program.
func (d *desk) unpause() {
	if d.listener != nil {
		d.resume <- struct{}{}
	}
}

// Control sends a command (status, reload, upgrade or stop) to the master behind a control socket
// and returns its status just after.
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
		return reply{}, fmt.Errorf("no server answers at %s; is it running, with the same --control?", path)
	}
	if err != nil {
		return reply{}, fmt.Errorf("reach the server at %s: %w", path, err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if _, err := fmt.Fprintln(conn, command); err != nil {
		return reply{}, fmt.Errorf("ask the server at %s: %w", path, err)
	}
	var r reply
	if err := json.NewDecoder(conn).Decode(&r); err != nil {
		return reply{}, fmt.Errorf("hear from the server at %s: %w", path, err)
	}
	return r, nil
}
