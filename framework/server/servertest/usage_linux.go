package servertest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func askToStop(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

// Children returns the process IDs of the children: for Quintet's server, its workers.
func (s *Process) Children() []int { return childrenOf(s.PID()) }

// Usage returns the current resource usage of the process and its descendants.
func (s *Process) Usage() Usage {
	var sum Usage
	for list := []int{s.PID()}; len(list) > 0; list = list[1:] {
		addUsage(&sum, list[0])
		list = append(list, childrenOf(list[0])...)
	}
	return sum
}

// childrenOf returns the children that any thread of a process has started.
func childrenOf(pid int) (list []int) {
	threads, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	for _, path := range threads {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // the thread has just ended
		}
		for field := range strings.FieldsSeq(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				list = append(list, child)
			}
		}
	}
	return list
}

// clockTick is the unit of times in /proc: 1/100 s on every architecture that Go knows.
const clockTick = 10 * time.Millisecond

// addUsage adds the usage of one process, or nothing if it has ended. See proc(5) for the fields.
func addUsage(sum *Usage, pid int) {
	dir := "/proc/" + strconv.Itoa(pid)
	text, err := os.ReadFile(dir + "/stat")
	if err != nil {
		return
	}
	// The second field is the name in brackets, which may contain anything.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 22 {
		return
	}
	number := func(i int) int64 { // by its number in proc(5)
		n, _ := strconv.ParseInt(string(fields[i-3]), 10, 64)
		return n
	}
	sum.Processes++
	sum.Resident += number(24) * int64(os.Getpagesize())
	sum.Threads += int(number(20))
	sum.CPU += time.Duration(number(14)+number(15)+number(16)+number(17)) * clockTick
	if files, err := os.ReadDir(dir + "/fd"); err == nil {
		sum.Files += len(files)
	}
}
