//go:build unix

package master

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// state is what a master hands to the program that it becomes.
type state struct {
	Sockets []struct {
		Bind string `json:"bind"`
		Path string `json:"path"`
		FD   int    `json:"fd"`
	} `json:"sockets"`
	Workers []struct {
		process
		StatusFD   int `json:"status_fd"`
		LifelineFD int `json:"lifeline_fd"`
	} `json:"workers"`
	Current  int       `json:"current"`
	Count    int       `json:"count"`
	Began    time.Time `json:"began"`
	Restarts int       `json:"restarts"`
	Reloads  int       `json:"reloads"`
	Failed   int       `json:"failed"`

	Gone metrics.Counters `json:"gone"`
}

// become replaces this process by the program on disk, which serves already: its workers have just
// taken over. Process id, sockets and workers stay. It returns only if that failed.
func (m *master) become() error {
	var s state
	s.Current, s.Count, s.Began, s.Restarts = m.current, m.config.Workers, m.began, m.restarts
	s.Reloads, s.Failed, s.Gone = m.reloads, m.failed, m.gone
	keep := func(file *os.File) (int, error) { return syscall.Dup(int(file.Fd())) }
	for _, socket := range m.sockets {
		fd, err := syscall.Dup(socket.fd) // a copy is not closed on exec
		if err != nil {
			return err
		}
		s.Sockets = append(s.Sockets, struct {
			Bind string `json:"bind"`
			Path string `json:"path"`
			FD   int    `json:"fd"`
		}{socket.bind, socket.path, fd})
	}
	for _, p := range m.processes {
		status, err := keep(p.status)
		if err != nil {
			return err
		}
		lifeline, err := keep(p.lifeline)
		if err != nil {
			return err
		}
		s.Workers = append(s.Workers, struct {
			process
			StatusFD   int `json:"status_fd"`
			LifelineFD int `json:"lifeline_fd"`
		}{process{PID: p.PID, Generation: p.Generation, Stage: p.Stage, Started: p.Started}, status, lifeline})
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	var env []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, envState+"=") {
			env = append(env, pair)
		}
	}
	m.config.Logger.Info("becoming the program on disk", "program", m.config.Program)
	return syscall.Exec(m.config.Program, m.config.Args, append(env, envState+"="+string(text)))
}

// adopt takes over from the master that this process was, and reports whether there was one.
func (m *master) adopt() (bool, error) {
	text := os.Getenv(envState)
	if text == "" {
		return false, nil
	}
	_ = os.Unsetenv(envState)
	var s state
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return false, fmt.Errorf("read the state of the old master: %w", err)
	}
	for _, old := range s.Sockets {
		syscall.CloseOnExec(old.FD)
		m.sockets = append(m.sockets, socket{bind: old.Bind, path: old.Path, fd: old.FD})
	}
	for _, old := range s.Workers {
		handle, err := os.FindProcess(old.PID)
		if err != nil {
			return false, fmt.Errorf("find worker %d: %w", old.PID, err)
		}
		syscall.CloseOnExec(old.StatusFD)
		syscall.CloseOnExec(old.LifelineFD)
		// The pipe has to be pollable, or reading it would hold a thread.
		_ = syscall.SetNonblock(old.StatusFD, true)
		now := time.Now()
		p := &process{
			PID: old.PID, Generation: old.Generation, Stage: old.Stage, Started: old.Started, Beat: now, handle: handle,
			status: os.NewFile(uintptr(old.StatusFD), "status pipe"), lifeline: os.NewFile(uintptr(old.LifelineFD), "lifeline"),
			deadline: now.Add(m.config.GracefulTimeout),
		}
		m.processes[p.PID] = p
		m.watch(p)
	}
	m.current, m.config.Workers, m.began, m.restarts, m.served = s.Current, s.Count, s.Began, s.Restarts, true
	m.reloads, m.failed, m.gone = s.Reloads, s.Failed, s.Gone
	m.config.Logger.Info("the new master took over", "workers", len(m.processes))
	m.notify.say("READY=1\nSTATUS=serving")
	return true, nil
}
