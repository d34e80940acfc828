package serve

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/health"
)

// Site is what the command serves. Only Handler is required.
type Site struct {
	// Handler responds to requests.
	Handler http.Handler
	// Start begins work that runs as long as the site is served. An error ends the command. Default: nil, nothing to start.
	Start func(ctx context.Context) error
	// Stop ends what Start began, after the last request and within ten seconds, when its context ends. Default: nil.
	Stop func(ctx context.Context) error
	// Check returns the problems of the site. The command prints warnings and errors, and fails if there is an error.
	// Default: nil, no checks.
	Check func(ctx context.Context) []check.Problem
	// CheckDeploy returns problems of a configuration for development. The command fails if there is an error among them,
	// unless it has the flag --debug. Default: nil, no checks.
	CheckDeploy func(ctx context.Context) []check.Problem
	// Readiness lists the checks behind the readiness probe. Default: none, always ready.
	Readiness []health.Check

	// Bind lists the addresses to listen on without the flag --bind. Default: server.DefaultAddr.
	Bind []string
	// RequestTimeout is the limit of a request without the flag --request-timeout. Default: 0, no limit.
	RequestTimeout time.Duration
	// Logger receives what the server logs. Default: slog.Default().
	Logger *slog.Logger
}

func (s Site) withDefaults() Site {
	if s.Start == nil {
		s.Start = func(context.Context) error { return nil }
	}
	if s.Stop == nil {
		s.Stop = func(context.Context) error { return nil }
	}
	none := func(context.Context) []check.Problem { return nil }
	if s.Check == nil {
		s.Check = none
	}
	if s.CheckDeploy == nil {
		s.CheckDeploy = none
	}
	if len(s.Bind) == 0 {
		s.Bind = []string{server.DefaultAddr}
	}
	if s.Logger == nil {
		s.Logger = slog.Default()
	}
	return s
}

const (
	stopTimeout  = 10 * time.Second // for Site.Stop
	closeTimeout = 10 * time.Second // for the program to end after that
)

// Run starts the site, serves it in this process until ctx ends, and stops it. It returns the errors of all three.
func Run(ctx context.Context, site Site, options server.Options) error {
	return site.withDefaults().run(ctx, server.Run, options)
}

// runner serves a handler: server.Run, or the method Serve of a worker.
type runner func(context.Context, http.Handler, server.Options) error

func (s Site) run(ctx context.Context, serve runner, options server.Options) error {
	if err := s.Start(ctx); err != nil {
		return err
	}
	err := serve(ctx, s.Handler, options)
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return errors.Join(err, s.Stop(stopCtx))
}
