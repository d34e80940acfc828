package servertest

import (
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// http2 is Go's client for cleartext HTTP/2. It sends a request again only if the server reported that it did not
// process it.
type http2 struct {
	load      Load
	transport *http.Transport

	mu    sync.Mutex
	conns []net.Conn
}

func newHTTP2(load Load) *http2 {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	c := &http2{load: load}
	c.transport = &http.Transport{Protocols: protocols, DisableCompression: true, DialContext: c.dial}
	return c
}

func (c *http2) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	conn, err := c.load.Dial(ctx)
	if err == nil {
		c.mu.Lock()
		c.conns = append(c.conns, conn)
		c.mu.Unlock()
	}
	return conn, err
}

func (c *http2) do(request *http.Request) (answer, Phase, error) {
	ctx, cancel := context.WithTimeout(request.Context(), c.load.Timeout)
	defer cancel()
	var mu sync.Mutex // the hooks may run concurrently
	phase, reused := PhaseDial, false
	set := func(to Phase) {
		mu.Lock()
		phase = to
		mu.Unlock()
	}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			set(PhaseWrite)
			mu.Lock()
			reused = info.Reused
			mu.Unlock()
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { set(PhaseWait) },
		GotFirstResponseByte: func() { set(PhaseRead) },
	})
	response, err := c.transport.RoundTrip(request.WithContext(ctx))
	var got answer
	if err == nil {
		set(PhaseRead)
		got, err = readAnswer(response)
	}
	mu.Lock()
	defer mu.Unlock()
	got.reused = reused
	return got, phase, err
}

// close closes all connections, including those whose last stream the transport has not cleaned up yet.
func (c *http2) close() {
	c.transport.CloseIdleConnections()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.conns = nil
}

// freshHTTP2 opens a connection for each request.
type freshHTTP2 struct{ load Load }

func (c freshHTTP2) do(request *http.Request) (answer, Phase, error) {
	one := newHTTP2(c.load)
	defer one.close()
	return one.do(request)
}

func (freshHTTP2) close() {}
