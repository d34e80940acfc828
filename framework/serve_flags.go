package framework

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/accesslog"
	"github.com/quintetgo/quintet/framework/server/bind"
	"github.com/quintetgo/quintet/framework/server/exchange"
	"github.com/quintetgo/quintet/framework/server/health"
	"github.com/quintetgo/quintet/framework/server/metrics"
	"github.com/quintetgo/quintet/framework/server/strict"
	"github.com/quintetgo/quintet/framework/web"
)

// serveFlags are what serve can be told.
type serveFlags struct {
	bind            command.List
	workers         int
	backlog         int
	pidFile         string
	control         string
	gracefulTimeout time.Duration
	bootTimeout     time.Duration
	timeout         time.Duration

	server server.Options // what has a flag of its own there
	memory byteSize
	health health.Options
	probes bool
	debug  bool

	strict             bool
	heads              strict.Options
	hosts              command.List
	from               command.List
	redirect           command.List
	user, group, umask string

	wrong error // in the environment
}

func (o *serveFlags) declare(f *flag.FlagSet) {
	*o = serveFlags{}
	f.Var(&o.bind, "bind", "`address` to listen on, host:port, unix:PATH (with mode 0660) or unix:PATH?mode=0600; may be repeated (default: the setting ADDR, or "+DefaultAddr+")")
	f.IntVar(&o.workers, "workers", 1, "worker `processes`; one uses all cores, more are for isolation; 0 serves without a master")
	f.IntVar(&o.backlog, "backlog", 0, "`connections` that wait in the kernel for a worker; 0 means as many as it allows (net.core.somaxconn), which is also what --workers 0 has")
	f.StringVar(&o.pidFile, "pid", "", "`file` for the master's process id")
	f.StringVar(&o.control, "control", "", "`path` of the control socket, for the commands status, reload and stop")
	f.DurationVar(&o.gracefulTimeout, "graceful-timeout", 30*time.Second, "how long requests in flight may go on after a stop or reload")
	f.DurationVar(&o.bootTimeout, "boot-timeout", 30*time.Second, "how long a new worker may take to be ready")
	f.DurationVar(&o.timeout, "timeout", 30*time.Second, "silence after which a worker counts as hung")
	f.BoolVar(&o.debug, "debug", false, "serve although DEBUG is on or a key is weak, which shows settings and source code to everybody; for trying on a machine of one's own")
	o.declareLimits(f)
	o.declareWatching(f)
	o.declareProtocols(f)
	o.wrong = fromEnvironment(f)
}

func (o *serveFlags) declareLimits(f *flag.FlagSet) {
	s := &o.server
	f.IntVar(&s.Limits.Connections, "max-connections", 0, "most open `connections` of a worker; further clients wait in the kernel's queue; 0 means as many as it may open files, less some for its own; -1 no limit")
	f.IntVar(&s.Limits.Concurrency, "concurrency", 0, "most `requests` at work in a worker; 0 means as many as half of the memory holds at 256 KiB each; -1 no limit")
	f.IntVar(&s.Limits.Queue, "queue", 100, "most `requests` that wait for their turn; more get status 503 at once")
	f.DurationVar(&s.Timeouts.Queue, "queue-timeout", 5*time.Second, "how long they wait before they get status 503")
	f.DurationVar(&s.Timeouts.Request, "request-timeout", 0, "after which a request is cancelled, and answered for with status 503 (default: the setting REQUEST_TIMEOUT)")
	f.DurationVar(&s.Timeouts.ReadHeader, "header-timeout", 10*time.Second, "for a client to send the head of a request")
	f.DurationVar(&s.Timeouts.Read, "read-timeout", time.Minute, "for a client to send a request with its body")
	f.DurationVar(&s.Timeouts.Write, "write-timeout", 0, "for a whole answer to be sent; 0 means no limit, as downloads and event streams take long")
	f.DurationVar(&s.Timeouts.Send, "send-timeout", time.Minute, "for a client to take the next 128 KiB of an answer; 0 means no limit")
	f.DurationVar(&s.Timeouts.Grace, "grace", server.DefaultGrace, "how long open connections go on being served after a stop or reload, with the word to leave, before idle ones are closed")
	f.DurationVar(&s.Timeouts.Idle, "keep-alive", 75*time.Second, "how long an idle connection is kept")
	f.IntVar(&s.Limits.HeaderBytes, "max-header-bytes", 32<<10, "most `bytes` of the head of a request (for bodies there is the setting MAX_BODY)")
	f.IntVar(&s.Limits.Requests, "max-requests", 0, "`requests` after which a worker is replaced; 0 means never")
	f.IntVar(&s.Limits.RequestsJitter, "max-requests-jitter", 0, "most `requests` by which that differs between workers")
	f.Var(&o.memory, "reload-on-memory", "resident memory above which a worker is replaced, as `512M`")
}

