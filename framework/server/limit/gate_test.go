package limit_test

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/limit"
)

func TestGateBoundsConnectionsOfAllItsListeners(t *testing.T) {
	t.Parallel()
	gate := limit.NewGate(2)
	var listeners []net.Listener
	for range 2 {
		inner, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners = append(listeners, limit.Listener(inner, gate, 0))
		defer listeners[len(listeners)-1].Close()
	}
	accepted := make(chan net.Conn, 8)
	for _, l := range listeners {
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				accepted <- conn
			}
		}()
		for range 2 {
			conn, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
		}
	}
	first, second := <-accepted, <-accepted
	select {
	case <-accepted:
		t.Fatal("a third connection was accepted")
	case <-time.After(50 * time.Millisecond):
	}
	_ = first.Close()
	_ = first.Close() // releases only one place
	third := <-accepted
	select {
	case <-accepted:
		t.Fatal("closing twice gave two places back")
	case <-time.After(50 * time.Millisecond):
	}
	_ = second.Close()
	_ = third.Close()
}

func TestFullGateCloses(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gate := limit.NewGate(1)
	l := limit.Listener(inner, gate, 0)
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	result := make(chan error, 1)
	go func() {
		_, err := l.Accept()
		result <- err
	}()
	_ = l.Close()
	if err := <-result; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept at a full gate that closes: %v", err)
	}
}

// last is a listener that has a connection at the time it is closed.
type last struct {
	net.Listener
	closed chan struct{}
}

func (l last) Close() error { close(l.closed); return nil }

func (l last) Accept() (net.Conn, error) {
	<-l.closed
	one, _ := net.Pipe()
	return one, nil
}

func TestWhatWasAcceptedIsNotLostWhenTheListenerCloses(t *testing.T) {
	t.Parallel()
	for i := range 100 {
		gate := limit.NewGate(1)
		l := limit.Listener(last{closed: make(chan struct{})}, gate, 0)
		accepted := make(chan error)
		go func() {
			conn, err := l.Accept()
			if err == nil {
				err = conn.Close()
			}
			accepted <- err
		}()
		if i%2 > 0 {
			time.Sleep(100 * time.Microsecond)
		}
		_ = l.Close()
		if err := <-accepted; err != nil {
			t.Fatal(err)
		}
		if gate.Open() != 0 {
			t.Fatal("its place was not given back")
		}
	}
}
