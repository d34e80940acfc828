package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// envSecond makes the test's program the second process, on the database at this path.
const envSecond = "QUINTET_CONCURRENCY_SECOND"

func TestMain(m *testing.M) {
	if path := os.Getenv(envSecond); path != "" {
		load := trial{path: path, writers: 2, each: 10}
		if err := load.second(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestConcurrency is the short form of the command, which ends after a number of steps instead of a time.
func TestConcurrency(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db.sqlite3")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(envSecond, path)
	load := trial{path: path, writers: 8, readers: 32, each: 10, child: []string{program}}
	r, err := load.run(t.Context())
	if err != nil {
		t.Fatalf("%v\n%v", r, err)
	}
	if r.writes != 80 || r.others != 20 || r.reads != 320 || r.migrations != 10 {
		t.Errorf("got %v", r)
	}
}
