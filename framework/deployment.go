package framework

import (
	"net"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/deploy"
)

// deployment is what the settings say to the command deploy.
func (p *Project) deployment() deploy.Site {
	s := p.settings
	return deploy.Site{
		Name: deploy.ProgramName(programName()), Hosts: s.AllowedHosts, Addr: s.binds()[0],
		StaticURL: s.StaticURL, StaticDir: s.StaticRoot, MaxBody: s.MaxBody, RequestTimeout: s.RequestTimeout,
		Migrates: slices.ContainsFunc(p.Commands(), func(c command.Command) bool { return c.Name == "migrate" }),
		NoIPv6:   !hasIPv6(),
		SQLite:   s.DatabaseURL == "" || strings.HasPrefix(s.DatabaseURL, "sqlite:"),
	}
}

// hasIPv6 reports whether this machine can listen on IPv6. Where it cannot, nginx would not start with such an address.
func hasIPv6() bool {
	listener, err := net.Listen("tcp6", "[::]:0")
	if err != nil {
		return false
	}
	_ = listener.Close()
	return true
}
