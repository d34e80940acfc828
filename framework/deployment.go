package framework

import (
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
		SQLite:   s.DatabaseURL == "" || strings.HasPrefix(s.DatabaseURL, "sqlite:"),
	}
}
