package dburl

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
)

// options are the options of every server, by name.
var options = map[string]func(u *URL, value string) error{
	"pool_max":          func(u *URL, v string) error { return setCount(&u.Pool.Max, v, 1) },
	"pool_idle":         func(u *URL, v string) error { return setCount(&u.Pool.Idle, v, 0) },
	"pool_lifetime":     func(u *URL, v string) error { return setDuration(&u.Pool.Lifetime, v) },
	"pool_idle_time":    func(u *URL, v string) error { return setDuration(&u.Pool.IdleTime, v) },
	"connect_timeout":   func(u *URL, v string) error { return setSeconds(&u.Timeouts.Connect, v) },
	"statement_timeout": func(u *URL, v string) error { return setDuration(&u.Timeouts.Statement, v) },
	"sslmode":           func(u *URL, v string) error { return setMode(&u.TLS.Mode, v) },
	"sslrootcert":       func(u *URL, v string) error { return setFile(&u.TLS.RootFile, v) },
	"sslcert":           func(u *URL, v string) error { return setFile(&u.TLS.CertFile, v) },
	"sslkey":            func(u *URL, v string) error { return setFile(&u.TLS.KeyFile, v) },
}

// Timeouts limit how long the server is waited for.
type Timeouts struct {
	// Connect limits how long opening one connection takes; 5 seconds by default. 0 is no limit.
	Connect time.Duration
	// Statement limits how long the server works on one statement. By default there is no limit.
	Statement time.Duration
}

var defaultTimeouts = Timeouts{Connect: 5 * time.Second}

func (u *URL) validate() error {
	if u.Pool.Idle == notGiven {
		u.Pool.Idle = u.Pool.Max
	}
	switch {
	case u.Pool.Idle > u.Pool.Max:
		return fmt.Errorf("pool_idle=%d is more than pool_max=%d", u.Pool.Idle, u.Pool.Max)
	case u.Timeouts.Statement%time.Millisecond != 0:
		return errors.New("statement_timeout has a fraction of a millisecond, which no server measures")
	}
	return u.TLS.validate()
}

func setCount(into *int, value string, least int) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > maxConnections {
		return fmt.Errorf("expected a whole number from %d to %d", least, maxConnections)
	}
	*into = n
	return nil
}

// setDuration reads a duration with its unit. A number alone could be seconds or, as servers have it, milliseconds.
func setDuration(into *time.Duration, value string) error {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return errors.New(`expected a duration with its unit, such as 30s, 5m or 1h, or 0 for no limit`)
	}
	*into = d
	return nil
}

// setSeconds reads a duration, or a number of seconds as hosting providers write it in connect_timeout.
func setSeconds(into *time.Duration, value string) error {
	if n, err := strconv.ParseUint(value, 10, 31); err == nil {
		*into = time.Duration(n) * time.Second
		return nil
	}
	return setDuration(into, value)
}

func setMode(into *Mode, value string) error {
	if i := slices.Index(modes, Mode(value)); i >= 0 {
		*into = modes[i]
		return nil
	}
	names := make([]string, len(modes))
	for i, m := range modes {
		names[i] = string(m)
	}
	return fmt.Errorf("unknown mode%s; expected one of %s", check.DidYouMean(value, names), strings.Join(names, ", "))
}

func setFile(into *string, value string) error {
	if value == "" {
		return errors.New("expected the path of a file")
	}
	*into = value
	return nil
}
