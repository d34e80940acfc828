package auth

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/framework/message"
)

// Throttle limits how often passwords may be tried. Within Window, one network may fail PerAccount
// times for one account, and PerAddress times in all; an account is tried at most
// PerAccountEverywhere times from all networks together. An account counts as one whether its name or
// its address was typed. A network is an IPv4 address or an IPv6 /64, which is what one customer has.
//
// A browser in which the account was logged in before has PerAccount tries for it that nobody else
// can use up: the owner cannot be locked out there. A signed cookie, "known_browser", tells. Nobody is
// locked out for longer than Window, and a successful login counts for nothing.
//
// Behind a proxy that the setting TRUSTED_PROXIES does not name, all visitors seem to have its
// address. Tries from loopback and private addresses are therefore not limited per account and
// network, and to ten times PerAddress in all; PerAccountEverywhere holds.
//
// The counts are kept in the database: all workers share them, and they survive a restart.
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

// try is an attempt at a password.
type try struct {
	accounts []string // whose passwords it may be
	address  string   // of the visitor
	browser  string   // ID of the browser if it is a known one of the account, or ""
}

// limits lists what the try counts for.
func (t Throttle) limits(try try) []limit {
	if try.browser != "" {
		return []limit{{counterID("browser", try.browser), t.PerAccount}}
	}
	network, shared := networkOf(try.address)
	perAddress := t.PerAddress
	if shared {
		perAddress *= 10
	}
	limits := []limit{{counterID("address", network), perAddress}}
	for _, account := range try.accounts {
		if !shared {
			limits = append(limits, limit{counterID("pair", account, network), t.PerAccount})
		}
		limits = append(limits, limit{counterID("account", account), t.PerAccountEverywhere})
	}
	return limits
}

// networkOf returns what is counted of an address, and whether many visitors may have it.
func networkOf(address string) (network string, shared bool) {
	ip, err := netip.ParseAddr(address)
	if err != nil { // a unix socket
		return "", true
	}
	ip = ip.WithZone("").Unmap()
	shared = ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	if prefix, err := ip.Prefix(bits); err == nil {
		return prefix.String(), shared
	}
	return ip.String(), shared
}

// ThrottledError says that passwords were tried too often. Its HTTP status is 429.
type ThrottledError struct{ Wait time.Duration }

// Error says how long to wait.
func (e *ThrottledError) Error() string {
	return "too many logins: wait " + e.Wait.Round(time.Second).String()
}

// HTTPStatus returns 429.
func (e *ThrottledError) HTTPStatus() int { return http.StatusTooManyRequests }

// RetryAfter returns the value of the header Retry-After.
func (e *ThrottledError) RetryAfter() string {
	return strconv.Itoa(max(1, int(math.Ceil(e.Wait.Seconds()))))
}

// PublicMessage returns the user-facing message, with the code "throttled".
func (e *ThrottledError) PublicMessage() message.Message {
	return message.Message{
		Code:   "throttled",
		Text:   "There were too many failed tries. Please wait {minutes} minute.",
		Plural: "There were too many failed tries. Please wait {minutes} minutes.",
		Count:  "minutes",
		Args:   message.Args{"minutes": max(1, int(math.Ceil(e.Wait.Minutes())))},
	}
}
