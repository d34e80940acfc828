//go:build unix

package master

import (
	"context"
	"fmt"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// stats counts what happened to the workers.
type stats struct {
	began          time.Time
	restarts       int              // workers that died and were replaced
	reloads        int              // completed reloads
	failed         int              // failed reloads
	exitedCounters metrics.Counters // counters of workers that have ended
	death          string           // how the last worker died
}

// serveMetrics serves the metrics of all workers.
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
		case m.reportRequests <- answer:
			return <-answer
		case <-ctx.Done():
			return metrics.Report{}
		}
	})
	return nil
}

// report adds up the last reports of the workers, at most a second old, and the final reports of former workers.
func (m *master) report() metrics.Report {
	r := metrics.Report{Restarts: m.restarts, Reloads: m.reloads, Failed: m.failed, Up: time.Since(m.began)}
	r.Counters.Add(m.exitedCounters)
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
