// Command concurrency writes to one SQLite database from many goroutines and a second process while others read it and
// its tables are migrated. It prints how much was done, and its exit status is 1 if a statement failed, as with "database
// is locked", if an increment was lost, or if a write took a second or longer.
//
//	go run ./docs/reliability/concurrency                 with the driver in C
//	go run -tags purego ./docs/reliability/concurrency    with the driver in Go
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// slowest is how long a write may take.
const slowest = time.Second

func main() {
	duration := flag.Duration("time", 20*time.Second, "how long to write and read")
	alone := flag.Bool("alone", false, "run no second process")
	second := flag.String("second", "", "write to the database at this `path` only, as the second process")
	flag.Parse()
	load := trial{path: *second, writers: 8, readers: 32, until: time.Now().Add(*duration)}
	if err := start(load, *alone); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func start(load trial, alone bool) error {
	ctx := context.Background()
	if load.path != "" {
		load.writers, load.readers = 2, 0
		return load.second(ctx)
	}
	dir, err := os.MkdirTemp("", "quintet-concurrency-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	load.path = filepath.Join(dir, "db.sqlite3")
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if !alone {
		load.child = []string{program, "-second", load.path, "-time", time.Until(load.until).String()}
	}
	result, err := load.run(ctx)
	fmt.Println(result)
	if result.slowest >= slowest {
		err = errors.Join(err, fmt.Errorf("the slowest write took %v, and %v is allowed", result.slowest, slowest))
	}
	return err
}
