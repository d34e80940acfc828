package auth

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Throttle limits how often passwords may be tried. Within Window, one address may fail
// PerAccount times for one account, and PerAddress times in all; an account is tried at most
// PerAccountEverywhere times from all addresses together. Nobody is locked out for longer than
// Window, and a successful login counts for nothing. PerAddress does not hold for loopback
// addresses, where a proxy may stand that settings do not name.
//
// The counts live in the process: with several processes each has its own.
type Throttle struct {
	PerAccount           int           // default 5
	PerAddress           int           // default 50
	PerAccountEverywhere int           // default 50
	Window               time.Duration // default 15 minutes
	Off                  bool          // no limit at all
}

func (t Throttle) withDefaults() Throttle {
	def := func(value *int, otherwise int) {
		if *value <= 0 {
			*value = otherwise
		}
	}
	def(&t.PerAccount, 5)
	def(&t.PerAddress, 50)
	def(&t.PerAccountEverywhere, 50)
	if t.Window <= 0 {
		t.Window = 15 * time.Minute
	}
	return t
}

// maxTracked is how many counts are kept at most; when there are more, the oldest windows go.
const maxTracked = 100_000

// throttle counts failed tries. A try is counted before the password is looked at and taken back
// when it was right, so that a burst of parallel tries does not slip through.
type throttle struct {
	Throttle
	now    func() time.Time
	mu     sync.Mutex
	counts map[string]*count
}

type count struct {
	tries int
	until time.Time
}

func newThrottle(t Throttle, now func() time.Time) *throttle {
	return &throttle{Throttle: t.withDefaults(), now: now, counts: map[string]*count{}}
}

// begin counts a try. If there were too many, it counts nothing and returns how long to wait. Done
// takes the try back; call it when the password was right, or when nothing could be tried.
func (t *throttle) begin(account, address string) (done func(), wait time.Duration) {
	if t.Off {
		return func() {}, 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	limits := []struct {
		key   string
		limit int
	}{
		{"pair\x00" + account + "\x00" + address, t.PerAccount},
		{"address\x00" + address, t.PerAddress},
		{"account\x00" + account, t.PerAccountEverywhere},
	}
	if local(address) { // a proxy that is not known as one, with all visitors behind it
		limits = append(limits[:1], limits[2:]...)
	}
	for _, l := range limits {
		if c := t.counts[l.key]; c != nil && now.Before(c.until) && c.tries >= l.limit {
			wait = max(wait, c.until.Sub(now))
		}
	}
	if wait > 0 {
		return func() {}, wait
	}
	var counted []*count
	for _, l := range limits {
		c := t.counts[l.key]
		if c == nil || !now.Before(c.until) {
			t.makeRoom(now)
			c = &count{until: now.Add(t.Window)}
			t.counts[l.key] = c
		}
		c.tries++
		counted = append(counted, c)
	}
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		for _, c := range counted {
			c.tries--
		}
	}), 0
}

// local reports whether an address says nothing about who it is.
func local(address string) bool {
	ip, err := netip.ParseAddr(address)
	return err != nil || ip.IsLoopback()
}

// makeRoom removes what is over, and if that is not enough an arbitrary tenth; the caller holds mu.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.counts) < maxTracked {
		return
	}
	for key, c := range t.counts {
		if !now.Before(c.until) {
			delete(t.counts, key)
		}
	}
	for key := range t.counts {
		if len(t.counts) < maxTracked*9/10 {
			return
		}
		delete(t.counts, key)
	}
}

// ThrottledError says that passwords were tried too often. It answers 429.
type ThrottledError struct{ Wait time.Duration }

// Error says how long to wait.
func (e *ThrottledError) Error() string {
	return "too many logins: wait " + e.Wait.Round(time.Second).String()
}

// HTTPStatus returns 429.
func (e *ThrottledError) HTTPStatus() int { return http.StatusTooManyRequests }

// Message is a sentence for people.
func (e *ThrottledError) Message() string {
	n := max(1, int(math.Ceil(e.Wait.Minutes())))
	if n == 1 {
		return "There were too many failed tries. Please wait a minute."
	}
	return "There were too many failed tries. Please wait " + strconv.Itoa(n) + " minutes."
}