func (o *serveFlags) declareWatching(f *flag.FlagSet) {
	f.BoolVar(&o.probes, "health", true, "answer the probes below; --health=false leaves the paths to the site")
	f.StringVar(&o.health.Live, "livez", "/livez", "`path` that answers 200 while the process lives; - for none")
	f.StringVar(&o.health.Ready, "readyz", "/readyz", "`path` that answers 200 while the site wants traffic; - for none")
	f.StringVar(&o.health.Startup, "startupz", "/startupz", "`path` that answers 200 once the site has started; - for none")
	f.DurationVar(&o.server.Timeouts.LameDuck, "lame-duck", 0, "how long a stop goes on serving after the site said that it is not ready, for load balancers to notice")
	f.StringVar(&o.server.Probes.MetricsBind, "metrics", "", "`address` of its own for metrics in the form of Prometheus, as 127.0.0.1:9100")
}

func (o *serveFlags) declareProtocols(f *flag.FlagSet) {
	s := &o.server
	f.StringVar(&s.Protocol, "protocol", "http", "`http`, or fcgi for FastCGI behind a web server")
	f.BoolVar(&s.H2C, "h2c", false, "speak HTTP/2 without TLS too, to proxies that begin with it")
	f.BoolVar(&o.strict, "strict", false, "refuse HTTP/1 requests that are malformed in any way; without it, those of which it is ambiguous where they end")
	f.IntVar(&o.heads.MaxLine, "limit-request-line", 4094, "most `bytes` of a request line, with --strict")
	f.IntVar(&s.Limits.HeaderFields, "limit-request-fields", 100, "most header `fields` of a request; -1 means no limit")
	f.IntVar(&o.heads.MaxField, "limit-request-field-size", 8190, "most `bytes` of a header field, with --strict")
	f.BoolVar(&s.ProxyProtocol, "proxy-protocol", false, "connections of load balancers begin with the PROXY protocol, version 1 or 2")
	f.Var(&o.from, "proxy-allow-from", "`address` or network of such a load balancer; may be repeated (default: 127.0.0.1,::1)")
	f.StringVar(&s.TLS.CertFile, "tls-cert", "", "`file` with the TLS certificate and those between it and the root; read anew when it changes")
	f.StringVar(&s.TLS.KeyFile, "tls-key", "", "`file` with its key")
	f.Var(&o.hosts, "acme-host", "`name` of the site for which a certificate is asked of an ACME authority, whose terms you accept; may be repeated")
	f.StringVar(&s.TLS.ACME.Cache, "acme-cache", "acme", "`directory` for keys and certificates, shared by all workers")
	f.StringVar(&s.TLS.ACME.Email, "acme-email", "", "`address` to which the authority writes")
	f.StringVar(&s.TLS.ACME.Directory, "acme-directory", "", "`URL` of the authority (default: Let's Encrypt)")
	f.Var(&o.redirect, "redirect-bind", "`address` that sends visitors of http to https (default with --acme-host: :80)")
	f.StringVar(&s.Log.Access, "access-log", "", "`file` for a line of each request, - for standard output; reopened at USR1")
	f.StringVar(&s.Log.AccessFormat, "access-log-format", accesslog.Combined, "`combined` or json")
	f.StringVar(&o.user, "user", "", "`name` or number of the user as whom workers run, if root starts the server")
	f.StringVar(&o.group, "group", "", "`name` or number of their group")
	f.StringVar(&o.umask, "umask", "", "permissions, as `027`, that new files do not get, nor unix sockets whose mode is not given")
}

