//go:build unix

package master

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server"
)

// Status is a master's account of itself.
type Status struct {
	PID        int       `json:"pid"`
	Bind       []string  `json:"bind"`
	Began      time.Time `json:"began"`
	Workers    int       `json:"workers"` // how many there should be
	Generation int       `json:"generation"`
	Reloading  bool      `json:"reloading"`
	Failure    string    `json:"failure,omitempty"` // why the last reload was given up
	Restarts   int       `json:"restarts"`          // workers that died and were replaced
	Processes  []process `json:"processes"`
}

// PIDs returns the process ids of the workers that serve.
func (s Status) PIDs() []int {
	var out []int
	for _, p := range s.Processes {
		if p.Stage == ready {
			out = append(out, p.PID)
		}
	}
	return out
}

// request is a command that came over the control socket.
type request struct {
	command string
	answer  chan reply
}

type reply struct {
	Status Status `json:"status"`
	Error  string `json:"error,omitempty"`
}

func (m *master) answer(command string) reply {
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
	s := Status{
		PID: os.Getpid(), Bind: m.config.Bind, Began: m.began, Workers: m.config.Workers, Generation: m.current,
		Reloading: m.next != 0, Failure: m.failure, Restarts: m.restarts,
	}
	for _, p := range m.processes {
		s.Processes = append(s.Processes, process{PID: p.PID, Generation: p.Generation, Stage: p.Stage, Started: p.Started})
	}
	slices.SortFunc(s.Processes, func(a, b process) int { return a.PID - b.PID })
	return reply{Status: s}
}

// serveControl answers on the control socket, which only this user may open.
func (m *master) serveControl(ctx context.Context) (stop func(), err error) {
	if m.config.Control == "" {
		return func() {}, nil
	}
	bind := server.Bind{Network: "unix", Address: m.config.Control, Mode: 0o600}
	listener, err := bind.Listen()
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go m.control(ctx, conn)
		}
	}()
	return func() { _ = listener.Close() }, nil
}

func (m *master) control(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return
	}
	r := request{command: line[:len(line)-1], answer: make(chan reply, 1)}
	select {
	case m.asked <- r:
		_ = json.NewEncoder(conn).Encode(<-r.answer)
	case <-ctx.Done():
	}
}

// Control sends a command (status, reload, upgrade or stop) to the master behind a control socket
// and returns its status just after.
func Control(ctx context.Context, path, command string) (Status, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return Status{}, fmt.Errorf("no server answers at %s; is it running, with the same --control?", path)
	}
	if err != nil {
		return Status{}, fmt.Errorf("reach the server at %s: %w", path, err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if _, err := fmt.Fprintln(conn, command); err != nil {
		return Status{}, fmt.Errorf("ask the server at %s: %w", path, err)
	}
	var r reply
	if err := json.NewDecoder(conn).Decode(&r); err != nil {
		return Status{}, fmt.Errorf("hear from the server at %s: %w", path, err)
	}
	if r.Error != "" {
		return Status{}, errors.New(r.Error)
	}
	return r.Status, nil
}
