package servertest

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// pair is a connection through a proxy: the client's half and the server's.
type pair struct {
	proxy          *Proxy
	client, server net.Conn
	once           sync.Once
	broken         chan struct{}
}

func (p *Proxy) accept() {
	slots := make(chan struct{}, maxPairs)
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			if p.isClosed() {
				return
			}
			time.Sleep(10 * time.Millisecond)
			continue
		}
		fault, _ := p.current()
		if fault.Refuse {
			reset(conn)
			continue
		}
		slots <- struct{}{}
		p.wait.Go(func() {
			defer func() { <-slots }()
			p.pass(conn)
		})
	}
}

func (p *Proxy) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// current returns the fault and a channel that closes when there is another.
func (p *Proxy) current() (Fault, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault, p.changed
}

// pass owns client.
func (p *Proxy) pass(client net.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	server, err := p.dial(ctx)
	cancel()
	if err != nil {
		reset(client)
		return
	}
	pair := &pair{proxy: p, client: client, server: server, broken: make(chan struct{})}
	p.mu.Lock()
	p.pairs[pair] = true
	if p.closed {
		pair.reset()
	}
	p.mu.Unlock()
	var ways sync.WaitGroup
	ways.Go(func() { pair.copy(server, client, ToServer) })
	ways.Go(func() { pair.copy(client, server, ToClient) })
	ways.Wait()
	p.mu.Lock()
	delete(p.pairs, pair)
	p.mu.Unlock()
	_ = client.Close()
	_ = server.Close()
}

func (p *pair) reset() {
	p.once.Do(func() {
		close(p.broken)
		reset(p.client)
		reset(p.server)
	})
}

// reset closes a TCP connection with a reset.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// copy forwards bytes until the source ends, or the pair breaks.
func (p *pair) copy(to, from net.Conn, way Direction) {
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if !p.deliver(to, buffer[:n], way) {
			p.reset()
			return
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, io.EOF) {
			p.reset()
			return
		}
		if !p.end(to, way) {
			p.reset()
		}
		return
	}
}

// deliver writes a piece as the current faults allow. It reports whether the pair is still connected.
func (p *pair) deliver(to net.Conn, piece []byte, way Direction) bool {
	delayed := time.Duration(0)
	for len(piece) > 0 {
		fault, changed := p.proxy.current()
		if fault.Way != BothWays && fault.Way != way {
			fault = Fault{}
		}
		switch {
		case fault.Freeze:
			if !p.sleep(time.Hour, changed) {
				return false
			}
			continue
		case fault.Swallow:
			return true
		case fault.Delay > delayed:
			began := time.Now()
			if !p.sleep(fault.Delay-delayed, changed) {
				return false
			}
			delayed += time.Since(began) // less if the fault has changed meanwhile
			continue
		}
		n := len(piece)
		if fault.Rate > 0 { // twenty times a second
			n = min(n, max(fault.Rate/20, 1))
		}
		if fault.Rate > 0 && !p.sleep(time.Duration(float64(n)/float64(fault.Rate)*float64(time.Second)), changed) {
			return false
		}
		if _, err := to.Write(piece[:n]); err != nil {
			return false
		}
		piece = piece[n:]
	}
	return true
}

// end forwards the end of one direction, once the faults allow it. It reports whether the other direction continues.
func (p *pair) end(to net.Conn, way Direction) bool {
	for {
		fault, changed := p.proxy.current()
		if (!fault.Freeze && !fault.Swallow) || (fault.Way != BothWays && fault.Way != way) {
			break
		}
		if !p.sleep(time.Hour, changed) {
			return false
		}
	}
	half, ok := to.(interface{ CloseWrite() error })
	return ok && half.CloseWrite() == nil
}

// sleep waits for the time, or until the fault changes. It reports whether the pair is still connected.
func (p *pair) sleep(d time.Duration, changed <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-p.broken:
		return false
	}
	return !p.proxy.isClosed()
}
