//go:build unix

package master

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// What workers say, a line each.
const (
	readyWord   = "ready"
	beatWord    = "beat"
	failedWord  = "failed"  // and why
	retireWord  = "retire"  // and why
	metricsWord = "metrics" // and what was counted, as JSON
)

// Bounds of what a worker says. What is longer is not heard.
const (
	longestLine   = 4 << 20 // metrics of many routes are long
	longestReason = 8 << 10
)

// event is something that a worker said. Without a word it can say no more.
type event struct {
	process *process
	word    string
	rest    string
	counted metrics.Snapshot
}

// hear passes on what a worker says. What makes no sense stops here: it must not keep the loop
// busy.
func (m *master) hear(p *process) {
	tell := func(e event) {
		e.process = p
		select {
		case m.events <- e:
		case <-m.done:
		}
	}
	defer tell(event{})
	reader := bufio.NewReader(p.words)
	for {
		line, err := readLine(reader, longestLine)
		if err != nil {
			return
		}
		word, rest, _ := strings.Cut(line, " ")
		e := event{word: word, rest: rest}
		switch word {
		case metricsWord:
			if e.rest = ""; json.Unmarshal([]byte(rest), &e.counted) != nil {
				continue
			}
		case failedWord, retireWord:
			e.rest = rest[:min(len(rest), longestReason)]
		case readyWord, beatWord:
		default:
			continue
		}
		tell(e)
	}
}

// readLine returns the next line. One that is too long is read to its end and returned empty.
func readLine(r *bufio.Reader, most int) (string, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > most; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return "", err
		}
		return strings.TrimSuffix(string(line), "\n"), nil
	}
}

// heard acts on what a worker said.
func (m *master) heard(e event) {
	p := e.process
	p.beat = time.Now()
	switch e.word {
	case "":
		p.silent = true
	case readyWord:
		if p.stage == starting && p.verdict == "" {
			p.stage = ready
			m.config.Logger.Info("worker ready", "pid", p.pid, "after", time.Since(p.started).Round(time.Millisecond))
			m.becameReady(p)
		}
	case metricsWord:
		p.metrics = e.counted
	case failedWord:
		p.reason = strings.ReplaceAll(e.rest, lineBreak, "\n")
	case retireWord:
		if p.stage == ready && !p.retired && m.next == nil {
			m.config.Logger.Info("worker retires", "pid", p.pid, "reason", e.rest)
			p.retired = true // a successor is started; it drains when that one is ready
			m.pace.died(time.Since(p.started), p.generation.want)
		}
	}
}

func (m *master) becameReady(p *process) {
	if p.generation == m.current {
		m.pace.succeeded()
	}
	if p.started.Before(m.reopened) {
		p.signal(syscall.SIGUSR1) // it may have opened its log before
	}
	if m.served || m.stopping {
		return
	}
	m.served = true
	m.notify.Say("READY=1\nSTATUS=serving")
	if m.config.Serving != nil {
		addrs := make([]net.Addr, len(m.sockets))
		for i, s := range m.sockets {
			addrs[i] = s.addr
		}
		m.config.Serving(addrs)
	}
}
