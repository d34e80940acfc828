package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/server/certs"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// prepareTLS reads certificates, or prepares to obtain them by ACME.
func (s *serving) prepareTLS(ctx context.Context) error {
	o := &s.options
	switch {
	case o.TLS.CertFile != "" || o.TLS.KeyFile != "":
		if len(o.TLS.ACME.Hosts) > 0 {
			return errors.New("TLS: set certificate files or ACME hosts, not both")
		}
		files, err := certs.NewFiles(o.TLS.CertFile, o.TLS.KeyFile, o.Log.Logger)
		if err != nil {
			return fmt.Errorf("TLS: %w", err)
		}
		s.tls = files.Config()
		go files.Watch(ctx, time.Second)
		s.reopened = append(s.reopened, files.Reload)
	case len(o.TLS.ACME.Hosts) > 0:
		acme, err := certs.NewACME(o.TLS.ACME)
		if err != nil {
			return fmt.Errorf("TLS: %w", err)
		}
		s.acme, s.tls = acme, acme.Config()
	}
	if s.tls != nil && o.Protocol == "fcgi" {
		return errors.New("TLS: FastCGI has no TLS; configure it in the web server in front")
	}
	return nil
}

// serveRedirect redirects http to https until ctx ends.
func (s *serving) serveRedirect(ctx context.Context) error {
	own, err := listen(s.options.TLS.RedirectBind)
	if err != nil {
		return err
	}
	own = append(own, s.options.TLS.RedirectListeners...)
	if len(own) == 0 {
		return nil
	}
	var handler http.Handler = http.HandlerFunc(certs.Redirect)
	if s.acme != nil {
		handler = s.acme.Handler()
	}
	if s.options.Probes.Health != nil {
		handler = s.options.Probes.Health.Handler(handler)
	}
	h := &http.Server{
		Handler: handler, ReadTimeout: s.options.Timeouts.ReadHeader, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: s.newHTTP(nil).ErrorLog,
	}
	rules := s.rules()
	rules.MaxHead, rules.AllowHTTP2 = h.MaxHeaderBytes, false
	for _, l := range own {
		go func() { _ = h.Serve(strict.Listener(l, rules)) }()
	}
	context.AfterFunc(ctx, func() {
		quick, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = h.Shutdown(quick)
		_ = h.Close()
	})
	return nil
}