func (o *serveFlags) validate() error {
	if o.wrong != nil {
		return o.wrong
	}
	for _, addr := range o.bind {
		if _, err := bind.Parse(addr); err != nil {
			return command.Usagef("%w", err)
		}
	}
	if err := o.validateProtocols(); err != nil {
		return err
	}
	s := &o.server
	if s.Probes.MetricsBind != "" {
		if _, err := bind.Parse(s.Probes.MetricsBind); err != nil {
			return command.Usagef("--metrics: %w", err)
		}
	}
	for _, path := range []string{o.health.Live, o.health.Ready, o.health.Startup} {
		if path != health.Off && !strings.HasPrefix(path, "/") {
			return command.Usagef("%q is no path for a probe; it begins with /, or is - for none", path)
		}
	}
	for _, field := range []struct {
		name  string
		value int
	}{
		{"workers", o.workers}, {"backlog", o.backlog}, {"queue", s.Limits.Queue}, {"max-requests", s.Limits.Requests}, {"max-requests-jitter", s.Limits.RequestsJitter}, {"max-header-bytes", s.Limits.HeaderBytes},
	} {
		if field.value < 0 {
			return command.Usagef("--%s %d: a number from 0 is wanted", field.name, field.value)
		}
	}
	if o.workers == 0 && (s.Limits.Requests > 0 || o.memory > 0) {
		return command.Usagef("--max-requests and --reload-on-memory need a master that starts another worker; give --workers 1 or more")
	}
	if o.workers == 0 && (o.pidFile != "" || o.control != "") {
		return command.Usagef("--pid and --control are those of a master process; give --workers 1 or more")
	}
	if o.workers == 0 && o.backlog > 0 {
		return command.Usagef("--backlog is of the sockets that a master opens; give --workers 1 or more")
	}
	return nil
}

func (o *serveFlags) validateProtocols() error {
	s := &o.server
	for _, addr := range o.redirect {
		if _, err := bind.Parse(addr); err != nil {
			return command.Usagef("--redirect-bind: %w", err)
		}
	}
	if _, err := o.mask(); err != nil {
		return command.Usagef("--umask %q: an octal number such as 027 is wanted", o.umask)
	}
	tls := s.TLS.CertFile != "" || len(o.hosts) > 0
	switch {
	case s.Protocol != "http" && s.Protocol != "fcgi":
		return command.Usagef("--protocol %s: there are http and fcgi", s.Protocol)
	case s.Log.AccessFormat != accesslog.Combined && s.Log.AccessFormat != accesslog.JSON:
		return command.Usagef("--access-log-format %s: there are combined and json", s.Log.AccessFormat)
	case (s.TLS.CertFile == "") != (s.TLS.KeyFile == ""):
		return command.Usagef("--tls-cert and --tls-key belong together")
	case s.TLS.CertFile != "" && len(o.hosts) > 0:
		return command.Usagef("--tls-cert and --acme-host exclude each other")
	case tls && s.Protocol == "fcgi":
		return command.Usagef("FastCGI has no TLS; the web server in front of it has")
	case len(o.redirect) > 0 && !tls:
		return command.Usagef("--redirect-bind needs --tls-cert or --acme-host")
	case o.workers == 0 && (o.user != "" || o.group != "" || o.umask != ""):
		return command.Usagef("--user, --group and --umask are those of workers; give --workers 1 or more")
	}
	return nil
}

func (o *serveFlags) mask() (os.FileMode, error) {
	if o.umask == "" {
		return 0, nil
	}
	mask, err := strconv.ParseUint(o.umask, 8, 9)
	return os.FileMode(mask), err
}

