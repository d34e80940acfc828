//go:build linux

// Command benchserver measures the cost of the application server: the processor time of a plaintext request, and the
// time from the start to the first response, of `serve --workers 1` compared with a bare http.Server with the same
// handler. The targets are measured in turns, so that other load on the machine affects all of them.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/master"
	"github.com/quintetgo/quintet/framework/web"
)

// envTarget selects what a child process serves.
const envTarget = "QUINTET_BENCH_TARGET"

// targets are measured in turns. Each odd one is compared with the one before it.
var targets = [...]string{"handler, http.Server", "handler, workers", "project, http.Server", "project, serve"}

func main() {
	if target := os.Getenv(envTarget); target != "" {
		if err := serve(target); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	rounds := flag.Int("rounds", 20, "number of `turns` of each target")
	requests := flag.Int("requests", 20000, "number of `requests` in a turn")
	starts := flag.Int("starts", 15, "how often each target is started")
	most := flag.Float64("most", 1.10, "`ratio` of processor time above which the exit status is 1")
	slack := flag.Duration("slack", 30*time.Millisecond,
		"`time` to the first response, compared with the bare server, above which the exit status is 1")
	flag.Parse()
	ok, err := measure(os.Stdout, *rounds, *requests, *starts, *most, *slack)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

var plaintext = []byte("Hello, World!")

// hello is the bare handler.
var hello = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = []string{"text/plain; charset=utf-8"}
	_, _ = w.Write(plaintext)
})

func project() (*framework.Project, error) {
	return framework.New(framework.Settings{Routes: func(r *web.Router) {
		r.Get("/", func(w http.ResponseWriter, _ *http.Request) error { return web.Text(w, string(plaintext)) })
	}}), nil
}

// serve is the child process. Its address is its last argument, the flag --bind of serve.
func serve(target string) error {
	addr := os.Args[len(os.Args)-1]
	switch target {
	case targets[0]:
		return http.ListenAndServe(addr, hello)
	case targets[2]:
		p, err := project()
		if err != nil {
			return err
		}
		return http.ListenAndServe(addr, p)
	case targets[3]:
		framework.Main(project)
	}
	ctx, stop := server.Signals(context.Background())
	defer stop()
	if worker := master.FromMaster(); worker != nil {
		return worker.Serve(ctx, hello, server.Options{})
	}
	return master.Run(ctx, master.Config{Bind: []string{addr}, Logger: slog.New(slog.DiscardHandler)})
}

func measure(out io.Writer, rounds, requests, starts int, most float64, slack time.Duration) (ok bool, err error) {
	var began [len(targets)][]time.Duration
	for range starts {
		for i, target := range targets {
			child, took, err := start(target)
			if err != nil {
				return false, err
			}
			child.stop()
			began[i] = append(began[i], took)
		}
	}
	var children [len(targets)]*child
	for i, target := range targets {
		if children[i], _, err = start(target); err != nil {
			return false, err
		}
		defer children[i].stop()
	}
	var cost [len(targets)][]time.Duration
	for round := range rounds + 1 {
		for i, child := range children {
			used, err := child.load(requests)
			if err != nil {
				return false, fmt.Errorf("%s: %w", targets[i], err)
			}
			if round > 0 { // the first one warms up
				cost[i] = append(cost[i], used/time.Duration(requests))
			}
		}
	}
	ok = true
	fmt.Fprintf(out, "%-22s %14s %8s %14s %10s\n", "", "CPU/request", "ratio", "first answer", "more")
	for i, target := range targets {
		fmt.Fprintf(out, "%-22s %14v", target, median(cost[i]))
		if i%2 == 0 {
			fmt.Fprintf(out, " %8s %14v\n", "", median(began[i]).Round(100*time.Microsecond))
			continue
		}
		ratios := make([]float64, rounds)
		for j := range ratios {
			ratios[j] = float64(cost[i][j]) / float64(cost[i-1][j])
		}
		ratio, more := median(ratios), median(began[i])-median(began[i-1])
		fmt.Fprintf(out, " %8.3f %14v %10v\n", ratio, median(began[i]).Round(100*time.Microsecond), more.Round(100*time.Microsecond))
		ok = ok && ratio <= most && more <= slack
	}
	return ok, nil
}

func median[T cmp.Ordered](list []T) T {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
