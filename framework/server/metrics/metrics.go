package metrics

import (
	"net"
	"net/http"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quintetgo/quintet/framework/server/exchange"
	"github.com/quintetgo/quintet/framework/server/limit"
)

// bounds are the upper bounds of the histogram's buckets.
var bounds = [...]time.Duration{
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second,
	2500 * time.Millisecond, 5 * time.Second, 10 * time.Second,
}

// Metrics counts the requests and connections of this process. The zero value is ready to use. It is safe for
// concurrent use.
type Metrics struct {
	// Queue is the queue of requests to report; nil means that there is none. Set it before serving.
	Queue *limit.Queue

	inFlight atomic.Int64
	routes   sync.Map                           // pattern → *[6]atomic.Uint64, by status class
	buckets  [len(bounds) + 1]atomic.Uint64     // requests by duration, each in one bucket
	total    atomic.Int64                       // in nanoseconds
	states   [http.StateClosed + 1]atomic.Int64 // open connections
	mu       sync.Mutex
	last     map[any]http.ConnState
}

var _ exchange.Observer = (*Metrics)(nil)

// Begin counts the beginning of a request.
func (m *Metrics) Begin() { m.inFlight.Add(1) }

// End counts the end of a request with its response.
func (m *Metrics) End(x *exchange.Exchange) {
	m.inFlight.Add(-1)
	route := x.Notes().Route
	counts, ok := m.routes.Load(route)
	if !ok {
		counts, _ = m.routes.LoadOrStore(route, new([6]atomic.Uint64))
	}
	class := x.Status / 100
	if class < 1 || class > 5 {
		class = 0
	}
	counts.(*[6]atomic.Uint64)[class].Add(1)
	m.total.Add(int64(x.Took))
	for i, bound := range bounds {
		if x.Took <= bound {
			m.buckets[i].Add(1)
			return
		}
	}
	m.buckets[len(bounds)].Add(1)
}

// Conn counts connections by state. Use it as http.Server.ConnState.
func (m *Metrics) Conn(conn net.Conn, state http.ConnState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last == nil {
		m.last = map[any]http.ConnState{}
	}
	key := identity(conn)
	if before, ok := m.last[key]; ok {
		m.states[before].Add(-1)
	}
	if state == http.StateClosed || state == http.StateHijacked {
		delete(m.last, key)
		return
	}
	m.last[key] = state
	m.states[state].Add(1)
}

// identity returns the key of a connection: itself, or the underlying one if it is not comparable.
func identity(conn net.Conn) any {
	for !reflect.TypeOf(conn).Comparable() {
		inner, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			return conn.RemoteAddr().String()
		}
		conn = inner.NetConn()
	}
	return conn
}

// Snapshot is the state of the metrics at one time.
type Snapshot struct {
	Counters
	InFlight    int64            `json:"in_flight"`
	Queued      int64            `json:"queued"`
	Connections map[string]int64 `json:"connections"`
	Goroutines  int64            `json:"goroutines"`
	Resident    int64            `json:"resident"`
}

// Counters only increase.
type Counters struct {
	Requests map[string][6]uint64 `json:"requests"` // by route and status class
	Buckets  []uint64             `json:"buckets"`
	Total    time.Duration        `json:"total"`
	Refused  uint64               `json:"refused"`
}

// Snapshot returns the current state.
func (m *Metrics) Snapshot() Snapshot {
	s := Snapshot{
		InFlight: m.inFlight.Load(), Goroutines: int64(runtime.NumGoroutine()), Resident: int64(limit.Resident()),
		Connections: map[string]int64{},
		Counters: Counters{
			Requests: map[string][6]uint64{}, Buckets: make([]uint64, len(m.buckets)), Total: time.Duration(m.total.Load()),
		},
	}
	m.routes.Range(func(route, counts any) bool {
		var row [6]uint64
		for class := range row {
			row[class] = counts.(*[6]atomic.Uint64)[class].Load()
		}
		s.Requests[route.(string)] = row
		return true
	})
	for i := range m.buckets {
		s.Buckets[i] = m.buckets[i].Load()
	}
	for _, state := range []http.ConnState{http.StateNew, http.StateActive, http.StateIdle} {
		s.Connections[state.String()] = m.states[state].Load()
	}
	if m.Queue != nil {
		s.Queued, s.Refused = int64(m.Queue.Waiting()), m.Queue.Refused()
	}
	return s
}

// Add adds the state of another process.
func (s *Snapshot) Add(o Snapshot) {
	s.Counters.Add(o.Counters)
	s.InFlight += o.InFlight
	s.Queued += o.Queued
	s.Goroutines += o.Goroutines
	s.Resident += o.Resident
	if s.Connections == nil {
		s.Connections = map[string]int64{}
	}
	for state, n := range o.Connections {
		s.Connections[state] += n
	}
}

// Add adds the counters of another process.
func (c *Counters) Add(o Counters) {
	if c.Requests == nil {
		c.Requests = map[string][6]uint64{}
	}
	for route, counts := range o.Requests {
		row := c.Requests[route]
		for class, n := range counts {
			row[class] += n
		}
		c.Requests[route] = row
	}
	if len(c.Buckets) < len(o.Buckets) {
		c.Buckets = append(c.Buckets, make([]uint64, len(o.Buckets)-len(c.Buckets))...)
	}
	for i, n := range o.Buckets {
		c.Buckets[i] += n
	}
	c.Total += o.Total
	c.Refused += o.Refused
}
