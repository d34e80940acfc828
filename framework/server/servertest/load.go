package servertest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// maxRequests is the maximum number of requests of a Load.
const maxRequests = 5_000_000

// Load sends requests from several clients concurrently and records the result of each. Nothing is sent twice: a
// failed request is a failure. If the server closed a kept connection while it was idle, that is detected before it
// is used, as browsers and proxies do.
type Load struct {
	Dial  Dial // opens a connection; required
	HTTP2 bool // cleartext HTTP/2: the kept clients share one connection. Default: false

	Clients int // clients that keep their connections; default: 8, negative: none
	Fresh   int // clients that open a connection for each request; default: 2, negative: none

	Duration time.Duration // when to stop sending; default: 5 s
	Requests int           // maximum number of requests; default: 100,000
	Timeout  time.Duration // for a request from connecting to the end of its response; default: one minute

	// Rate is the number of requests to send per second, regardless of the duration of responses; latencies count
	// from the scheduled time. Rate requires enough clients, which limit the requests in flight. Default: 0, each
	// client sends its next request when it has the response.
	Rate float64

	// Request returns the request for a unique id. The scheme and host of its URL only set the Host field. It must be
	// safe for concurrent use. Default: a POST to "/" of the form value id.
	Request func(id string) (*http.Request, error)

	// Accept returns nil if a response acknowledges the request; its error makes the request a failure. It must be
	// safe for concurrent use. Default: statuses from 200 to 299 are accepted.
	Accept func(id string, status int, header http.Header, body []byte) error
}

func (l Load) withDefaults() (Load, error) {
	if l.Dial == nil {
		return l, errors.New("load: Dial is missing; servertest.Dialer returns one for an address")
	}
	counts := []struct {
		value          *int
		standard, most int
	}{{&l.Clients, 8, 10_000}, {&l.Fresh, 2, 10_000}, {&l.Requests, 100_000, maxRequests}}
	for _, count := range counts {
		if *count.value == 0 {
			*count.value = count.standard
		}
		*count.value = min(max(*count.value, 0), count.most)
	}
	if l.Clients+l.Fresh == 0 {
		return l, errors.New("load: there are no clients; Clients and Fresh must not both be negative")
	}
	if l.Rate < 0 {
		return l, fmt.Errorf("load: Rate must be a number of requests per second, or 0, but is %g", l.Rate)
	}
	if l.Duration <= 0 {
		l.Duration = 5 * time.Second
	}
	if l.Timeout <= 0 {
		l.Timeout = time.Minute
	}
	if l.Request == nil {
		l.Request = postID
	}
	if l.Accept == nil {
		l.Accept = func(_ string, status int, _ http.Header, _ []byte) error {
			if status < 200 || status > 299 {
				return fmt.Errorf("status %d", status)
			}
			return nil
		}
	}
	return l, nil
}

func postID(id string) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, "http://localhost/", bytes.NewReader([]byte("id="+id)))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}

// Run sends the load and returns when every request has a response or has failed. When ctx ends, it stops sending. It
// returns an error only if the load itself is not valid; failures of the server are in the report.
func (l Load) Run(ctx context.Context) (*Report, error) {
	l, err := l.withDefaults()
	if err != nil {
		return nil, err
	}
	r := &run{Load: l, start: time.Now(), prefix: rand.Text()[:12]}
	if probe, err := l.Request(r.prefix + "-0"); err != nil {
		return nil, fmt.Errorf("load: create a request: %w", err)
	} else if probe.Body != nil {
		_ = probe.Body.Close()
	}
	ctx, cancel := context.WithTimeout(ctx, l.Duration)
	defer cancel()
	var clients sync.WaitGroup
	shared := newHTTP2(l)
	defer shared.close()
	for i := range l.Clients + l.Fresh {
		var c client = &keeping{load: &r.Load, fresh: i >= l.Clients}
		switch {
		case l.HTTP2 && i >= l.Clients:
			c = freshHTTP2{l}
		case l.HTTP2:
			c = shared
		}
		clients.Go(func() {
			if !l.HTTP2 {
				defer c.close()
			}
			r.work(ctx, c, i >= l.Clients)
		})
	}
	clients.Wait()
	return r.report(), nil
}

// client sends one request after the other.
type client interface {
	// do returns the response, or the phase in which the request failed and the error.
	do(request *http.Request) (answer, Phase, error)
	close()
}

type answer struct {
	status int
	header http.Header
	body   []byte
	reused bool // the connection had been used for a request before
}

// maxBody is how much of a response is kept, in bytes.
const maxBody = 1 << 20

func readAnswer(response *http.Response) (answer, error) {
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
	}
	return answer{status: response.StatusCode, header: response.Header, body: body}, err
}

// run is a load in progress.
type run struct {
	Load
	start  time.Time
	prefix string
	next   atomic.Int64

	mu       sync.Mutex
	acks     []string
	failures []Failure
	statuses map[int]int
	good     Latencies
	shed     Latencies
	late     time.Duration
}

// work sends requests until none is left or the time is over.
func (r *run) work(ctx context.Context, c client, fresh bool) {
	for ctx.Err() == nil {
		number := r.next.Add(1)
		if number > int64(r.Requests) {
			return
		}
		due := time.Now()
		if r.Rate > 0 {
			due = r.start.Add(time.Duration(float64(number-1) / r.Rate * float64(time.Second)))
			if !sleep(ctx, time.Until(due)) {
				return
			}
		}
		if failed := r.send(c, r.prefix+"-"+strconv.FormatInt(number, 10), due, fresh); failed && r.Rate == 0 {
			sleep(ctx, 5*time.Millisecond) // do not retry an unreachable server in a busy loop
		}
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// send sends one request and records its result.
func (r *run) send(c client, id string, due time.Time, fresh bool) (failed bool) {
	began := time.Now()
	request, err := r.Request(id)
	var got answer
	phase := PhaseRequest
	if err == nil {
		got, phase, err = c.do(request)
	}
	took := time.Since(due)
	if err == nil {
		if err = r.Accept(id, got.status, got.header, got.body); err != nil {
			phase = PhaseAnswer
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.late = max(r.late, began.Sub(due))
	if got.status > 0 {
		if r.statuses == nil {
			r.statuses = map[int]int{}
		}
		r.statuses[got.status]++
	}
	switch {
	case err == nil:
		r.acks = append(r.acks, id)
		r.good = append(r.good, took)
		return false
	case got.status == http.StatusServiceUnavailable:
		r.shed = append(r.shed, took)
		return false
	}
	r.failures = append(r.failures, Failure{
		ID: id, Phase: phase, Status: got.status, Err: err, At: due.Sub(r.start), Took: took, Fresh: fresh, Reused: got.reused,
	})
	return true
}

func (r *run) report() *Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.Sort(r.good)
	slices.Sort(r.shed)
	return &Report{
		Sent: len(r.acks) + len(r.shed) + len(r.failures), Acks: r.acks, Failures: r.failures, Statuses: r.statuses,
		Latencies: r.good, Shed: r.shed, Late: r.late, Elapsed: time.Since(r.start),
	}
}
