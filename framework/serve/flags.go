package serve

import (
	"flag"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/accesslog"
	"github.com/quintetgo/quintet/framework/server/health"
	"github.com/quintetgo/quintet/framework/server/metrics"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// flags are the flags of serve.
type flags struct {
	bind            command.List
	workers         int
	backlog         int
	pidFile         string
	control         string
	gracefulTimeout time.Duration
	bootTimeout     time.Duration
	timeout         time.Duration

	server server.Options // those with a flag of the same meaning
	memory command.Size
	health health.Options
	probes bool
	debug  bool

	strict             bool
	heads              strict.Options
	hosts              command.List
	from               command.List
	redirect           command.List
	user, group, umask string

	environment error // of a flag that the environment sets
}

func (o *flags) declare(f *flag.FlagSet) {
	*o = flags{}
	f.Var(&o.bind, "bind", "`address` to listen on: host:port, unix:PATH (mode 0660) or unix:PATH?mode=0600; may be repeated "+
		"(default: the setting ADDR, or "+server.DefaultAddr+")")
	f.IntVar(&o.workers, "workers", 1, "number of worker `processes`; one uses all cores, more isolate failures; 0 serves without a master")
	f.IntVar(&o.backlog, "backlog", 0, "`connections` that wait in the kernel for a worker; "+
		"0 means the kernel's limit (net.core.somaxconn), which --workers 0 always uses")
	f.StringVar(&o.pidFile, "pid", "", "`file` for the master's process id")
	f.StringVar(&o.control, "control", "", "`path` of the control socket for the commands status, reload and stop")
	f.DurationVar(&o.gracefulTimeout, "graceful-timeout", 30*time.Second, "time for requests in flight to finish after a stop or reload")
	f.DurationVar(&o.bootTimeout, "boot-timeout", 30*time.Second, "time for a new worker to become ready")
	f.DurationVar(&o.timeout, "timeout", 30*time.Second, "time without a heartbeat after which a worker counts as hung")
	f.BoolVar(&o.debug, "debug", false, "serve although DEBUG is on or a key is weak, which shows settings and source code to everybody; "+
		"for trying on your own machine")
	o.declareLimits(f)
	o.declareProbes(f)
	o.declareProtocols(f)
	o.environment = fromEnvironment(f)
}

func (o *flags) declareLimits(f *flag.FlagSet) {
	limits, timeouts := &o.server.Limits, &o.server.Timeouts
	f.IntVar(&limits.Connections, "max-connections", 0, "open `connections` of a worker; more wait in the kernel's queue; "+
		"0 means what its limit of open files allows, less a reserve; -1 no limit")
	f.IntVar(&limits.Concurrency, "concurrency", 0, "`requests` that a worker handles at the same time; "+
		"0 means what half of the memory allows at 256 KiB each; -1 no limit")
	f.IntVar(&limits.Queue, "queue", 100, "`requests` that wait while the concurrency is reached; more get status 503 at once")
	f.DurationVar(&timeouts.Queue, "queue-timeout", 5*time.Second, "time a request waits in the queue before it gets status 503")
	f.DurationVar(&timeouts.Request, "request-timeout", 0, "time after which a request is canceled and gets status 503 "+
		"(default: the setting REQUEST_TIMEOUT)")
	f.DurationVar(&timeouts.ReadHeader, "header-timeout", 10*time.Second, "time for a client to send the head of a request")
	f.DurationVar(&timeouts.Read, "read-timeout", time.Minute, "time for a client to send a request with its body")
	f.DurationVar(&timeouts.Write, "write-timeout", 0, "time for a whole response to be sent; 0 means no limit, "+
		"since downloads and event streams take long")
	f.DurationVar(&timeouts.Send, "send-timeout", time.Minute,
		"time for a client to accept the next 128 KiB of a response; 0 means no limit")
	f.DurationVar(&timeouts.Grace, "grace", server.DefaultGrace, "time to keep serving open connections after a stop or reload "+
		"while telling clients to close, before idle ones are closed")
	f.DurationVar(&timeouts.Idle, "keep-alive", 75*time.Second, "time an idle connection is kept open")
	f.IntVar(&limits.HeaderBytes, "max-header-bytes", 32<<10, "size of the head of a request in `bytes` "+
		"(the setting MAX_BODY limits bodies)")
	f.IntVar(&limits.Requests, "max-requests", 0, "`requests` after which a worker is replaced; 0 means never")
	f.IntVar(&limits.RequestsJitter, "max-requests-jitter", 0, "largest random number of `requests` that is added to --max-requests")
	f.Var(&o.memory, "reload-on-memory", "resident memory, such as `512M`, above which a worker is replaced")
}

func (o *flags) declareProbes(f *flag.FlagSet) {
	f.BoolVar(&o.probes, "health", true, "respond to the probes below; --health=false leaves the paths to the site")
	f.StringVar(&o.health.Live, "livez", "/livez", "`path` with status 200 while the process is alive; - disables the probe")
	f.StringVar(&o.health.Ready, "readyz", "/readyz", "`path` with status 200 while the site accepts traffic; - disables the probe")
	f.StringVar(&o.health.Startup, "startupz", "/startupz", "`path` with status 200 once the site has started; - disables the probe")
	f.DurationVar(&o.server.Timeouts.LameDuck, "lame-duck", 0, "time a stop keeps serving after the site reports that it is not ready, "+
		"so that load balancers notice")
	f.StringVar(&o.server.Probes.MetricsBind, "metrics", "", "separate `address` for metrics in the format of Prometheus, "+
		"such as 127.0.0.1:9100")
}

func (o *flags) declareProtocols(f *flag.FlagSet) {
	s := &o.server
	f.StringVar(&s.Protocol, "protocol", "http", "`http`, or fcgi for FastCGI behind a web server")
	f.BoolVar(&s.H2C, "h2c", false, "also accept HTTP/2 without TLS from proxies that start with it")
	f.BoolVar(&o.strict, "strict", false, "reject all malformed HTTP/1 requests; by default only those whose end is ambiguous are rejected")
	f.IntVar(&o.heads.MaxLine, "limit-request-line", 4094, "size of a request line in `bytes`, with --strict")
	f.IntVar(&s.Limits.HeaderFields, "limit-request-fields", 100, "number of header `fields` of a request; -1 means no limit")
	f.IntVar(&o.heads.MaxField, "limit-request-field-size", 8190, "size of a header field in `bytes`, with --strict")
	f.BoolVar(&s.ProxyProtocol, "proxy-protocol", false, "expect the PROXY protocol, version 1 or 2, from load balancers")
	f.Var(&o.from, "proxy-allow-from", "`address` or network of such a load balancer; may be repeated (default: 127.0.0.1,::1)")
	f.StringVar(&s.TLS.CertFile, "tls-cert", "", "`file` with the TLS certificate and its intermediates; read again when it changes")
	f.StringVar(&s.TLS.KeyFile, "tls-key", "", "`file` with the key of the certificate")
	f.Var(&o.hosts, "acme-host", "`name` of the site for which to obtain a certificate from an ACME authority, "+
		"whose terms you accept; may be repeated")
	f.StringVar(&s.TLS.ACME.Cache, "acme-cache", "acme", "`directory` for keys and certificates, shared by all workers")
	f.StringVar(&s.TLS.ACME.Email, "acme-email", "", "`address` for messages from the authority")
	f.StringVar(&s.TLS.ACME.Directory, "acme-directory", "", "`URL` of the authority (default: Let's Encrypt)")
	f.Var(&o.redirect, "redirect-bind", "`address` that redirects http to https (default with --acme-host: :80)")
	f.StringVar(&s.Log.Access, "access-log", "", "`file` that gets a line for each request, - for standard output; reopened on USR1")
	f.StringVar(&s.Log.AccessFormat, "access-log-format", accesslog.Combined, "`combined` or json")
	f.StringVar(&o.user, "user", "", "`name` or number of the user that workers run as, if root starts the server")
	f.StringVar(&o.group, "group", "", "`name` or number of the group that workers run as")
	f.StringVar(&o.umask, "umask", "", "umask such as `027`, for new files and for unix sockets without an explicit mode")
}

// mask returns the umask, or 0 if none is set.
func (o *flags) mask() (os.FileMode, error) {
	if o.umask == "" {
		return 0, nil
	}
	mask, err := strconv.ParseUint(o.umask, 8, 9)
	return os.FileMode(mask), err
}

// scheme returns the scheme of the site's addresses.
func (o *flags) scheme() string {
	switch {
	case o.server.TLS.CertFile != "" || len(o.hosts) > 0:
		return "https"
	case o.server.Protocol == "fcgi":
		return "fcgi"
	}
	return "http"
}

// redirects returns the addresses that redirect http to https.
func (o *flags) redirects() []string {
	if len(o.redirect) == 0 && len(o.hosts) > 0 {
		return []string{":80"}
	}
	return o.redirect
}

// options returns the options of the flags, with the site's own where a flag is not set.
func (o *flags) options(site Site) server.Options {
	options := o.server
	options.Bind, options.Log.Logger = o.bind, site.Logger
	options.Limits.Memory, options.Timeouts.Shutdown = uint64(o.memory), o.gracefulTimeout
	t := &options.Timeouts
	for _, timeout := range []*time.Duration{&t.ReadHeader, &t.Read, &t.Write, &t.Send, &t.Idle, &t.Grace} {
		if *timeout == 0 {
			*timeout = -1 // 0 on the command line means none, in the options the default
		}
	}
	if t.Request == 0 {
		t.Request = site.RequestTimeout
	}
	options.ProxyAllow, options.TLS.ACME.Hosts, options.TLS.RedirectBind = o.from, o.hosts, o.redirects()
	if o.strict {
		heads := o.heads
		heads.MaxHead = options.Limits.HeaderBytes
		options.Strict = &heads
	}
	if o.probes {
		probes := o.health
		probes.Logger, probes.Checks = site.Logger, site.Readiness
		options.Probes.Health = health.New(probes)
	}
	if options.Probes.MetricsBind != "" {
		options.Probes.Metrics = new(metrics.Metrics)
	}
	return options
}

// fromEnvironment sets the flags that have a variable in the environment: SERVE_MAX_REQUESTS for --max-requests. The command
// line is parsed later and takes precedence. --debug must be visible where the server is started, so it has no variable.
func fromEnvironment(f *flag.FlagSet) (err error) {
	f.VisitAll(func(option *flag.Flag) {
		name := "SERVE_" + strings.ToUpper(strings.ReplaceAll(option.Name, "-", "_"))
		value, ok := os.LookupEnv(name)
		if !ok || option.Name == "bind" || option.Name == "debug" {
			return
		}
		if bad := option.Value.Set(value); bad != nil && err == nil {
			err = command.Usagef("%s=%q in the environment: %w", name, value, bad)
		}
		option.DefValue = option.Value.String()
	})
	return err
}
