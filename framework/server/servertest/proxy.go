package servertest

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Direction says which way of a connection a fault strikes.
type Direction uint8

// The directions.
const (
	BothWays Direction = iota
	ToServer
	ToClient
)

// Fault is what a Proxy does to the bytes that pass. The zero value is a healthy network. Faults may
// be combined; they strike open connections as well as new ones.
type Fault struct {
	Way Direction

	Delay   time.Duration // each piece of up to 16 KiB is held that long
	Rate    int           // bytes a second that pass; 0 means as many as come
	Freeze  bool          // nothing passes until the next Set; no connection ends
	Swallow bool          // bytes and ends of connections are taken and never passed on: a half-open connection, whose peer is gone without a word
	Refuse  bool          // new connections are reset at once
}

// Proxy passes connections on to a server and spoils them as told. All methods may be called at any
// time.
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

// maxPairs is how many connections a proxy serves at once; more wait.
const maxPairs = 10_000

// NewProxy listens on address and passes what comes on to the server: both are "host:port" or
// "unix:path", as for Dialer. Port 0 finds a free one. Close ends it.
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

// Addr returns the address to connect to, as Dialer reads it.
func (p *Proxy) Addr() string { return join(p.listener.Addr()) }

// Set replaces the fault, also for connections that are open. Set(Fault{}) heals.
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

// Connections returns how many connections are open.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pairs)
}

// Close stops listening, breaks what is open, and waits until all is over.
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
