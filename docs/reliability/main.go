//go:build linux

// Command reliability tests Quintet's server under adverse conditions: reloads and upgrades under load, killed
// processes, overload, slow and hostile clients, alone and behind real nginx and Apache. It prints a line with the
// results of each trial, and its exit status is 1 if one failed.
//
//	go run ./docs/reliability                     everything, about half an hour
//	go run ./docs/reliability -quick              a selection, shortened, about five minutes: timing is reported, but not required
//	go run ./docs/reliability -run 'A1 .*apache'  some trials
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// trial tests one promise.
type trial struct {
	name string // number and description, such as "A1 reload, 1 worker, direct"
	bar  string // what is required
	run  func(*lab) (seen string, err error)
}

func main() {
	quick := flag.Bool("quick", false, "run a selection, with fewer repetitions and less time for each trial")
	only := flag.String("run", "", "run only the trials whose names match this regular `expression`")
	list := flag.Bool("list", false, "print the trials and their requirements without running them")
	keep := flag.Bool("keep", false, "keep the files, including the servers' logs")
	flag.Parse()
	pattern, err := regexp.Compile(*only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "-run:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := try(ctx, options{quick: *quick, list: *list, keep: *keep, pattern: pattern})
	stop()
	os.Exit(code)
}

type options struct {
	quick, list, keep bool
	pattern           *regexp.Regexp
}

func try(ctx context.Context, o options) int {
	l, err := newLab(ctx, o.quick)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if o.keep {
		fmt.Println("files:", l.dir)
	} else {
		defer l.remove()
	}
	if _, err := l.build("", "first"); err != nil && !o.list {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	failed, ran := 0, 0
	for _, t := range selected(o.quick) {
		if !o.pattern.MatchString(t.name) {
			continue
		}
		if o.list {
			fmt.Printf("%-50s %s\n", t.name, t.bar)
			continue
		}
		if ctx.Err() != nil {
			fmt.Println("interrupted")
			return 1
		}
		ran++
		if !t.passes(l) {
			failed++
		}
	}
	if o.list {
		return 0
	}
	fmt.Printf("%d passed, %d failed\n", ran-failed, failed)
	fmt.Printf("%s, %s/%s, %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if failed > 0 || ran == 0 {
		return 1
	}
	return 0
}

// attempts is how often a trial that failed only in timing is run. The quick form, which is for busy machines,
// reports it and continues.
const attempts = 3

// passes runs a trial and prints the results.
func (t trial) passes(l *lab) bool {
	for attempt := 1; ; attempt++ {
		began := time.Now()
		seen, err := t.run(l)
		mark := "ok  "
		if err != nil {
			mark = "FAIL"
		}
		slow := err != nil && merelySlow(err)
		again := slow && !l.quick && attempt < attempts && l.ctx.Err() == nil
		if again || slow && l.quick {
			mark = "slow"
		}
		fmt.Printf("%s %-50s %4.0fs  %s\n", mark, t.name, time.Since(began).Seconds(), seen)
		if err != nil {
			fmt.Printf("     required: %s\n     %s\n", t.bar, strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "\n     "))
		}
		if !again {
			return err == nil || slow && l.quick
		}
	}
}

// trials returns all trials, in the order in which they run.
func trials() (list []trial) {
	for _, family := range [][]trial{
		reloads(), upgrades(), kills(), crashes(), stops(), overloads(), slowClients(), hostileRequests(), floods(), shortages(), soaks(),
	} {
		list = append(list, family...)
	}
	return list
}
