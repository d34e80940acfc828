package framework

import (
	"net"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/deploy"
	"github.com/quintetgo/quintet/framework/serve"
	"github.com/quintetgo/quintet/framework/server/health"
)

// site returns the project as the command serve needs it.
func (p *Project) site() serve.Site {
	return serve.Site{
		Handler: p, Start: p.Start, Stop: p.Stop, Check: p.Check, CheckDeploy: p.CheckDeploy, Readiness: p.readiness(),
		Bind: p.settings.binds(), RequestTimeout: p.settings.RequestTimeout, Logger: p.logger,
	}
}

// readiness returns the readiness checks of the apps.
func (p *Project) readiness() (list []health.Check) {
	for _, app := range p.apps {
		if a, ok := app.(ReadyApp); ok {
			list = append(list, health.Check{Name: a.Name(), Run: a.Ready})
		}
	}
	return list
}

// deployment returns the project as the command deploy needs it.
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

// hasIPv6 reports whether this machine can listen on IPv6. Where it cannot, nginx would not start with an IPv6 address.
func hasIPv6() bool {
	listener, err := net.Listen("tcp6", "[::]:0")
	if err != nil {
		return false
	}
	_ = listener.Close()
	return true
}
