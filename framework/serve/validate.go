package serve

import (
	"strings"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server/accesslog"
	"github.com/quintetgo/quintet/framework/server/bind"
	"github.com/quintetgo/quintet/framework/server/health"
)

// validate returns a usage error for the first flag that is wrong.
func (o *flags) validate() error {
	if o.environment != nil {
		return o.environment
	}
	for _, addr := range o.bind {
		if _, err := bind.Parse(addr); err != nil {
			return command.Usagef("%w", err)
		}
	}
	if err := o.validateProtocols(); err != nil {
		return err
	}
	limits := &o.server.Limits
	if addr := o.server.Probes.MetricsBind; addr != "" {
		if _, err := bind.Parse(addr); err != nil {
			return command.Usagef("--metrics: %w", err)
		}
	}
	for _, path := range []string{o.health.Live, o.health.Ready, o.health.Startup} {
		if path != health.Off && !strings.HasPrefix(path, "/") {
			return command.Usagef(`probe path %q must start with "/" (or be "-" to disable the probe)`, path)
		}
	}
	for _, field := range []struct {
		name  string
		value int
	}{
		{"workers", o.workers},
		{"backlog", o.backlog},
		{"queue", limits.Queue},
		{"max-requests", limits.Requests},
		{"max-requests-jitter", limits.RequestsJitter},
		{"max-header-bytes", limits.HeaderBytes},
	} {
		if field.value < 0 {
			return command.Usagef("--%s must not be negative, but is %d", field.name, field.value)
		}
	}
	return o.validateMaster()
}

// validateMaster rejects flags of a master process when there is none.
func (o *flags) validateMaster() error {
	if o.workers > 0 {
		return nil
	}
	for _, field := range []struct {
		names string
		set   bool
	}{
		{"--max-requests and --reload-on-memory require", o.server.Limits.Requests > 0 || o.memory > 0},
		{"--pid and --control require", o.pidFile != "" || o.control != ""},
		{"--backlog requires", o.backlog > 0},
		{"--user, --group and --umask require", o.user != "" || o.group != "" || o.umask != ""},
	} {
		if field.set {
			return command.Usagef("%s a master process; use --workers 1 or more", field.names)
		}
	}
	return nil
}

func (o *flags) validateProtocols() error {
	s := &o.server
	for _, addr := range o.redirect {
		if _, err := bind.Parse(addr); err != nil {
			return command.Usagef("--redirect-bind: %w", err)
		}
	}
	if _, err := o.mask(); err != nil {
		return command.Usagef("--umask must be an octal number such as 027, but is %q", o.umask)
	}
	tls := s.TLS.CertFile != "" || len(o.hosts) > 0
	switch {
	case s.Protocol != "http" && s.Protocol != "fcgi":
		return command.Usagef(`--protocol must be "http" or "fcgi", but is %q`, s.Protocol)
	case s.Log.AccessFormat != accesslog.Combined && s.Log.AccessFormat != accesslog.JSON:
		return command.Usagef(`--access-log-format must be "combined" or "json", but is %q`, s.Log.AccessFormat)
	case (s.TLS.CertFile == "") != (s.TLS.KeyFile == ""):
		return command.Usagef("--tls-cert and --tls-key require each other")
	case s.TLS.CertFile != "" && len(o.hosts) > 0:
		return command.Usagef("--tls-cert and --acme-host exclude each other")
	case tls && s.Protocol == "fcgi":
		return command.Usagef("FastCGI has no TLS; configure TLS in the web server in front of it")
	case len(o.redirect) > 0 && !tls:
		return command.Usagef("--redirect-bind requires --tls-cert or --acme-host")
	}
	return nil
}
