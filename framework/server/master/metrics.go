//go:build unix

package master

import (
	"context"
	"fmt"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/metrics"
)

// metricsWord begins the lines in which workers say what they counted.
const metricsWord = "metrics"

// serveMetrics answers with the metrics of all workers.
func (m *master) serveMetrics(ctx context.Context) (stop func(), err error) {
	if m.config.Metrics == "" {
		return func() {}, nil
	}
	bind, err := server.ParseBind(m.config.Metrics)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	listener, err := bind.Listen()
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	ctx, stop = context.WithCancel(context.WithoutCancel(ctx))
	go metrics.Serve(ctx, listener, func() metrics.Report {
		answer := make(chan metrics.Report, 1)
		select {
		case m.reported <- answer:
			return <-answer
		case <-ctx.Done():
			return metrics.Report{}
		}
	})
	return stop, nil
}

// report adds up what the workers said, up to a second ago, and those before them at their end.
func (m *master) report() metrics.Report {
	r := metrics.Report{Restarts: m.restarts, Reloads: m.reloads, Failed: m.failed, Up: time.Since(m.began)}
	r.Counters.Add(m.gone)
	for _, p := range m.processes {
		r.Add(p.metrics)
		if p.Stage == ready {
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
