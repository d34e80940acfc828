//go:build unix

package master

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// Status is a master's account of itself.
type Status struct {
	PID        int            `json:"pid"`
	Bind       []string       `json:"bind"`
	Began      time.Time      `json:"began"`
	Workers    int            `json:"workers"` // how many there should be
	Generation int            `json:"generation"`
	Reloading  bool           `json:"reloading"`           // a reload is under way, or about to begin
	Stopping   bool           `json:"stopping,omitempty"`  // the server is about to end
	Failure    string         `json:"failure,omitempty"`   // why the last reload was given up
	Restarts   int            `json:"restarts"`            // workers that died and were replaced
	Death      string         `json:"death,omitempty"`     // how the last of them died
	NextStart  time.Time      `json:"next_start,omitzero"` // when one that is missing is started; zero means at once
	Processes  []WorkerStatus `json:"processes"`
}

// WorkerStatus is what a master knows of a worker.
type WorkerStatus struct {
	PID        int       `json:"pid"`
	Generation int       `json:"generation"`
	Stage      string    `json:"stage"` // starting, ready or draining
	Started    time.Time `json:"started"`
	Requests   *uint64   `json:"requests,omitempty"` // answered; nil means that the worker does not count
	Memory     uint64    `json:"memory,omitempty"`   // resident, in bytes; 0 means unknown
}

// PIDs returns the process ids of the workers that serve.
func (s Status) PIDs() []int {
	var out []int
	for _, p := range s.Processes {
		if p.Stage == string(ready) {
			out = append(out, p.PID)
		}
	}
	return out
}

// account is the master's status now.
func (m *master) account() Status {
	s := Status{
		PID: os.Getpid(), Bind: m.config.Bind, Began: m.began, Workers: m.config.Workers, Generation: m.current.number,
		Reloading: m.next != nil || m.again, Stopping: m.stopping, Failure: m.failure, Restarts: m.restarts, Death: m.death,
	}
	if _, staying, coming := m.count(m.current); staying+coming < m.current.want && !m.pace.allows() && !m.stopping {
		s.NextStart = m.pace.next()
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

// resident returns the resident memory of a process in bytes, or 0 where the kernel does not say.
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

// serveMetrics answers with the metrics of all workers.
func (m *master) serveMetrics(ctx context.Context) error {
	if m.config.Metrics == "" {
		return nil
	}
	if m.metrics == nil {
		opened, err := listen(m.config.Metrics, m.config.Umask)
		if err != nil {
			return fmt.Errorf("metrics: %w", err)
		}
		closeSockets(opened[1:])
		m.metrics = &opened[0]
	}
	listener, err := m.metrics.listener()
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		<-m.done
		stop()
	}()
	go metrics.Serve(ctx, listener, func() metrics.Report {
		answer := make(chan metrics.Report, 1)
		select {
		case m.reported <- answer:
			return <-answer
		case <-ctx.Done():
			return metrics.Report{}
		}
	})
	return nil
}

// report adds up what the workers said, up to a second ago, and those before them at their end.
func (m *master) report() metrics.Report {
	r := metrics.Report{Restarts: m.restarts, Reloads: m.reloads, Failed: m.failed, Up: time.Since(m.began)}
	r.Counters.Add(m.gone)
	for _, p := range m.processes {
		r.Add(p.metrics)
		if p.stage == ready {
			r.Workers++
		}
	}
	for _, s := range m.sockets {
		if waiting, limit, ok := metrics.ReadBacklog(s.fd); ok {
			r.Backlogs = append(r.Backlogs, metrics.Backlog{Bind: s.bind, Waiting: waiting, Max: limit})
		}
	}
	return r
}
