package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// run performs a case once. i is different for each call, and the result is a number that all contenders must agree on.
type run func(ctx context.Context, i int) (int64, error)

// contenders are the ways of doing the same.
type contenders struct{ sql, quintet, gorm run }

func (c contenders) list() []run { return []run{c.sql, c.quintet, c.gorm} }

// result is what one case cost, by contender.
type result struct {
	cost   [3]time.Duration // of one run
	ratio  [3]float64       // to the first contender, the median of the rounds
	allocs [3]float64       // of one run
}

// measurement is how cases are measured.
type measurement struct {
	rounds int
	round  time.Duration        // about how long a contender runs in a round
	clock  func() time.Duration // the time that is measured
}

// measure runs the contenders in turn. Each round has a ratio, so that what slows the machine down slows down all of them.
func (m measurement) measure(ctx context.Context, c contenders) (result, error) {
	var calls, next [3]int
	list := c.list()
	if err := agree(ctx, list); err != nil {
		return result{}, err
	}
	for i, run := range list {
		n, err := m.calibrate(ctx, run)
		if err != nil {
			return result{}, err
		}
		calls[i] = n
	}
	var costs, ratios [3][]float64
	var r result
	for round := range m.rounds {
		for turn := range list {
			i := (turn + round) % len(list)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := m.clock()
			for range calls[i] {
				if _, err := list[i](ctx, next[i]); err != nil {
					return result{}, err
				}
				next[i]++
			}
			costs[i] = append(costs[i], float64(m.clock()-began)/float64(calls[i]))
			runtime.ReadMemStats(&after)
			r.allocs[i] = float64(after.Mallocs-before.Mallocs) / float64(calls[i])
		}
		for i := range list {
			ratios[i] = append(ratios[i], costs[i][round]/costs[0][round])
		}
	}
	for i := range list {
		r.cost[i], r.ratio[i] = time.Duration(median(costs[i])), median(ratios[i])
	}
	return r, nil
}

// agree returns an error unless all contenders have the same results.
func agree(ctx context.Context, list []run) error {
	for i := range 3 {
		var want int64
		for j, run := range list {
			got, err := run(ctx, i)
			switch {
			case err != nil:
				return fmt.Errorf("contender %d: %w", j, err)
			case j == 0:
				want = got
			case got != want:
				return fmt.Errorf("contender %d found %d, and the first one %d", j, got, want)
			}
		}
	}
	return nil
}

// calibrate returns how many runs fill a round.
func (m measurement) calibrate(ctx context.Context, run run) (int, error) {
	calls := 0
	for began := time.Now(); time.Since(began) < m.round; calls++ {
		if _, err := run(ctx, calls); err != nil {
			return 0, err
		}
	}
	return calls, nil
}

func median[T cmp.Ordered](list []T) T {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
