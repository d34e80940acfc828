// Package accesslog writes a line for each request, in the combined format of web servers or as JSON.
//
// Lines are buffered and written once a second, or when there are many, always whole: several processes may append to
// one file. Clients cannot forge lines or send control characters to a terminal. The query of the address is left
// out, since it may contain secrets.
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

// Formats of the log.
const (
	Combined = "combined"
	JSON     = "json"
)

// Stdout is the standard output, in place of a path.
const Stdout = "-"

// full is how many bytes are buffered before they are written.
const full = 32 << 10

// Log is an open log that observes requests. It is safe for concurrent use.
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

// Open opens the file at path, or the standard output, for appending. The format is Combined or JSON; "" means
// Combined. Logger receives the error if lines are lost. Close the log at the end, so that no lines are lost.
func Open(path, format string, logger *slog.Logger) (*Log, error) {
	l := &Log{path: path, logger: logger, done: make(chan struct{})}
	switch format {
	case "", Combined:
		l.format = (*Log).combined
	case JSON:
		l.format = (*Log).json
	default:
		return nil, fmt.Errorf(`access log: unknown format %q; it must be "combined" or "json"`, format)
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

// flush writes the buffered lines. If that fails, for example because the disk is full, the lines are dropped, so
// that the site is not affected, and the error is logged once.
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

// Reopen opens the file again after it was renamed. If that fails, it returns an error and the old file stays in use.
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
		return errors.Join(errors.New("access log: already closed"), closeFile(out))
	}
	err = closeFile(l.out)
	l.out = out
	return err
}

// Close writes the buffered lines and closes the file. Later lines are dropped.
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

// End buffers the line of a request.
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

// client returns the address that the site determined, or that of the connection.
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
