// Package accesslog writes a line for each request, in the combined form that web servers use or as
// JSON.
//
// Lines are gathered and written once a second, or when there are many, always whole: several
// processes may append to one file. What a client sent cannot forge lines or reach a terminal. The
// query of the address is left out, since it may hold secrets.
package accesslog

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/server/exchange"
)

// Formats of the lines.
const (
	Combined = "combined"
	JSON     = "json"
)

// Stdout in the place of a path is the standard output.
const Stdout = "-"

// full is how much is gathered before it is written.
const full = 32 << 10

// Log is an open log. It is safe for concurrent use.
type Log struct {
	path   string
	format func(*Log, []byte, *exchange.Exchange) []byte
	logger *slog.Logger
	done   chan struct{}

	mu     sync.Mutex
	out    io.Writer // nil after Close
	buffer []byte
	failed bool
}

var _ exchange.Observer = (*Log)(nil)

// Open opens the file at path for appending, or standard output. The format is Combined if it is
// empty.
func Open(path, format string, logger *slog.Logger) (*Log, error) {
	l := &Log{path: path, logger: logger, done: make(chan struct{})}
	switch format {
	case "", Combined:
		l.format = (*Log).combined
	case JSON:
		l.format = (*Log).json
	default:
		return nil, fmt.Errorf("access log: unknown format %q; there are combined and json", format)
	}
	var err error
	if l.out, err = open(path); err != nil {
		return nil, err
	}
	go l.flushing()
	return l, nil
}

func open(path string) (io.Writer, error) {
	if path == Stdout {
		return os.Stdout, nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o640)
	if err != nil {
		return nil, fmt.Errorf("access log: %w", err)
	}
	return file, nil
}

func (l *Log) flushing() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-l.done:
			return
		case <-tick.C:
			l.mu.Lock()
			l.flush()
			l.mu.Unlock()
		}
	}
}

// flush writes what was gathered. A full disk must not stop the site: lines are dropped then, and
// the logger is told once.
func (l *Log) flush() {
	if len(l.buffer) == 0 || l.out == nil {
		return
	}
	_, err := l.out.Write(l.buffer)
	l.buffer = l.buffer[:0]
	if err != nil && !l.failed {
		l.logger.Error("lines of the access log are lost", "file", l.path, "error", err)
	}
	l.failed = err != nil
}

// Reopen opens the file anew, after it was renamed. If that fails the old one goes on.
func (l *Log) Reopen() error {
	if l.path == Stdout {
		return nil
	}
	out, err := open(l.path)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	if l.out == nil {
		return errors.Join(errors.New("access log: it is closed"), closeFile(out))
	}
	err = closeFile(l.out)
	l.out = out
	return err
}

// Close writes what was gathered and closes the file. Lines that come later are dropped.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out == nil {
		return nil
	}
	close(l.done)
	l.flush()
	out := l.out
	l.out = nil
	if l.path == Stdout {
		return nil
	}
	return closeFile(out)
}

func closeFile(w io.Writer) error {
	if closer, ok := w.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// Begin does nothing: a request is logged when it ends.
func (l *Log) Begin() {}

// End gathers the line of a request.
func (l *Log) End(x *exchange.Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out == nil {
		return
	}
	l.buffer = l.format(l, l.buffer, x)
	if len(l.buffer) >= full {
		l.flush()
	}
}

// client is the address that the site found out, or that of the connection.
func client(x *exchange.Exchange) string {
	if noted := x.Notes().Client; noted != "" {
		return noted
	}
	host, _, err := net.SplitHostPort(x.Request.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}
