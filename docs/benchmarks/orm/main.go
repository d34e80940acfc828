// Command orm measures the ORM against hand-written code on package database/sql, with prepared statements, and against
// GORM, tuned: prepared statements, and no transaction around single writes. All of them read and write the same rows of one
// database, in one process and in turn, with a context that can be canceled. For each case it prints
//
//	CASE quintet sql gorm ratio_sql ratio_gorm allocs
//
// The times are the medians of all rounds, and the ratios those of each round's ratios: Quintet's time divided by that of
// the other. allocs are the allocations of one run, of Quintet, database/sql and GORM. The times of SQLite, which runs in the
// process, are processor time; those of servers are elapsed time.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"time"
)

func main() {
	options := options{}
	flag.StringVar(&options.databases, "databases", "sqlite", "databases to measure, separated by commas")
	flag.StringVar(&options.cases, "cases", "", "regular expression of the cases to measure (default: all)")
	flag.IntVar(&options.posts, "posts", 50_000, "number of posts; there are six comments for each")
	flag.IntVar(&options.rounds, "rounds", 15, "number of rounds")
	flag.DurationVar(&options.round, "round", 30*time.Millisecond, "how long a contender runs in a round")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := benchmark(ctx, os.Stdout, options); err != nil {
		fmt.Fprintln(os.Stderr, "orm:", err)
		os.Exit(1)
	}
}

type options struct {
	databases, cases string
	posts, rounds    int
	round            time.Duration
}

// benchmark measures every case on every database.
func benchmark(ctx context.Context, out io.Writer, o options) error {
	wanted, err := regexp.Compile(o.cases)
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(o.databases, ",") {
		engine, err := engineOf(name)
		if err != nil {
			return err
		}
		if err := measureAll(ctx, out, engine, wanted, o); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func measureAll(ctx context.Context, out io.Writer, e engine, wanted *regexp.Regexp, o options) error {
	t, err := open(ctx, e, o.posts)
	if err != nil {
		return err
	}
	defer t.close()
	m := measurement{rounds: o.rounds, round: o.round, clock: elapsed}
	if e.inProcess {
		m.clock = processorTime
	}
	fmt.Fprintf(out, "\n%-40s %10s %10s %10s %9s %10s  %s\n", "CASE "+e.name, "quintet", "sql", "gorm", "ratio_sql", "ratio_gorm", "allocs")
	for _, c := range cases {
		if !wanted.MatchString(c.name) {
			continue
		}
		contenders, err := c.prepare(t)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		r, err := m.measure(ctx, contenders)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Fprintf(out, "%-40s %10s %10s %10s %9.2f %10.2f  %.0f / %.0f / %.0f\n", c.name,
			r.cost[1], r.cost[0], r.cost[2], r.ratio[1], r.ratio[1]/r.ratio[2], r.allocs[1], r.allocs[0], r.allocs[2])
	}
	return nil
}

var started = time.Now()

// elapsed returns the time since the program started.
func elapsed() time.Duration { return time.Since(started) }