// scheme is that of the addresses which are served.
func (o *serveFlags) scheme() string {
	switch {
	case o.server.TLS.CertFile != "" || len(o.hosts) > 0:
		return "https"
	case o.server.Protocol == "fcgi":
		return "fcgi"
	}
	return "http"
}

// redirects are the addresses that send visitors to https.
func (o *serveFlags) redirects() []string {
	if len(o.redirect) == 0 && len(o.hosts) > 0 {
		return []string{":80"}
	}
	return o.redirect
}

// options are what the flags and the project's settings say.
func (o *serveFlags) options(p *Project) server.Options {
	options := o.server
	options.Bind, options.Log.Logger, options.Timeouts.Shutdown, options.Limits.Memory = o.bind, p.logger, o.gracefulTimeout, uint64(o.memory)
	for _, timeout := range []*time.Duration{
		&options.Timeouts.ReadHeader, &options.Timeouts.Read, &options.Timeouts.Write, &options.Timeouts.Send, &options.Timeouts.Idle, &options.Timeouts.Grace,
	} {
		if *timeout == 0 {
			*timeout = -1 // who writes 0 wants none, where the options take their default
		}
	}
	if options.Timeouts.Request == 0 {
		options.Timeouts.Request = p.settings.RequestTimeout
	}
	options.ProxyAllow, options.TLS.ACME.Hosts, options.TLS.RedirectBind = o.from, o.hosts, o.redirects()
	if o.strict {
		heads := o.heads
		heads.MaxHead = options.Limits.HeaderBytes
		options.Strict = &heads
	}
	if o.probes {
		probes := o.health
		probes.Logger, probes.Checks = p.logger, p.readiness()
		options.Probes.Health = health.New(probes)
	}
	if options.Probes.MetricsBind != "" {
		options.Probes.Metrics = new(metrics.Metrics)
	}
	return options
}

// readiness are the checks of the apps.
func (p *Project) readiness() (list []health.Check) {
	for _, app := range p.apps {
		if a, ok := app.(ReadyApp); ok {
			list = append(list, health.Check{Name: a.Name(), Run: a.Ready})
		}
	}
	return list
}

// note tells whoever watches the server's requests what only the site knows of them.
func note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if x := exchange.From(r.Context()); x != nil {
			defer func() {
				x.Note(exchange.Notes{Route: web.RoutePattern(r), Client: web.ClientIP(r), RequestID: web.RequestID(r)})
			}()
		}
		next.ServeHTTP(w, r)
	})
}

// fromEnvironment sets flags that the environment names: --max-requests is SERVE_MAX_REQUESTS. What is given on the command
// line comes later and wins. --debug must be seen where the server is started.
func fromEnvironment(f *flag.FlagSet) (err error) {
	f.VisitAll(func(known *flag.Flag) {
		name := "SERVE_" + strings.ToUpper(strings.ReplaceAll(known.Name, "-", "_"))
		value, ok := os.LookupEnv(name)
		if !ok || known.Name == "bind" || known.Name == "debug" {
			return
		}
		if bad := known.Value.Set(value); bad != nil && err == nil {
			err = command.Usagef("%s=%q in the environment: %w", name, value, bad)
		}
		known.DefValue = known.Value.String()
	})
	return err
}

// byteSize is a flag for a number of bytes, with K, M or G behind it for powers of 1024.
type byteSize uint64

func (b *byteSize) String() string {
	if *b == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(*b), 10)
}

func (b *byteSize) Set(text string) error {
	digits, shift := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(text), "B"), "I"), 0
	for i, unit := range []string{"K", "M", "G"} {
		if rest, ok := strings.CutSuffix(digits, unit); ok {
			digits, shift = rest, 10*(i+1)
			break
		}
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return fmt.Errorf("%q is no size; write it as 512M or 2G", text)
	}
	*b = byteSize(n << shift)
	return nil
}
