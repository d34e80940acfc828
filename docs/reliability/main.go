//go:build linux

// Command reliability tries Quintet's server as its users' worst days would: reloads and upgrades under
// load, processes that are killed, overload, slow and hostile clients, behind real nginx and Apache and
// alone. It prints a line for each trial with what was seen, and its status is 1 if one did not hold.
//
//	go run ./docs/reliability                     everything, about half an hour
//	go run ./docs/reliability -quick              the same trials, shorter, on a busy machine: times are told only
//	go run ./docs/reliability -run 'A1 .*apache'  some of them
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

// trial is one promise and how it is put to the test.
type trial struct {
	name string // number and words, as "A1 reload, 1 worker, direct"
	bar  string // what has to hold
	run  func(*lab) (seen string, err error)
}

func main() {
	quick := flag.Bool("quick", false, "fewer repetitions and less time for each trial")
	only := flag.String("run", "", "run the trials whose names match this regular `expression` only")
	list := flag.Bool("list", false, "print the trials and what has to hold, and run none")
	keep := flag.Bool("keep", false, "keep the files, with what the servers logged")
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
	for _, t := range trials() {
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

// attempts is how often a trial is run, at most, that was right in all but time. The quick form, which is
// for busy machines, tells of it and goes on.
const attempts = 3

// passes runs a trial and prints what was seen.
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
			fmt.Printf("     wanted: %s\n     %s\n", t.bar, strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "\n     "))
		}
		if !again {
			return err == nil || slow && l.quick
		}
	}
}

// trials are all of them, in the order in which they run.
func trials() (list []trial) {
	for _, family := range [][]trial{
		reloads(), upgrades(), kills(), crashes(), stops(), overloads(), slowClients(), hostileRequests(), floods(), shortages(), soaks(),
	} {
		list = append(list, family...)
	}
	return list
}
