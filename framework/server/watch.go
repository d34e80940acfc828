package server

import (
	"context"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// serveMetrics serves the metrics of this process until ctx ends.
func serveMetrics(ctx context.Context, options Options, listeners []net.Listener) error {
	if options.Probes.MetricsBind == "" || options.Probes.Metrics == nil {
		return nil
	}
	own, err := listen([]string{options.Probes.MetricsBind})
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	began := time.Now()
	go metrics.Serve(ctx, own[0], func() metrics.Report {
		report := metrics.Report{Snapshot: options.Probes.Metrics.Snapshot(), Up: time.Since(began)}
		for _, listener := range listeners {
			report.Backlogs = append(report.Backlogs, backlog(listener)...)
		}
		return report
	})
	return nil
}

// backlog returns the kernel's queues of a listener, or nothing where they are unknown.
func backlog(listener net.Listener) (list []metrics.Backlog) {
	conn, ok := listener.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil
	}
	_ = raw.Control(func(fd uintptr) {
		if waiting, limit, ok := metrics.ReadBacklog(int(fd)); ok {
			list = append(list, metrics.Backlog{Bind: listener.Addr().String(), Waiting: waiting, Max: limit})
		}
	})
	return list
}
