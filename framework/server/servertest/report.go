package servertest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Phase is how far a request got before it failed.
type Phase string

// The phases.
const (
	PhaseRequest Phase = "request" // Load.Request returned an error
	PhaseDial    Phase = "dial"    // no connection
	PhaseWrite   Phase = "write"   // the connection broke while the request was sent
	PhaseWait    Phase = "wait"    // sent, but no byte was received: the effect is unknown
	PhaseRead    Phase = "read"    // the response is incomplete
	PhaseAnswer  Phase = "answer"  // Load.Accept returned an error
)

// Failure is a request without an accepted response.
type Failure struct {
	ID     string
	Phase  Phase
	Status int // of the response; 0 if there is none
	Err    error
	At     time.Duration // when it was sent or scheduled, from the start of the load
	Took   time.Duration
	Fresh  bool // from a client that opens a connection for each request
	Reused bool // the connection had been used for a request before
}

// String returns the failure as one line.
func (f Failure) String() string {
	kind := "first request of its connection"
	if f.Fresh {
		kind = "fresh connection"
	} else if f.Reused {
		kind = "kept connection"
	}
	return fmt.Sprintf("%s at %v after %v, %s, %s: %v",
		f.ID, f.At.Round(time.Millisecond), f.Took.Round(time.Millisecond), f.Phase, kind, f.Err)
}

// Report is the result of a load.
type Report struct {
	Sent      int
	Acks      []string // the ids of the acknowledged requests, in the order of their responses
	Failures  []Failure
	Statuses  map[int]int   // number of responses by status
	Latencies Latencies     // of the acknowledged requests
	Shed      Latencies     // of those with status 503, which are not failures
	Late      time.Duration // largest delay of a scheduled request: with Rate, a sign of too few clients or a busy machine
	Elapsed   time.Duration
}

// Goodput returns the number of acknowledged requests per second.
func (r *Report) Goodput() float64 {
	if r.Elapsed <= 0 {
		return 0
	}
	return float64(len(r.Acks)) / r.Elapsed.Seconds()
}

// Lost returns the acknowledged ids that are not in stored, sorted.
func (r *Report) Lost(stored []string) []string {
	have := make(map[string]bool, len(stored))
	for _, id := range stored {
		have[id] = true
	}
	var lost []string
	for _, id := range r.Acks {
		if !have[id] {
			lost = append(lost, id)
		}
	}
	slices.Sort(lost)
	return lost
}

// Doubled returns the ids that are in stored more than once, sorted.
func (r *Report) Doubled(stored []string) []string {
	seen := make(map[string]int, len(stored))
	var doubled []string
	for _, id := range stored {
		if seen[id]++; seen[id] == 2 {
			doubled = append(doubled, id)
		}
	}
	slices.Sort(doubled)
	return doubled
}

// FailedIn returns the number of failed requests by phase.
func (r *Report) FailedIn() map[Phase]int {
	counts := map[Phase]int{}
	for _, failure := range r.Failures {
		counts[failure.Phase]++
	}
	return counts
}

// String returns the numbers and the first failures.
func (r *Report) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d requests in %v: %d acknowledged (%.0f/s), %d shed, %d failed\n",
		r.Sent, r.Elapsed.Round(time.Millisecond), len(r.Acks), r.Goodput(), len(r.Shed), len(r.Failures))
	fmt.Fprintf(&text, "latency: %s\n", r.Latencies)
	if len(r.Shed) > 0 {
		fmt.Fprintf(&text, "503: %s\n", r.Shed)
	}
	for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
		fmt.Fprintf(&text, "status %d: %d\n", status, r.Statuses[status])
	}
	const most = 10
	for i, failure := range r.Failures {
		if i == most {
			fmt.Fprintf(&text, "and %d more failures\n", len(r.Failures)-most)
			break
		}
		fmt.Fprintln(&text, failure)
	}
	return text.String()
}

// Latencies are durations in ascending order.
type Latencies []time.Duration

// Percentile returns the smallest duration that is not exceeded by percent of them, 0 if there are none.
// Percentile(50) is the median, Percentile(100) the maximum.
func (l Latencies) Percentile(percent float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	rank := int(math.Ceil(percent/100*float64(len(l)))) - 1
	return l[min(max(rank, 0), len(l)-1)]
}

// String returns the usual percentiles.
func (l Latencies) String() string {
	if len(l) == 0 {
		return "none"
	}
	var parts []string
	for _, percent := range []float64{50, 90, 99, 99.9, 100} {
		parts = append(parts, fmt.Sprintf("p%g %v", percent, l.Percentile(percent).Round(10*time.Microsecond)))
	}
	return strings.Join(parts, ", ")
}
