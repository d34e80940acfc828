// Package dburl reads the URLs of database servers, with the options of pools, timeouts and TLS that all drivers of
// servers share.
package dburl

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// URL is a database on a server, as a text such as "scheme://user:password@host:port/name?pool_max=10" names it.
type URL struct {
	User, Password string
	Host           string // "localhost" if the text has none
	Port           int
	Database       string
	Pool           Pool
	Timeouts       Timeouts
	TLS            TLS
	Extra          map[string]string // the driver's own options that were given
}

// Parse reads a database URL. extra are the names of options that the driver has beyond those of this package. It
// returns an error for a URL without the name of a database, for an unknown or repeated option, and for a value that
// an option does not take.
func Parse(databaseURL string, defaultPort int, extra ...string) (*URL, error) {
	parsed, err := url.Parse(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("%w; write special characters of the password as percent codes, such as %%40 for @", hideText(err))
	}
	if parsed.Opaque != "" || !strings.HasPrefix(parsed.Path, "/") {
		return nil, errors.New("expected two slashes, a host and the name of a database, such as //user:password@localhost/shop")
	}
	if parsed.Fragment != "" {
		return nil, errors.New("the text after # is ignored by every server; write %23 for a # in the password")
	}
	u := &URL{
		User: parsed.User.Username(), Host: cmp.Or(parsed.Hostname(), "localhost"), Port: defaultPort,
		Database: parsed.Path[1:], Pool: defaultPool, Timeouts: defaultTimeouts, TLS: TLS{Mode: Prefer}, Extra: map[string]string{},
	}
	u.Password, _ = parsed.User.Password()
	if text := parsed.Port(); text != "" {
		if u.Port, err = strconv.Atoi(text); err != nil || u.Port < 1 || u.Port > 65535 {
			return nil, fmt.Errorf("the port %q is outside of 1 to 65535", text)
		}
	}
	switch {
	case u.Database == "":
		return nil, errors.New("the URL names no database; write it after the host, as in //localhost/shop")
	case strings.Contains(u.Database, "/"):
		return nil, fmt.Errorf("the name of the database, %q, has a slash", u.Database)
	case strings.IndexByte(u.Database+u.User+u.Password, 0) >= 0:
		return nil, errors.New("the URL has a NUL character")
	}
	values, err := url.ParseQuery(parsed.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("the options after the \"?\": %w", err)
	}
	if err := u.setAll(values, extra); err != nil {
		return nil, err
	}
	return u, u.validate()
}

// Address is host and port, for messages and for dialing.
func (u *URL) Address() string { return net.JoinHostPort(u.Host, strconv.Itoa(u.Port)) }

// setAll sets the options in the order of their names, so that the first error is always the same one.
func (u *URL) setAll(values url.Values, extra []string) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list := values[name]
		if len(list) > 1 {
			return fmt.Errorf("the option %q is given %d times", name, len(list))
		}
		set, known := options[name]
		switch {
		case known:
			if err := set(u, list[0]); err != nil {
				return fmt.Errorf("the option %s=%s: %w", name, list[0], err)
			}
		case slices.Contains(extra, name):
			u.Extra[name] = list[0]
		default:
			return unknownOption(name, extra)
		}
	}
	return nil
}

// unknownOption names the nearest option and lists all.
func unknownOption(name string, extra []string) error {
	all := slices.Sorted(maps.Keys(options))
	all = append(all, extra...)
	hint := check.DidYouMean(name, all)
	if other, ok := otherNames[strings.ToLower(name)]; ok && hint == "" {
		hint = fmt.Sprintf("; use %s", other)
	}
	return fmt.Errorf("unknown option %q%s; the options are %s", name, hint, strings.Join(all, ", "))
}

// otherNames are options of other programs with the same purpose.
var otherNames = map[string]string{
	"max_conns": "pool_max", "pool_max_conns": "pool_max", "maxopenconns": "pool_max", "max_open_conns": "pool_max",
	"pool_size": "pool_max", "connection_limit": "pool_max", "pool_min_conns": "pool_idle", "max_idle_conns": "pool_idle",
	"conn_max_age": "pool_lifetime", "pool_max_conn_lifetime": "pool_lifetime", "pool_max_conn_idle_time": "pool_idle_time",
	"timeout": "connect_timeout", "tls": "sslmode", "ssl": "sslmode", "ssl-mode": "sslmode",
	"ssl_ca": "sslrootcert", "ssl-ca": "sslrootcert",
}

// hideText returns the reason of an error without the URL, which has a password.
func hideText(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		if _, isHost := errors.AsType[url.EscapeError](e.Err); isHost {
			return e.Err
		}
		return errors.New("the URL cannot be read")
	}
	return err
}
