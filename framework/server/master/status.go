//go:build unix

package master

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"
)

// Status is the state of a master.
type Status struct {
	PID        int            `json:"pid"`
	Bind       []string       `json:"bind"`
	Began      time.Time      `json:"began"`
	Workers    int            `json:"workers"` // wanted number of workers
	Generation int            `json:"generation"`
	Reloading  bool           `json:"reloading"`           // a reload is in progress, or about to begin
	Stopping   bool           `json:"stopping,omitempty"`  // the server is stopping
	Failure    string         `json:"failure,omitempty"`   // why the last reload failed
	Restarts   int            `json:"restarts"`            // workers that died and were replaced
	Death      string         `json:"death,omitempty"`     // how the last of them died
	NextStart  time.Time      `json:"next_start,omitzero"` // when a missing worker is started; zero means at once
	Processes  []WorkerStatus `json:"processes"`
}

// WorkerStatus is the state of a worker as its master sees it.
type WorkerStatus struct {
	PID        int       `json:"pid"`
	Generation int       `json:"generation"`
	Stage      string    `json:"stage"` // starting, ready or draining
	Started    time.Time `json:"started"`
	Requests   *uint64   `json:"requests,omitempty"` // number of requests; nil means that the worker does not count
	Memory     uint64    `json:"memory,omitempty"`   // resident memory in bytes; 0 means unknown
}

// PIDs returns the process IDs of the serving workers.
func (s Status) PIDs() []int {
	var out []int
	for _, p := range s.Processes {
		if p.Stage == string(ready) {
			out = append(out, p.PID)
		}
	}
	return out
}

// status returns the current status.
func (m *master) status() Status {
	s := Status{
		PID: os.Getpid(), Bind: m.config.Bind, Began: m.began, Workers: m.config.Workers, Generation: m.current.number,
		Reloading: m.next != nil || m.again, Stopping: m.stopping, Failure: m.failure, Restarts: m.restarts, Death: m.death,
	}
	if _, staying, booting := m.count(m.current); staying+booting < m.current.want && !m.backoff.allows() && !m.stopping {
		s.NextStart = m.backoff.next()
	}
	for _, p := range m.processes {
		w := WorkerStatus{PID: p.pid, Generation: p.generation.number, Stage: string(p.stage), Started: p.started, Memory: resident(p.pid)}
		if p.metrics.Requests != nil {
			w.Requests = new(uint64)
			for _, row := range p.metrics.Requests {
				for _, n := range row {
					*w.Requests += n
				}
			}
		}
		s.Processes = append(s.Processes, w)
	}
	slices.SortFunc(s.Processes, func(a, b WorkerStatus) int { return a.PID - b.PID })
	return s
}

// resident returns the resident memory of a process in bytes, or 0 if it is unknown.
func resident(pid int) uint64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseUint(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}
