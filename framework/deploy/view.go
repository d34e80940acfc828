package deploy

import (
	"fmt"
	"net"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/server/bind"
	"github.com/quintetgo/quintet/framework/staticfiles"
)

// view is the data of the templates: a Site in the terms of the generated files.
type view struct {
	Site
	ID                             string // name as an identifier
	Go                             string
	Socket                         string // path; "" for TCP
	ListenStream, Port             string
	NginxUpstream, ApacheUpstream  string
	NginxNames, ApacheName         string
	ApacheAliases, Domains         []string
	NginxMaxBody                   string
	StaticPath, StaticPattern      string
	Timeout, Graceful, StopTimeout int // in seconds
	LameDuck                       int
	InHome                         bool
	Image                          string
	Types                          []staticfiles.MediaType
}

// newView requires a valid Site with its defaults.
func newView(s Site) (view, error) {
	address, err := bind.Parse(s.Addr)
	if err != nil {
		return view{}, err
	}
	v := view{
		Site: s, ID: strings.ReplaceAll(s.Name, "-", "_"), Go: s.GoVersion, Domains: s.Hosts,
		Image: s.Name + ":latest", Types: staticfiles.MediaTypes(),
		StaticPath: staticPath(s.StaticURL), NginxMaxBody: short(s.MaxBody),
		Timeout: seconds(longestWait), Graceful: seconds(graceful), LameDuck: seconds(lameDuck),
		StopTimeout: seconds(graceful + lameDuck + stopping),
		InHome:      strings.HasPrefix(s.Dir, "/home/") || strings.HasPrefix(s.Dir, "/root/"), Port: "8000",
	}
	v.StaticPattern = regexp.QuoteMeta(v.StaticPath)
	if s.RequestTimeout > 0 {
		v.Timeout = seconds(s.RequestTimeout) + 10
	}
	v.listen(address)
	v.names()
	return v, nil
}

// listen sets the addresses of the site.
func (v *view) listen(address bind.Address) {
	scheme := "http"
	if v.FastCGI {
		scheme = "fcgi"
	}
	if address.Network != "tcp" {
		v.Socket = address.Name
		if address.Network != "unix" { // systemd opens it, as set in the socket unit
			v.Socket = "/run/" + v.Name + "/" + v.Name + ".sock"
		}
		v.ListenStream, v.NginxUpstream = v.Socket, "unix:"+v.Socket
		v.ApacheUpstream = "unix:" + v.Socket + "|" + scheme + "://" + v.Name + "/"
		return
	}
	host, port, _ := net.SplitHostPort(address.Name)
	v.Port, v.ListenStream = port, address.Name
	switch host {
	case "", "0.0.0.0", "::":
		host = "127.0.0.1"
	}
	if strings.HasPrefix(address.Name, ":") {
		v.ListenStream = port
	}
	v.NginxUpstream = net.JoinHostPort(host, port)
	v.ApacheUpstream = scheme + "://" + v.NginxUpstream + "/"
}

// names sets the host names. A leading dot includes all subdomains.
func (v *view) names() {
	var nginx, apache []string
	for _, host := range v.Hosts {
		if slices.Contains(v.Hosts, "."+host) {
			continue // the one with the dot includes it
		}
		switch rest, below := strings.CutPrefix(host, "."); {
		case host == "*":
			nginx = append(nginx, "_")
		case below:
			nginx = append(nginx, host)
			apache = append(apache, rest, "*."+rest)
		default:
			nginx, apache = append(nginx, host), append(apache, host)
		}
	}
	v.NginxNames = strings.Join(nginx, " ")
	if len(apache) == 0 {
		apache = []string{"localhost"}
	}
	v.ApacheName, v.ApacheAliases = apache[0], apache[1:]
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// short formats a number of bytes in the syntax of nginx.
func short(n int64) string {
	switch {
	case n > 0 && n%(1<<20) == 0:
		return fmt.Sprintf("%dm", n>>20)
	case n > 0 && n%(1<<10) == 0:
		return fmt.Sprintf("%dk", n>>10)
	}
	return fmt.Sprint(n)
}

// builtWith returns the version of Go that built the program, in the form of image tags.
func builtWith() string {
	if m := regexp.MustCompile(`^go([0-9]+\.[0-9]+)`).FindStringSubmatch(runtime.Version()); m != nil {
		return m[1]
	}
	return "1.26"
}
