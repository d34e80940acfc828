package limit

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// conn is a connection within bounds. It holds its place at the gate until it is closed, sends in pieces
// (see send.go), and sets the deadlines of the connection inside only where that makes a difference:
// net/http asks for six a request, and each costs as much as a small handler.
//
// Deadlines are times since began, of a clock that does not jump as that of the machine may; 0 means none.
type conn struct {
	net.Conn
	gate    *Gate         // nil without a limit
	timeout time.Duration // for a piece of what is sent; 0 means any
	began   time.Time
	left    sync.Once

	reads    atomic.Int32 // that are under way
	readBy   atomic.Int64 // the deadline that was asked for
	readSet  atomic.Int64 // the one that is set
	writeBy  atomic.Int64 // the deadline that was asked for
	writeSet atomic.Int64 // the one that was set for a piece; 0 if it is another
	setting  sync.Mutex   // held while a deadline is set
}

// past is a deadline that is over since before the connection was there, as net/http sets it to end a read.
const past = -1

// since returns a deadline on the clock of the connection.
func (c *conn) since(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	if d := int64(t.Sub(c.began)); d > 0 {
		return d
	}
	return past
}

// at is the reverse of since.
func (c *conn) at(deadline int64) time.Time {
	if deadline == 0 {
		return time.Time{}
	}
	return c.began.Add(time.Duration(deadline))
}

// Read reads until the deadline that was asked for. One that was set for an earlier time is left, and
// set anew if it passes.
func (c *conn) Read(p []byte) (int, error) {
	c.reads.Add(1)
	defer c.reads.Add(-1)
	for {
		if err := c.setRead(false); err != nil {
			return 0, err
		}
		n, err := c.Conn.Read(p)
		if err == nil || n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if by := c.readBy.Load(); by == past || by != 0 && int64(time.Since(c.began)) >= by {
			return n, err
		}
		if err := c.setRead(true); err != nil {
			return 0, err
		}
	}
}

// SetReadDeadline sets the deadline of reads, also of those under way.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.readBy.Store(c.since(t))
	if c.reads.Load() == 0 {
		return nil // the next one sees to it
	}
	return c.setRead(false)
}

// setRead sets the deadline of the connection inside, unless the one that is set ends a read in time.
// Whoever asks for a deadline stores it and then looks for reads; a read says that it is there and then
// looks for the deadline: one of them sees the other.
func (c *conn) setRead(passed bool) error {
	if !passed && inTime(c.readSet.Load(), c.readBy.Load()) {
		return nil
	}
	c.setting.Lock()
	defer c.setting.Unlock()
	by := c.readBy.Load()
	c.readSet.Store(by)
	return c.Conn.SetReadDeadline(c.at(by))
}

// inTime reports whether the deadline that is set is that which was asked for, or comes before it.
func inTime(set, by int64) bool {
	return set == by || set > 0 && (by == 0 || set < by)
}

// SetDeadline sets both deadlines.
func (c *conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

func (c *conn) Close() error {
	if c.gate != nil {
		c.left.Do(c.gate.leave)
	}
	return c.Conn.Close()
}

// CloseWrite lets net/http end a connection without losing the last answer.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// NetConn returns the connection inside. Its deadlines are not those that were asked for.
func (c *conn) NetConn() net.Conn { return c.Conn }
