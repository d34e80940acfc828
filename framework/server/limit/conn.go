package limit

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// conn is a limited connection. It holds its place at the gate until it is closed, sends in pieces (see send.go), and
// sets the deadlines of the underlying connection only where that makes a difference: net/http sets six for each
// request, and each costs as much as a small handler.
//
// Deadlines are durations since began on the monotonic clock; 0 means none.
type conn struct {
	net.Conn
	gate    *Gate         // nil without a limit
	timeout time.Duration // for sending a piece; 0 means no limit
	began   time.Time
	left    sync.Once

	reads    atomic.Int32 // in progress
	readBy   atomic.Int64 // the requested deadline
	readSet  atomic.Int64 // the deadline that is set
	writeBy  atomic.Int64 // the requested deadline
	writeSet atomic.Int64 // the deadline that was set for a piece; 0 for any other
	setting  sync.Mutex   // held while a deadline is set
}

// past is a deadline before the connection was opened, which net/http sets to end a read.
const past = -1

// since converts a deadline to the clock of the connection.
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

// Read reads until the requested deadline. A deadline that was set for an earlier time stays, and is replaced if it
// expires.
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

// SetReadDeadline sets the deadline of reads, including those in progress.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.readBy.Store(c.since(t))
	if c.reads.Load() == 0 {
		return nil // the next read sets it
	}
	return c.setRead(false)
}

// setRead sets the deadline of the underlying connection, unless the one that is set ends a read in time.
// SetReadDeadline stores the deadline and then checks for reads; Read announces itself and then checks the deadline:
// at least one of them sees the other.
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

// inTime reports whether the set deadline is the requested one, or comes before it.
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
		c.left.Do(c.gate.release)
	}
	return c.Conn.Close()
}

// CloseWrite lets net/http end a connection without losing the last response.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// NetConn returns the underlying connection. Its deadlines are not the requested ones.
func (c *conn) NetConn() net.Conn { return c.Conn }
