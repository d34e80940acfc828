//go:build unix

package master

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server"
)

// orphanTimeout is how long a worker whose master has died may finish its requests.
const orphanTimeout = 1500 * time.Millisecond

// reopenSignals turns USR1, which the master passes on, into values. Unhandled, USR1 would end the process.
func reopenSignals() (reopen <-chan struct{}, stop func()) {
	signals, out, done := make(chan os.Signal, 1), make(chan struct{}, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-signals:
				select {
				case out <- struct{}{}:
				default: // one is pending
				}
			}
		}
	}()
	return out, func() {
		signal.Stop(signals)
		close(done)
	}
}

// Serve serves handler on the sockets of the master until ctx ends, as server.Run does: it reports when it is ready,
// sends heartbeats, and stops quickly when the master dies. The fields Bind, Listeners, Reopen and Retire of options
// are replaced, and the master handles LameDuck and MetricsBind.
func (w *Worker) Serve(ctx context.Context, handler http.Handler, options server.Options) error {
	w.handlesLoss.Store(true)
	listeners, err := w.Listeners()
	if err != nil {
		return err
	}
	// The master lists the sockets of the redirect last.
	at := max(0, len(listeners)-len(options.TLS.RedirectBind))
	options.Bind, options.TLS.RedirectBind = nil, nil
	options.Listeners, options.TLS.RedirectListeners = listeners[:at], listeners[at:]
	reopen, stopReopen := reopenSignals()
	defer stopReopen()
	options.Reopen = reopen
	options.Retire = func(reason string) { _ = w.Retire(reason) }
	// The master waits for load balancers, and only when all its workers stop.
	options.Timeouts.LameDuck = 0
	if options.Probes.Health != nil {
		go func() {
			<-w.lameDuck
			options.Probes.Health.Drain()
		}()
	}
	report := func() {}
	if options.Probes.Metrics != nil {
		options.Probes.MetricsBind = "" // the master serves the sum
		report = func() {
			if text, err := json.Marshal(options.Probes.Metrics.Snapshot()); err == nil {
				_ = w.send(metricsWord + " " + string(text))
			}
		}
		defer report()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		if w.MasterGone(context.WithoutCancel(ctx)) {
			time.AfterFunc(orphanTimeout, func() { os.Exit(1) })
			cancel(server.ErrQuick)
		}
	}()
	beating, stopBeating := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBeating()
	announce := options.Ready
	options.Ready = func(addrs []net.Addr) {
		if announce != nil {
			announce(addrs)
		}
		if w.Ready() == nil {
			go w.beat(beating, time.Second, report)
		}
	}
	return server.Run(ctx, handler, options)
}
