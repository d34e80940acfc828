package deploy

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/server/bind"
)

// Site is what the files are made from. Only Name is needed by all of them.
type Site struct {
	Name  string   // of the program, and of everything that is called after it
	Hosts []string // names of the site, as "example.com" or ".example.com"; nginx and Apache need one
	Addr  string   // where serve listens, as bind.Parse reads it; "" means 127.0.0.1:8000

	Dir       string // where the program lies on the server; "" means /srv/NAME
	StaticURL string // path or address of static files; "" means /static/
	StaticDir string // folder of collectstatic, absolute or in Dir; "" means "staticfiles"
	User      string // as whom systemd runs the program; "" means a user made up by systemd

	FastCGI        bool          // the web server speaks FastCGI with the site, instead of HTTP
	MaxBody        int64         // of a request in bytes; 0 means 32 MiB, negative no limit
	RequestTimeout time.Duration // of the site; the web server waits longer; 0 means that there is none
	TLSCert        string        // file on the web server's machine; "" means to serve http
	TLSKey         string        // its key

	NoIPv6 bool // nginx listens on IPv4 only, as on machines without IPv6

	Migrates  bool   // the program has the command migrate
	SQLite    bool   // the database is a file
	GoVersion string // for the image that builds, as "1.26"; "" means the version that built the program
}

const (
	defaultMaxBody = 32 << 20
	graceful       = 30 * time.Second // for requests in flight
	lameDuck       = 10 * time.Second // for load balancers to notice
	stopping       = 30 * time.Second // for connections to drain, apps to stop and the database to be closed, amply
	longestWait    = 60 * time.Second // for a site without a time limit
)

var (
	nameForm   = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$`)
	hostForm   = regexp.MustCompile(`^\.?[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$`)
	pathForm   = regexp.MustCompile(`^/[A-Za-z0-9._/+@:~-]+$`)
	userForm   = regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)
	goForm     = regexp.MustCompile(`^[0-9]+\.[0-9]+$`)
	notInNames = regexp.MustCompile(`[^a-z0-9]+`)
)

// ProgramName turns the name of a program into one that systemd, Kubernetes and web servers take.
func ProgramName(text string) string {
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(text), "-"), "-")
	name = strings.TrimRight(name[:min(len(name), 40)], "-")
	if !nameForm.MatchString(name) {
		return "site"
	}
	return name
}

func (s Site) withDefaults() Site {
	if s.Addr == "" {
		s.Addr = "127.0.0.1:8000"
	}
	if s.Dir == "" {
		s.Dir = "/srv/" + s.Name
	}
	if s.StaticURL == "" {
		s.StaticURL = "/static/"
	}
	if s.StaticDir == "" {
		s.StaticDir = "staticfiles"
	}
	if !path.IsAbs(s.StaticDir) {
		s.StaticDir = path.Join(s.Dir, s.StaticDir)
	}
	s.StaticDir = path.Clean(s.StaticDir)
	switch {
	case s.MaxBody == 0:
		s.MaxBody = defaultMaxBody
	case s.MaxBody < 0:
		s.MaxBody = 0
	}
	if s.GoVersion == "" {
		s.GoVersion = builtWith()
	}
	return s
}

// validate refuses what would not stand in a configuration file as it is.
func (s Site) validate() error {
	var list []error
	wrong := func(format string, args ...any) { list = append(list, fmt.Errorf(format, args...)) }
	if !nameForm.MatchString(s.Name) {
		wrong("the name %q: small letters, digits and hyphens are wanted, as in shop", s.Name)
	}
	for _, host := range s.Hosts {
		if host != "*" && !hostForm.MatchString(host) {
			wrong("%q is no name of a site; write example.com, or .example.com for all below it too", host)
		}
	}
	for _, file := range []struct{ what, path string }{
		{"folder of the program", s.Dir}, {"folder of static files", s.StaticDir}, {"certificate", s.TLSCert}, {"key", s.TLSKey},
	} {
		if file.path != "" && !pathForm.MatchString(file.path) {
			wrong("the %s %q: an absolute path of letters, digits and ._/+@:~- is wanted", file.what, file.path)
		}
	}
	if p := staticPath(s.StaticURL); p != "" && !pathForm.MatchString(p) {
		wrong("the address of static files %q: a path such as /static/ is wanted", s.StaticURL)
	}
	if s.User != "" && !userForm.MatchString(s.User) {
		wrong("%q is no name of a user", s.User)
	}
	if !goForm.MatchString(s.GoVersion) {
		wrong("the version of Go %q: write it as 1.26", s.GoVersion)
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		wrong("the certificate and its key belong together")
	}
	if address, err := bind.Parse(s.Addr); err != nil {
		list = append(list, err)
	} else if address.Network == "unix" && !pathForm.MatchString(address.Name) {
		wrong("the socket %q: an absolute path of letters, digits and ._/+@:~- is wanted", address.Name)
	}
	return errors.Join(list...)
}

// staticPath is where static files are on the site itself, with slashes at both ends; "" if they are
// everywhere.
func staticPath(address string) string {
	if _, rest, absolute := strings.Cut(address, "://"); absolute {
		_, rest, _ = strings.Cut(rest, "/")
		address = "/" + rest
	}
	if address = "/" + strings.Trim(address, "/") + "/"; address == "//" {
		return ""
	}
	return address
}
