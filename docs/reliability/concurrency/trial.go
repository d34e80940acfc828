package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// trial is what runs at the same time. It ends at a time, or, if that is zero, after a number of writes of each writer.
type trial struct {
	path             string
	writers, readers int
	until            time.Time
	each             int      // writes of each writer, reads of each reader, and migrations
	child            []string // the command of the second process, which prints its number of writes; nil for none
}

// counters is how many rows the writers share.
const counters = 4

// result is what was done.
type result struct {
	writes, reads, migrations, others int64
	slowest                           time.Duration // of the writes
}

func (r result) String() string {
	return fmt.Sprintf("%d writes, slowest %v; %d writes of a second process; %d reads; %d migrations",
		r.writes, r.slowest.Round(time.Millisecond), r.others, r.reads, r.migrations)
}

// continues reports whether step n of a goroutine is to be done.
func (x trial) continues(n int) bool {
	if x.until.IsZero() {
		return n < x.each
	}
	return time.Now().Before(x.until)
}

func (x trial) open() (*orm.DB, error) {
	return orm.Open("sqlite:///"+filepath.ToSlash(x.path), sqlite.Driver)
}

// run creates the database, does everything at once, and compares the counters with the number of writes.
func (x trial) run(ctx context.Context) (r result, err error) {
	db, err := x.open()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := migrate.Up(ctx, db, app{}); err != nil {
		return r, err
	}
	for range counters {
		if err := db.Create(ctx, &Counter{}); err != nil {
			return r, err
		}
	}
	var all failures
	var group sync.WaitGroup
	if x.child != nil {
		group.Go(func() { all.add(x.process(ctx, &r)) })
	}
	group.Go(func() { all.add(x.migrate(ctx, &r)) })
	all.add(x.load(ctx, db, &r))
	group.Wait()
	total, err := sum(ctx, db)
	all.add(err)
	if total != r.writes+r.others {
		all.add(fmt.Errorf("the counters are at %d after %d writes", total, r.writes+r.others))
	}
	return r, all.err()
}

// load writes and reads with the goroutines of this process.
func (x trial) load(ctx context.Context, db *orm.DB, r *result) error {
	var all failures
	var mu sync.Mutex
	var group sync.WaitGroup
	for i := range x.writers {
		group.Go(func() {
			for n := 0; x.continues(n); n++ {
				start := time.Now()
				if err := increment(ctx, db, int64(1+(i+n)%counters)); err != nil {
					all.add(fmt.Errorf("a write after %v: %w", time.Since(start), err))
					continue
				}
				mu.Lock()
				r.writes++
				r.slowest = max(r.slowest, time.Since(start))
				mu.Unlock()
			}
		})
	}
	for range x.readers {
		group.Go(func() {
			for n := 0; x.continues(n); n++ {
				if _, err := sum(ctx, db); err != nil {
					all.add(fmt.Errorf("a read: %w", err))
					continue
				}
				mu.Lock()
				r.reads++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return all.err()
}

// increment reads a counter and writes it, so that a write in between would be lost.
func increment(ctx context.Context, db *orm.DB, id int64) error {
	return db.Atomic(ctx, func(ctx context.Context) error {
		c, err := orm.Objects[Counter](db).Where("id", id).Get(ctx)
		if err != nil {
			return err
		}
		c.N++
		return db.SaveFields(ctx, c, "n")
	})
}

func sum(ctx context.Context, db *orm.DB) (total int64, err error) {
	all, err := orm.Objects[Counter](db).All(ctx)
	for _, c := range all {
		total += c.N
	}
	return total, err
}

// migrate takes the tables back and forth with a handle of its own, as the command does.
func (x trial) migrate(ctx context.Context, r *result) error {
	db, err := x.open()
	if err != nil {
		return err
	}
	names := [...]string{"0001_initial", "0002_note"}
	for n := 0; x.continues(n); n++ {
		if err = migrate.To(ctx, db, "counters", names[n%2], app{}); err != nil {
			err = fmt.Errorf("migrate to %s: %w", names[n%2], err)
			break
		}
		r.migrations++
	}
	return errors.Join(err, db.Close())
}

// process runs the second process.
func (x trial) process(ctx context.Context, r *result) error {
	c := exec.CommandContext(ctx, x.child[0], x.child[1:]...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return fmt.Errorf("the second process: %w", err)
	}
	r.others, err = strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	return err
}

// second is the second process: it writes and prints how often.
func (x trial) second(ctx context.Context) (err error) {
	db, err := x.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := migrate.Register(db, app{}); err != nil {
		return err
	}
	var r result
	err = x.load(ctx, db, &r)
	fmt.Println(r.writes)
	return err
}

// failures are errors of several goroutines, of which the first few are kept.
type failures struct {
	mu   sync.Mutex
	list []error
	n    int
}

func (f *failures) add(err error) {
	if err == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n++; len(f.list) < 5 {
		f.list = append(f.list, err)
	}
}

func (f *failures) err() error {
	if f.n > len(f.list) {
		return fmt.Errorf("%w\nand %d more errors", errors.Join(f.list...), f.n-len(f.list))
	}
	return errors.Join(f.list...)
}
