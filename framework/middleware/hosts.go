package middleware

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// AllowedHosts returns middleware that refuses requests for a host that is not a name of this site
// with status 400, since links and redirects are built from that name. Allowed is a list of "example.com", ".example.com"
// (the domain and all below it), addresses, or "*" for all. The port does not matter. In debug
// mode an empty list allows localhost, names below it, and loopback addresses.
//
// The header X-Forwarded-Host is ignored: configure the proxy to pass Host.
func AllowedHosts(allowed []string, debug bool) (web.Middleware, error) {
	list, err := newHostList(allowed, debug)
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			host, ok := hostName(r.Host)
			if ok && list.allows(host) {
				next.ServeHTTP(w, r)
				return
			}
			// The name itself is for the log only: on the page it could mislead.
			cause := fmt.Errorf("the host %q is not in ALLOWED_HOSTS", r.Host)
			if !ok {
				cause = fmt.Errorf("%q is not a host name", r.Host)
			}
			web.WriteError(
				w,
				r,
				&web.Error{
					Status:  http.StatusBadRequest,
					Message: message.Text("This site is not available under that host name."),
					Err:     cause,
				},
			)
		})
	}, nil
}

type hostList struct {
	all     bool
	local   bool
	exact   map[string]bool
	domains []string // each begins with a dot
}

func newHostList(allowed []string, debug bool) (*hostList, error) {
	list := &hostList{exact: map[string]bool{}, local: debug && len(allowed) == 0}
	for _, entry := range allowed {
		name := strings.ToLower(strings.TrimSpace(entry))
		domain, below := strings.CutPrefix(name, ".")
		plain, ok := hostName(domain)
		switch {
		case name == "*":
			list.all = true
		case !ok || below && strings.HasPrefix(plain, "["):
			return nil, fmt.Errorf(
				"allowed host %q: write a name such as \"example.com\", \".example.com\" for all below it too, an address, or \"*\"",
				entry,
			)
		case below:
			list.exact[plain] = true
			list.domains = append(list.domains, "."+plain)
		default:
			list.exact[plain] = true
		}
	}
	return list, nil
}

func (l *hostList) allows(host string) bool {
	if l.all || l.exact[host] {
		return true
	}
	for _, domain := range l.domains {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	if !l.local {
		return false
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// hostName returns the name in a Host header in lower case without its port, addresses of IP
// version 6 in brackets. The dot that ends a fully qualified name is dropped: "example.com." is
// the same host as "example.com". Letters other than ASCII are refused, and so are underscores,
// which no host name has.
func hostName(host string) (string, bool) {
	host = strings.ToLower(host)
	name, port := host, ""
	if strings.HasPrefix(host, "[") {
		end := strings.IndexByte(host, ']')
		if end < 0 {
			return "", false
		}
		addr, err := netip.ParseAddr(host[1:end])
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return "", false
		}
		name, port = "["+addr.String()+"]", host[end+1:]
	} else {
		if at := strings.IndexByte(host, ':'); at >= 0 {
			name, port = host[:at], host[at:]
		}
		if name = strings.TrimSuffix(name, "."); !isDomain(name) {
			return "", false
		}
	}
	if port != "" && (port[0] != ':' || !isPort(port[1:])) {
		return "", false
	}
	return name, true
}

func isPort(port string) bool {
	if port == "" {
		return true
	}
	_, err := net.LookupPort("tcp", port)
	return err == nil && strings.Trim(port, "0123456789") == "" && len(port) <= 5
}

func isDomain(name string) bool {
	if name == "" || len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for i := range len(label) {
			c := label[i]
			if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return true
}
