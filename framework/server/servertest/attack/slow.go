package attack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

// SlowKind is a way to use a connection slowly.
type SlowKind uint8

// The kinds.
const (
	SlowHead SlowKind = iota // sends a request's head, a field at a time, and never ends it
	SlowBody                 // announces a large body and sends it byte by byte
	SlowRead                 // requests a response and reads a few bytes at a time
)

// Slow holds many connections open by being slow, as an attacker with few resources would. A good server ends such
// connections after its timeouts and serves other clients meanwhile.
type Slow struct {
	Dial servertest.Dial // opens a connection; required
	Kind SlowKind

	Connections int           // number of connections; default: 100, maximum: 10,000
	Interval    time.Duration // between two pieces; default: 1 s
	Duration    time.Duration // after which the attack ends; default: 30 s
	Path        string        // of the requests; default: "/". For SlowRead it should have a large response
	Host        string        // of the requests; default: "localhost"
}

// SlowReport is the result of a Slow.
type SlowReport struct {
	Opened    int
	Refused   int                  // could not be opened
	Shed      int                  // ended by the server before the attack was over
	Answered  int                  // of those of SlowHead and SlowBody: got a response, such as 408
	Held      int                  // open until the end
	Completed int                  // of those of SlowRead: got the whole response
	Lifetimes servertest.Latencies // of those that the server ended
}

// String returns the numbers on one line.
func (r *SlowReport) String() string {
	return fmt.Sprintf("%d connections opened, %d refused: %d shed (%d with a response, after %s), %d held, %d completed",
		r.Opened, r.Refused, r.Shed, r.Answered, r.Lifetimes, r.Held, r.Completed)
}

// Run opens the connections and holds them until the server has ended all of them, Duration is over, or ctx ends. It
// returns an error if the fields are not valid.
func (s Slow) Run(ctx context.Context) (*SlowReport, error) {
	if s.Dial == nil {
		return nil, errors.New("slow: Dial is missing; servertest.Dialer returns one for an address")
	}
	if s.Kind > SlowRead {
		return nil, fmt.Errorf("slow: unknown kind %d; use SlowHead, SlowBody or SlowRead", s.Kind)
	}
	if s.Connections <= 0 {
		s.Connections = 100
	}
	s.Connections = min(s.Connections, 10_000)
	if s.Interval <= 0 {
		s.Interval = time.Second
	}
	if s.Duration <= 0 {
		s.Duration = 30 * time.Second
	}
	if s.Path == "" {
		s.Path = "/"
	}
	if s.Host == "" {
		s.Host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, s.Duration)
	defer cancel()
	var report SlowReport
	together(s.Connections, func(connect, tell func(func())) {
		var conn net.Conn
		var err error
		connect(func() { conn, err = s.Dial(ctx) })
		if err != nil {
			tell(func() { report.Refused++ })
			return
		}
		defer conn.Close()
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		defer stop()
		began := time.Now()
		end := s.hold(ctx, conn)
		tell(func() { report.add(end, time.Since(began)) })
	})
	slices.Sort(report.Lifetimes)
	return &report, nil
}

// add counts a connection that has ended.
func (r *SlowReport) add(end ending, lasted time.Duration) {
	r.Opened++
	switch end {
	case heldToTheEnd:
		r.Held++
	case gotAll:
		r.Completed++
	case gotAnswer:
		r.Answered++
		fallthrough
	case wasShed:
		r.Shed++
		r.Lifetimes = append(r.Lifetimes, lasted)
	}
}

// ending is how a slow connection ended.
type ending uint8

const (
	heldToTheEnd ending = iota
	wasShed
	gotAnswer
	gotAll
)

func (s Slow) hold(ctx context.Context, conn net.Conn) ending {
	lead := "POST " + s.Path + " HTTP/1.1\r\nHost: " + s.Host + "\r\n"
	piece := "X-Slow: 1\r\n"
	switch s.Kind {
	case SlowBody:
		lead += "Content-Length: 1000000000\r\n\r\n"
		piece = "x"
	case SlowRead:
		return s.read(ctx, conn)
	}
	if _, err := io.WriteString(conn, lead); err != nil {
		return s.over(ctx)
	}
	answered := false
	for {
		_, writeErr := io.WriteString(conn, piece)
		_ = conn.SetReadDeadline(time.Now().Add(s.Interval))
		var buffer [512]byte
		n, err := conn.Read(buffer[:])
		answered = answered || n > 0
		timeout, isNetwork := errors.AsType[net.Error](err)
		waiting := err == nil || isNetwork && timeout.Timeout()
		switch {
		case waiting && writeErr == nil:
			if n > 0 && !sleep(ctx, s.Interval) {
				return heldToTheEnd
			}
		case ctx.Err() != nil:
			return heldToTheEnd
		case answered:
			return gotAnswer
		default:
			return wasShed
		}
	}
}

// over returns whether a connection ended because the attack is over.
func (s Slow) over(ctx context.Context) ending {
	if ctx.Err() != nil {
		return heldToTheEnd
	}
	return wasShed
}

// read requests a page and reads it 64 bytes at a time.
func (s Slow) read(ctx context.Context, conn net.Conn) ending {
	if small, ok := conn.(interface{ SetReadBuffer(bytes int) error }); ok {
		_ = small.SetReadBuffer(2048) // otherwise the system buffers for this client
	}
	if _, err := io.WriteString(conn, "GET "+s.Path+" HTTP/1.1\r\nHost: "+s.Host+"\r\nConnection: close\r\n\r\n"); err != nil {
		return s.over(ctx)
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 64), nil)
	if err != nil {
		return s.over(ctx)
	}
	defer response.Body.Close()
	for {
		if !sleep(ctx, s.Interval) {
			return heldToTheEnd
		}
		if wasReset(conn) { // although its last data has not been read
			return s.over(ctx)
		}
		_, err := io.CopyN(io.Discard, response.Body, 64)
		if errors.Is(err, io.EOF) && ctx.Err() == nil {
			return gotAll
		}
		if err != nil {
			return s.over(ctx)
		}
	}
}
