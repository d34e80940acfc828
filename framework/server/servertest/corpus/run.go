package corpus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

// answerTimeout is how long a server may be silent before a case ends.
const answerTimeout = 30 * time.Second

// Result is how a server handled a case.
type Result struct {
	Case
	Got     Verdict
	Answers []string // "200 GET /path" for a response of the handler, "400" for others
	Reached int64    // requests that reached the handler, the probe included
	Desync  string   // how requests and responses do not match; "" if they match
	Silent  bool     // the server neither responded nor closed in time
}

// OK reports whether the server met the case's verdict and requests and responses match.
func (r Result) OK() bool {
	return r.Desync == "" && (r.Want.Cut || r.Got == r.Want)
}

// Report holds the results of a corpus, in its order.
type Report []Result

// Run sends every case over a separate connection, followed by a harmless request (the probe), reads all responses,
// and compares them with the requests that reached the handler. The server must not be used otherwise meanwhile. Run
// returns an error if a connection cannot be opened or ctx ends, with the results so far.
func (c Cases) Run(ctx context.Context, dial servertest.Dial, backend Backend) (Report, error) {
	report := make(Report, 0, len(c))
	for i, each := range c {
		if err := ctx.Err(); err != nil {
			return report, err
		}
		conn, err := dial(ctx)
		if err != nil {
			return report, fmt.Errorf("connect for %s: %w", each, err)
		}
		report = append(report, each.try(conn, fmt.Sprintf("/probe-%d", i), backend))
	}
	return report, nil
}

// try owns conn.
func (c Case) try(conn net.Conn, probe string, backend Backend) Result {
	result := Result{Case: c, Got: Verdict{Cut: c.Want.Cut}}
	defer conn.Close()
	before := backend.Requests()
	_ = conn.SetDeadline(time.Now().Add(answerTimeout))
	sent := make(chan struct{})
	go func() { // concurrently with reading: the server may respond, and stop reading, before it has everything
		defer close(sent)
		_, err := conn.Write(c.Raw)
		if half, ok := conn.(interface{ CloseWrite() error }); ok && c.Want.Cut {
			_ = half.CloseWrite()
		} else if err == nil && !c.Want.Cut {
			_, _ = io.WriteString(conn, "GET "+probe+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		}
	}()
	probed := false
	reader := bufio.NewReader(conn)
	for {
		if start, _ := reader.Peek(len("HTTP/")); !strings.HasPrefix("HTTP/", string(start)) {
			result.Answers = append(result.Answers, "a body without a head") // a response of HTTP/0.9
			break
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			timeout, ok := errors.AsType[net.Error](err)
			result.Silent = ok && timeout.Timeout()
			break
		}
		if response.StatusCode < 200 && response.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		served := response.Header.Get(servedHeader)
		result.Answers = append(result.Answers, strings.TrimSpace(fmt.Sprintf("%d %s", response.StatusCode, served)))
		switch {
		case served == "GET "+probe:
			probed = true
		case probed:
			result.Desync = "there was a response after that to the last request"
		case served != "" && response.StatusCode < 400:
			result.Got.Pass++
		default:
			result.Got.Status = response.StatusCode
		}
		_, err = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if err != nil {
			break
		}
	}
	_ = conn.Close()
	<-sent
	if c.Want.Cut {
		// It is not known when a request without a response has reached the handler: counted too early it would be
		// attributed to the next case.
		time.Sleep(cutTime)
	}
	result.Reached = settled(backend, before+int64(len(result.Answers))) - before
	result.compare(probed)
	return result
}

// cutTime is how long after the end of its connection an incomplete request may reach the handler.
const cutTime = 300 * time.Millisecond

// settled returns the backend's number once it is the expected one, or after a timeout.
func settled(backend Backend, want int64) int64 {
	got := backend.Requests()
	for range 10 {
		if got == want || got == want-1 { // a rejection is a response to a request that did not reach the handler
			break
		}
		time.Sleep(10 * time.Millisecond)
		got = backend.Requests()
	}
	return got
}

// compare checks whether requests and responses match.
func (r *Result) compare(probed bool) {
	passed := int64(r.Got.Pass)
	if probed {
		passed++
	}
	r.Got.Body = r.Got.Status > 0 && r.Reached == passed+1
	r.Got.Open = r.Got.Status > 0 && probed
	r.Got.Closed = r.Got.Status == 0 && !probed && !r.Silent && !r.Want.Cut
	told := int64(len(r.Answers))
	switch {
	case r.Desync != "":
	case r.Want.Cut && r.Reached > 1:
		r.Desync = fmt.Sprintf("%d requests reached the handler from one that is cut off", r.Reached)
	case r.Want.Cut:
	case r.Reached > told:
		r.Desync = fmt.Sprintf("%d requests reached the handler, and there were %d responses", r.Reached, told)
	case r.Reached < passed:
		r.Desync = fmt.Sprintf("%d responses of the handler for %d requests that reached it", passed, r.Reached)
	case r.Silent && r.Got.Pass > 0:
		r.Desync = "the request behind it was parsed as something else"
	}
}

// Failed returns the results that are not OK.
func (r Report) Failed() Report {
	return r.where(func(result Result) bool { return !result.OK() })
}

// Desynced returns the results in which requests and responses do not match: the dangerous ones.
func (r Report) Desynced() Report {
	return r.where(func(result Result) bool { return result.Desync != "" })
}

func (r Report) where(keep func(Result) bool) Report {
	var kept Report
	for _, result := range r {
		if keep(result) {
			kept = append(kept, result)
		}
	}
	return kept
}

// String returns a line of totals and one for each result that is not OK.
func (r Report) String() string {
	var text strings.Builder
	failed := r.Failed()
	fmt.Fprintf(&text, "%d cases: %d as expected, %d not, %d out of sync\n", len(r), len(r)-len(failed), len(failed), len(r.Desynced()))
	for _, result := range failed {
		fmt.Fprintf(&text, "%s: got %s, want %s; responses %q, %d reached",
			result.Case, result.Got, result.Want, result.Answers, result.Reached)
		if result.Desync != "" {
			fmt.Fprintf(&text, "; OUT OF SYNC: %s", result.Desync)
		}
		if result.Silent {
			text.WriteString("; the server did not respond")
		}
		text.WriteByte('\n')
	}
	return text.String()
}
