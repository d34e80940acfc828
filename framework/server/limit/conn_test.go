package limit_test

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"github.com/quintetgo/quintet/framework/server/limit"
)

// pair returns both ends of a TCP connection, of which the first is limited.
func pair(t *testing.T, timeout time.Duration) (bounded, plain net.Conn) {
	t.Helper()
	bounded, plain, stop, err := pipe(limit.NewGate(1), timeout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return bounded, plain
}

func pipe(gate *limit.Gate, timeout time.Duration) (bounded, plain net.Conn, stop func(), err error) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, nil, err
	}
	l := limit.Listener(inner, gate, timeout)
	if plain, err = net.Dial("tcp", inner.Addr().String()); err == nil {
		bounded, err = l.Accept()
	}
	return bounded, plain, func() { _, _, _ = bounded.Close(), plain.Close(), l.Close() }, err
}

func TestConnIsAConn(t *testing.T) {
	t.Parallel()
	for name, timeout := range map[string]time.Duration{"without deadline": 0, "with deadline": time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) { return pipe(nil, timeout) })
		})
	}
}

// TestReadDeadline sets deadlines before, between and during reads, in every relevant order.
func TestReadDeadline(t *testing.T) {
	t.Parallel()
	const soon, late, noDeadline = time.Second, 10 * time.Second, time.Hour
	for name, test := range map[string]struct {
		before []time.Duration // set in order, with a read between; 0 means none, negative past
		during []time.Duration // set while the read is in progress
		data   time.Duration   // when data arrives, if at all
		want   time.Duration   // when the read ends
	}{
		"none":                        {data: soon, want: soon},
		"one":                         {before: []time.Duration{soon}, want: soon},
		"past":                        {before: []time.Duration{-1}, want: 0},
		"sooner than the last":        {before: []time.Duration{noDeadline, soon}, want: soon},
		"later than the last":         {before: []time.Duration{soon, late}, want: late},
		"taken back":                  {before: []time.Duration{soon, 0}, data: late, want: late},
		"past and taken back":         {before: []time.Duration{-1, 0}, data: soon, want: soon},
		"past and then one":           {before: []time.Duration{-1, soon}, want: soon},
		"while reading":               {during: []time.Duration{soon}, want: soon},
		"past while reading":          {during: []time.Duration{-1}, want: 0},
		"sooner while reading":        {before: []time.Duration{noDeadline}, during: []time.Duration{soon}, want: soon},
		"later while reading":         {before: []time.Duration{soon}, during: []time.Duration{late}, want: late},
		"taken back while reading":    {before: []time.Duration{soon}, during: []time.Duration{0}, data: late, want: late},
		"to and fro":                  {before: []time.Duration{soon}, during: []time.Duration{noDeadline, late, 0, late}, want: late},
		"past twice":                  {before: []time.Duration{-1, -1}, want: 0},
		"data before it":              {before: []time.Duration{late}, data: soon, want: soon},
		"data before the one changed": {before: []time.Duration{noDeadline}, during: []time.Duration{late}, data: soon, want: soon},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, client := pair(t, time.Minute)
			began := time.Now()
			set := func(d time.Duration) {
				var deadline time.Time
				switch {
				case d < 0:
					deadline = time.Unix(1, 0)
				case d > 0:
					deadline = began.Add(d)
				}
				if err := c.SetReadDeadline(deadline); err != nil {
					t.Error(err)
				}
			}
			buffer := make([]byte, 8)
			for i, d := range test.before {
				set(d)
				if i < len(test.before)-1 { // a read sets it on the underlying connection
					if d >= 0 {
						_, _ = client.Write([]byte("x"))
					}
					if _, err := c.Read(buffer); (err == nil) != (d >= 0) {
						t.Fatalf("a read with the deadline %v: %v", d, err)
					}
				}
			}
			ended := make(chan error, 1)
			go func() {
				_, err := c.Read(buffer)
				ended <- err
			}()
			if test.during != nil {
				time.Sleep(20 * time.Millisecond) // the read is in progress
			}
			for _, d := range test.during {
				set(d)
			}
			if test.data > 0 {
				time.AfterFunc(time.Until(began.Add(test.data)), func() { _, _ = client.Write([]byte("y")) })
			}
			select {
			case err := <-ended:
				timeout, ok := errors.AsType[net.Error](err)
				if late := test.data == 0; late != errors.Is(err, os.ErrDeadlineExceeded) || late && (!ok || !timeout.Timeout()) || !late && err != nil {
					t.Errorf("the read ended with %v", err)
				}
				if took := time.Since(began); took < test.want {
					t.Errorf("the read ended after %v, want %v", took, test.want)
				}
			case <-time.After(patience):
				t.Error("the read does not end")
			}
		})
	}
}

// TestReadIsAborted ends reads right when they begin, as net/http does, which watches for disconnects in the
// background.
func TestReadIsAborted(t *testing.T) {
	t.Parallel()
	c, client := pair(t, time.Minute)
	one := make([]byte, 1)
	for i := range 5000 {
		if err := c.SetReadDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() {
			_, err := c.Read(one)
			ended <- err
		}()
		if i%3 == 0 {
			time.Sleep(time.Duration(i%40) * time.Microsecond)
		}
		_ = c.SetReadDeadline(time.Unix(1, 0))
		if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("round %d: %v", i, err)
		}
		_ = c.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := client.Write([]byte{byte(i)}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, one); err != nil || one[0] != byte(i) {
			t.Fatalf("round %d: read %d, %v", i, one[0], err)
		}
	}
}
