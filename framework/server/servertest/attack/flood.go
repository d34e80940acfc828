package attack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

// Flood attacks a server with HTTP/2 frames that cost more to handle, or to keep in memory, than to send. A good
// server ends such connections, or handles them at little cost, and serves other clients meanwhile: measure its
// goroutines and its memory, and run a Load beside the Flood.
//
// The connections are cleartext HTTP/2 with prior knowledge or, if Dial returns a *tls.Conn that negotiates "h2",
// HTTP/2 over TLS.
type Flood struct {
	Dial servertest.Dial // opens a connection; required
	Kind FloodKind

	Connections int           // number of connections; default: 4, maximum: 1,000
	Streams     int           // open streams of a connection, if its kind keeps them; default: what the server allows, maximum: 1,000
	Frames      int           // frames that a connection sends at full speed, up to 1 GiB; default: 1,000,000, maximum: 100 million
	Interval    time.Duration // between frames of a slow connection; default: 100 ms
	Duration    time.Duration // after which the attack ends, from when a connection is open; default: 5 s
	Path        string        // of the requests; default: "/". For the kinds that stall it should have a large response
	Host        string        // of the requests; default: "localhost"
}

func (f Flood) withDefaults() (Flood, error) {
	if f.Dial == nil {
		return f, errors.New("flood: Dial is missing; servertest.Dialer returns one for an address")
	}
	if int(f.Kind) >= len(methods) {
		return f, fmt.Errorf("flood: unknown kind %d; use one of FloodKinds", f.Kind)
	}
	counts := []struct {
		value          *int
		standard, most int
	}{{&f.Connections, 4, 1000}, {&f.Streams, 1000, 1000}, {&f.Frames, 1_000_000, 100_000_000}}
	for _, count := range counts {
		if *count.value <= 0 {
			*count.value = count.standard
		}
		*count.value = min(*count.value, count.most)
	}
	if f.Interval <= 0 {
		f.Interval = 100 * time.Millisecond
	}
	if f.Duration <= 0 {
		f.Duration = 5 * time.Second
	}
	if f.Path == "" {
		f.Path = "/"
	}
	if f.Host == "" {
		f.Host = "localhost"
	}
	return f, nil
}

// FloodReport is the result of a Flood.
type FloodReport struct {
	Opened  int
	Refused int   // could not be opened, or do not speak HTTP/2
	Err     error // the first error of those; nil if there is none
	Ended   int   // closed by the server, or ended with an error, before the attack was over
	Held    int   // open until the end

	GoAways map[string]int // number of connections ended with an error, by the name of the error code, such as "ENHANCE_YOUR_CALM"
	Resets  int            // streams that the server reset
	Answers int            // heads of responses

	Frames    int                  // number sent
	Streams   int                  // number opened
	Bytes     int64                // sent, before TLS
	Received  int64                // bytes of frames, before TLS
	Lifetimes servertest.Latencies // of the connections that the server ended
}

// String returns the numbers on one line.
func (r *FloodReport) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d connections opened, %d refused", r.Opened, r.Refused)
	if r.Err != nil {
		fmt.Fprintf(&text, " (%v)", r.Err)
	}
	fmt.Fprintf(&text, ": %d ended (after %s), %d held; GOAWAY:", r.Ended, r.Lifetimes, r.Held)
	for _, code := range slices.Sorted(maps.Keys(r.GoAways)) {
		fmt.Fprintf(&text, " %d %s,", r.GoAways[code], code)
	}
	if len(r.GoAways) == 0 {
		text.WriteString(" none,")
	}
	fmt.Fprintf(&text, " %d streams reset, %d responses; sent %d frames, %d streams, %d bytes; received %d bytes",
		r.Resets, r.Answers, r.Frames, r.Streams, r.Bytes, r.Received)
	return text.String()
}

// Run attacks until the server has ended all connections, Duration is over for each, or ctx ends. It returns an error if the
// fields are not valid.
func (f Flood) Run(ctx context.Context) (*FloodReport, error) {
	f, err := f.withDefaults()
	if err != nil {
		return nil, err
	}
	report := FloodReport{GoAways: map[string]int{}}
	together(f.Connections, func(connect, tell func(func())) {
		var conn *flooding
		var err error
		connect(func() {
			// The time for connecting is not part of the attack: a busy machine would leave none for it.
			opening, cancel := context.WithTimeout(ctx, introTimeout)
			defer cancel()
			conn, err = f.open(opening)
		})
		if err != nil {
			tell(func() {
				report.Refused++
				if report.Err == nil {
					report.Err = err
				}
			})
			return
		}
		attacking, cancel := context.WithTimeout(ctx, f.Duration)
		defer cancel()
		ended := conn.run(attacking)
		tell(func() { report.add(conn, ended) })
	})
	slices.Sort(report.Lifetimes)
	return &report, nil
}

// add counts a connection that has ended.
func (r *FloodReport) add(c *flooding, ended bool) {
	r.Opened++
	if ended {
		r.Ended++
		r.Lifetimes = append(r.Lifetimes, c.lasted)
	} else {
		r.Held++
	}
	if c.code != "" {
		r.GoAways[c.code]++
	}
	r.Resets += c.resets
	r.Answers += c.answers
	r.Frames += c.out.frames
	r.Bytes += c.out.bytes
	r.Streams += c.streams
	r.Received += c.received
}
