package servertest

import (
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// http2 is a client for cleartext HTTP/2, Go's own. It sends a request again only if the server said
// that it has not looked at it.
type http2 struct {
	load      Load
	transport *http.Transport
}

func newHTTP2(load Load) *http2 {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return &http2{load, &http.Transport{
		Protocols:          protocols,
		DisableCompression: true,
		DialContext:        func(ctx context.Context, _, _ string) (net.Conn, error) { return load.Dial(ctx) },
	}}
}

func (c *http2) do(request *http.Request) (answer, Phase, error) {
	ctx, cancel := context.WithTimeout(request.Context(), c.load.Timeout)
	defer cancel()
	var mu sync.Mutex // the hooks may run beside each other
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

func (c *http2) close() { c.transport.CloseIdleConnections() }

// freshHTTP2 opens a connection for each request.
type freshHTTP2 struct{ load Load }

func (c freshHTTP2) do(request *http.Request) (answer, Phase, error) {
	one := newHTTP2(c.load)
	defer one.close()
	return one.do(request)
}

func (freshHTTP2) close() {}
