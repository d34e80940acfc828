package servertest

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Direction selects a direction of a connection.
type Direction uint8

// The directions.
const (
	BothWays Direction = iota
	ToServer
	ToClient
)

// Fault is what a Proxy does to the data that passes. The zero value is a healthy network. Faults may be combined;
// they apply to open connections and new ones.
type Fault struct {
	Way Direction

	Delay   time.Duration // holds each piece of up to 16 KiB for this time
	Rate    int           // bytes per second that pass; 0 means no limit
	Freeze  bool          // nothing passes until the next Set; connections stay open
	Swallow bool          // data and ends of connections are read and never passed on: a half-open connection, whose peer disappeared
	Refuse  bool          // new connections are reset at once
}

// Proxy forwards connections to a server with configurable faults. Its methods are safe for concurrent use.
type Proxy struct {
	listener net.Listener
	dial     Dial
	wait     sync.WaitGroup

	mu      sync.Mutex
	fault   Fault
	changed chan struct{} // closed at the next Set
	pairs   map[*pair]bool
	closed  bool
}

// maxPairs is how many concurrent connections a proxy serves; more wait.
const maxPairs = 10_000

// NewProxy listens on address and forwards connections to the server: both are "host:port" or "unix:path", as for
// Dialer. Port 0 selects a free one. Close it at the end.
func NewProxy(address, server string) (*Proxy, error) {
	network, rest := split(address)
	listener, err := net.Listen(network, rest)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	p := &Proxy{listener: listener, dial: Dialer(server), changed: make(chan struct{}), pairs: map[*pair]bool{}}
	p.wait.Go(p.accept)
	return p, nil
}

// Addr returns the address to connect to, in the syntax of Dialer.
func (p *Proxy) Addr() string { return join(p.listener.Addr()) }

// Set replaces the fault, also for open connections. Set(Fault{}) removes it.
func (p *Proxy) Set(fault Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = fault
	close(p.changed)
	p.changed = make(chan struct{})
}

// Reset breaks every open connection with a TCP reset on both sides; on unix sockets it closes them.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for pair := range p.pairs {
		pair.reset()
	}
}

// Connections returns the number of open connections.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pairs)
}

// Close stops listening, breaks open connections, and waits until all have ended.
func (p *Proxy) Close() error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.changed)
	}
	err := p.listener.Close()
	p.mu.Unlock()
	p.Reset()
	p.wait.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
