// Package vet runs the program ormvet over the packages of a module.
package vet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
)

// Install is the command that adds ormvet to a module.
const Install = "go get -tool github.com/quintetgo/quintet/cmd/ormvet"

var (
	// ErrNoGo is returned where there is no go command to run.
	ErrNoGo = errors.New("there is no go command")
	// ErrNoTool is returned for a module whose go.mod does not name ormvet as a tool.
	ErrNoTool = errors.New("go.mod does not list ormvet among its tools; run: " + Install)
)

// Finding is one line of a report.
type Finding struct {
	Place   string // file:line:column, relative to the directory
	Message string
}

// finding matches a line of ormvet's report. Errors of the compiler, which go vet writes too, are not among them.
var finding = regexp.MustCompile(`^([^#\s][^:]*:\d+:\d+): (\w+: a query on .*)$`)

// Run reports what ormvet finds in the packages below dir, a directory in a module. It builds the tool if need be. A
// package that does not compile is an error.
func Run(ctx context.Context, dir string) ([]Finding, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, ErrNoGo
	}
	tool, message, err := run(ctx, dir, "tool", "-n", "ormvet")
	if err != nil {
		if strings.Contains(message, "no such tool") {
			return nil, ErrNoTool
		}
		return nil, fmt.Errorf("build ormvet: %w\n%s", err, message)
	}
	_, message, err = run(ctx, dir, "vet", "-vettool="+strings.TrimSpace(tool), "./...")
	if err == nil {
		return nil, nil
	}
	findings := parse(message)
	if len(findings) == 0 {
		return nil, fmt.Errorf("go vet: %w\n%s", err, message)
	}
	return findings, nil
}

func parse(message string) []Finding {
	var findings []Finding
	for line := range strings.Lines(message) {
		if m := finding.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			findings = append(findings, Finding{strings.TrimPrefix(m[1], "./"), m[2]})
		}
	}
	return findings
}

// run runs the go command and returns what it wrote to its two outputs.
func run(ctx context.Context, dir string, args ...string) (out, message string, err error) {
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir, c.Stdout, c.Stderr = dir, &stdout, &stderr
	err = c.Run()
	return stdout.String(), stderr.String(), err
}
