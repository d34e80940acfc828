//go:build linux

package main

import "slices"

// quickTrials names the trials of the quick form: at least one for each promise, and with the server alone, behind nginx and
// behind Apache.
var quickTrials = []string{
	"A1 reload, 1 worker, direct, TCP",
	"A1 reload, 2 workers, direct, HTTP/2",
	"A1 reload, 2 workers, nginx, unix socket",
	"A1 reload, 2 workers, apache, FastCGI",
	"A2 upgrade, 2 workers, nginx, unix socket",
	"A2 bad build, HUP, panics at its start",
	"A2 bad build, USR2, has a failing check",
	"A3 kill -9 a worker, 1 worker, POST",
	"A3 kill -9 a worker, 2 workers, GET behind nginx",
	"A4 kill -9 the master",
	"A5 crash loop, 4 workers that panic at their start",
	"A5 requests that crash the worker",
	"A6 hung handlers",
	"A7 TERM under load, behind nginx",
	"A7 restart with a socket of systemd",
	"A8 overload, a page that waits",
	"A9 slow heads",
	"A9 slowhttptest -X, slow reading",
	"A12 hostile requests, direct, TCP",
	"A12 hostile requests, nginx, FastCGI",
	"A12 hostile requests, apache, TCP",
	"A13 HTTP/2, RapidReset",
	"A13 HTTP/2, ContinuationFlood",
	"A13 HTTP/2, WindowStall",
	"A13 HTTP/2, FieldBomb",
	"A15 64 descriptors, default",
	"A19 soak, mixed traffic with reloads",
}

// selected returns the trials of a form. It panics if quickTrials names a trial that does not exist.
func selected(quick bool) []trial {
	all := trials()
	if !quick {
		return all
	}
	for _, name := range quickTrials {
		if !slices.ContainsFunc(all, func(t trial) bool { return t.name == name }) {
			panic("reliability: there is no trial " + name)
		}
	}
	return slices.DeleteFunc(all, func(t trial) bool { return !slices.Contains(quickTrials, t.name) })
}
