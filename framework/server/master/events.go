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

// Messages of workers, one per line.
const (
	readyWord   = "ready"
	beatWord    = "beat"
	failedWord  = "failed"  // with the error
	retireWord  = "retire"  // with the reason
	metricsWord = "metrics" // with a snapshot as JSON
)

// Limits of messages. Longer ones are ignored or cut.
const (
	longestLine   = 4 << 20 // metrics of many routes are long
	longestReason = 8 << 10
)

// event is a message of a worker. An empty message means the end of its pipe.
type event struct {
	process *process
	message string
	text    string
	metrics metrics.Snapshot
}

// readEvents sends the messages of a worker to the loop. Invalid ones are dropped: they must not keep the loop busy.
func (m *master) readEvents(p *process) {
	send := func(e event) {
		e.process = p
		select {
		case m.events <- e:
		case <-m.done:
		}
	}
	defer send(event{})
	reader := bufio.NewReader(p.statusPipe)
	for {
		line, err := readLine(reader, longestLine)
		if err != nil {
			return
		}
		message, text, _ := strings.Cut(line, " ")
		e := event{message: message, text: text}
		switch message {
		case metricsWord:
			if e.text = ""; json.Unmarshal([]byte(text), &e.metrics) != nil {
				continue
			}
		case failedWord, retireWord:
			e.text = text[:min(len(text), longestReason)]
		case readyWord, beatWord:
		default:
			continue
		}
		send(e)
	}
}

// readLine returns the next line. One that is too long is skipped and returned empty.
func readLine(r *bufio.Reader, limit int) (string, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > limit; long {
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

// handleEvent handles a message of a worker.
func (m *master) handleEvent(e event) {
	p := e.process
	p.beat = time.Now()
	switch e.message {
	case "":
		p.pipeClosed = true
	case readyWord:
		if p.stage == starting && p.killReason == "" {
			p.stage = ready
			m.config.Logger.Info("worker ready", "pid", p.pid, "after", time.Since(p.started).Round(time.Millisecond))
			m.becameReady(p)
		}
	case metricsWord:
		p.metrics = e.metrics
	case failedWord:
		p.reason = strings.ReplaceAll(e.text, lineBreak, "\n")
	case retireWord:
		if p.stage == ready && !p.retired && m.next == nil {
			m.config.Logger.Info("worker retires", "pid", p.pid, "reason", e.text)
			p.retired = true // a successor is started; this one drains when that is ready
			m.backoff.died(time.Since(p.started), p.generation.want)
		}
	}
}

func (m *master) becameReady(p *process) {
	if p.generation == m.current {
		m.backoff.succeeded()
	}
	if p.started.Before(m.reopened) {
		p.signal(syscall.SIGUSR1) // it may have opened its log before
	}
	if m.served || m.stopping {
		return
	}
	m.served = true
	m.notify.Send("READY=1\nSTATUS=serving")
	if m.config.Serving != nil {
		addrs := make([]net.Addr, len(m.sockets))
		for i, s := range m.sockets {
			addrs[i] = s.addr
		}
		m.config.Serving(addrs)
	}
}
