package auth

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/framework/message"
)

// Throttle limits the number of failed logins within a window of time. It counts for each pair of account and network, for
// each network, and for each account. An account is the same whether its name or its email address was entered. A network is
// an IPv4 address or an IPv6 /64, the unit that one customer has. Successful logins do not count.
//
// A browser in which the account has logged in before has a separate limit of PerAccount for it, so that the owner cannot be
// locked out there. A signed cookie, "known_browser", identifies it. Nobody is locked out for longer than Window.
//
// Behind a proxy that is not in the setting TRUSTED_PROXIES, all visitors seem to have the same address. Tries from loopback
// and private addresses are therefore not limited for the pair of account and network, and the limit for the network is ten
// times PerAddress; PerAccountEverywhere applies.
//
// The counters are stored in the database: all workers share them, and they survive a restart.
type Throttle struct {
	// PerAccount is the number of failed logins for one account from one network. Default: 5.
	PerAccount int
	// PerAddress is the number of failed logins from one network, for all accounts. Raise it for sites whose users share an
	// address, such as a school. Default: 50.
	PerAddress int
	// PerAccountEverywhere is the number of failed logins for one account from all networks. Default: 50.
	PerAccountEverywhere int
	// Window is the time after the first failed login in which the others count. Default: 15 minutes.
	Window time.Duration
	// Off disables all limits, for sites that another system protects. Default: false.
	Off bool
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
	accounts []string // that the entered name or address identifies
	address  string   // of the visitor
	browser  string   // ID of the browser if it is a known one of the account, or ""
}

// limits returns the counters of a try with their limits.
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

// networkOf returns the network of an address, and whether many visitors may share it.
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

// ThrottledError is the error of a login after too many failed ones. Its HTTP status is 429.
type ThrottledError struct {
	Wait time.Duration // until the next login is possible
}

// Error returns a text with the time to wait.
func (e *ThrottledError) Error() string {
	return "too many logins: wait " + e.Wait.Round(time.Second).String()
}

// HTTPStatus returns 429.
func (e *ThrottledError) HTTPStatus() int { return http.StatusTooManyRequests }

// RetryAfter returns the value of the header Retry-After, in seconds.
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
