package deploy

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"net"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/server/bind"
	"github.com/quintetgo/quintet/framework/staticfiles"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

// File is one file of a deployment.
type File struct {
	Name    string // name without a folder
	Content []byte
}

// target is one kind of deployment.
type target struct {
	name   string
	needs  func(Site) error                    // checks the site for this kind; nil means no requirements
	files  func(name string) map[string]string // template → file name
	order  []string                            // of the templates
	advice func(v view, file string) []string  // next steps
}

func targets() []target {
	one := func(template, format string) func(string) map[string]string {
		return func(name string) map[string]string {
			return map[string]string{template: strings.ReplaceAll(format, "NAME", name)}
		}
	}
	return []target{
		{"nginx", needsHost, one("nginx.conf", "NAME.conf"), []string{"nginx.conf"}, nginxAdvice},
		{"apache", needsHost, one("apache.conf", "NAME.conf"), []string{"apache.conf"}, apacheAdvice},
		{"systemd", nil, func(name string) map[string]string {
			return map[string]string{"service": name + ".service", "socket": name + ".socket"}
		}, []string{"service", "socket"}, systemdAdvice},
		{"docker", needsTCP, func(string) map[string]string {
			return map[string]string{"Dockerfile": "Dockerfile", "dockerignore": ".dockerignore"}
		}, []string{"Dockerfile", "dockerignore"}, dockerAdvice},
		{"kubernetes", needsHTTP, one("kubernetes.yaml", "NAME.yaml"), []string{"kubernetes.yaml"}, kubernetesAdvice},
		{"procfile", nil, one("Procfile", "Procfile"), []string{"Procfile"}, procfileAdvice},
	}
}

func needsHost(s Site) error {
	if len(s.Hosts) == 0 {
		return errors.New("the site has no host name; set ALLOWED_HOSTS, or use --domain example.com")
	}
	return nil
}

func needsTCP(s Site) error {
	if strings.HasPrefix(s.Addr, "unix:") {
		return errors.New("a container is reached over TCP; use --bind 0.0.0.0:8000 instead of a unix socket")
	}
	return nil
}

func needsHTTP(s Site) error {
	if s.FastCGI {
		return errors.New("probes and services of Kubernetes use HTTP, not FastCGI")
	}
	return needsTCP(s)
}

// Kinds returns the kinds of files that Render writes.
func Kinds() (list []string) {
	for _, t := range targets() {
		list = append(list, t.name)
	}
	return list
}

// Render returns the files of one kind: nginx, apache, systemd, docker, kubernetes or procfile. It returns an error
// for an unknown kind, and for a site that lacks a required value or has one that cannot be written safely to a
// configuration file.
func Render(kind string, site Site) ([]File, error) {
	files, _, err := render(kind, site)
	return files, err
}

// render returns the files and the next steps.
func render(kind string, site Site) ([]File, []string, error) {
	t, err := find(kind)
	if err != nil {
		return nil, nil, err
	}
	site = site.withDefaults()
	if err := site.validate(); err != nil {
		return nil, nil, err
	}
	if t.needs != nil {
		if err := t.needs(site); err != nil {
			return nil, nil, err
		}
	}
	v, err := newView(site)
	if err != nil {
		return nil, nil, err
	}
	funcs := template.FuncMap{"join": strings.Join}
	parsed, err := template.New("").Funcs(funcs).Option("missingkey=error").ParseFS(templateFiles, "templates/*.tmpl")
	if err != nil {
		return nil, nil, err
	}
	names := t.files(site.Name)
	var files []File
	for _, name := range t.order {
		var out bytes.Buffer
		if err := parsed.ExecuteTemplate(&out, name+".tmpl", v); err != nil {
			return nil, nil, fmt.Errorf("write %s: %w", names[name], err)
		}
		files = append(files, File{Name: names[name], Content: out.Bytes()})
	}
	return files, t.advice(v, files[0].Name), nil
}

func find(kind string) (target, error) {
	for _, t := range targets() {
		if t.name == kind {
			return t, nil
		}
	}
	return target{}, fmt.Errorf("unknown kind %q%s; the kinds are %s", kind, check.DidYouMean(kind, Kinds()), strings.Join(Kinds(), ", "))
}

// view is the data of the templates: a Site in the terms of the generated files.
type view struct {
	Site
	ID                             string // name as an identifier
	Go                             string
	Socket                         string // path; "" for TCP
	ListenStream, Port             string
	NginxUpstream, ApacheUpstream  string
	NginxNames, ApacheName         string
	ApacheAliases, Domains         []string
	NginxMaxBody                   string
	StaticPath, StaticPattern      string
	Timeout, Graceful, StopTimeout int // in seconds
	LameDuck                       int
	InHome                         bool
	Image                          string
	Types                          []staticfiles.MediaType
}

// newView requires a valid Site with its defaults.
func newView(s Site) (view, error) {
	address, err := bind.Parse(s.Addr)
	if err != nil {
		return view{}, err
	}
	v := view{
		Site: s, ID: strings.ReplaceAll(s.Name, "-", "_"), Go: s.GoVersion, Domains: s.Hosts,
		Image: s.Name + ":latest", Types: staticfiles.MediaTypes(),
		StaticPath: staticPath(s.StaticURL), NginxMaxBody: short(s.MaxBody),
		Timeout: seconds(longestWait), Graceful: seconds(graceful), LameDuck: seconds(lameDuck),
		StopTimeout: seconds(graceful + lameDuck + stopping),
		InHome:      strings.HasPrefix(s.Dir, "/home/") || strings.HasPrefix(s.Dir, "/root/"), Port: "8000",
	}
	v.StaticPattern = regexp.QuoteMeta(v.StaticPath)
	if s.RequestTimeout > 0 {
		v.Timeout = seconds(s.RequestTimeout) + 10
	}
	v.listen(address)
	v.names()
	return v, nil
}

// listen sets the addresses of the site.
func (v *view) listen(address bind.Address) {
	scheme := "http"
	if v.FastCGI {
		scheme = "fcgi"
	}
	if address.Network != "tcp" {
		v.Socket = address.Name
		if address.Network != "unix" { // systemd opens it, as set in the socket unit
			v.Socket = "/run/" + v.Name + "/" + v.Name + ".sock"
		}
		v.ListenStream, v.NginxUpstream = v.Socket, "unix:"+v.Socket
		v.ApacheUpstream = "unix:" + v.Socket + "|" + scheme + "://" + v.Name + "/"
		return
	}
	host, port, _ := net.SplitHostPort(address.Name)
	v.Port, v.ListenStream = port, address.Name
	switch host {
	case "", "0.0.0.0", "::":
		host = "127.0.0.1"
	}
	if strings.HasPrefix(address.Name, ":") {
		v.ListenStream = port
	}
	v.NginxUpstream = net.JoinHostPort(host, port)
	v.ApacheUpstream = scheme + "://" + v.NginxUpstream + "/"
}

// names sets the host names. A leading dot includes all subdomains.
func (v *view) names() {
	var nginx, apache []string
	for _, host := range v.Hosts {
		if slices.Contains(v.Hosts, "."+host) {
			continue // the one with the dot includes it
		}
		switch rest, below := strings.CutPrefix(host, "."); {
		case host == "*":
			nginx = append(nginx, "_")
		case below:
			nginx = append(nginx, host)
			apache = append(apache, rest, "*."+rest)
		default:
			nginx, apache = append(nginx, host), append(apache, host)
		}
	}
	v.NginxNames = strings.Join(nginx, " ")
	if len(apache) == 0 {
		apache = []string{"localhost"}
	}
	v.ApacheName, v.ApacheAliases = apache[0], apache[1:]
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// short formats a number of bytes in the syntax of nginx.
func short(n int64) string {
	switch {
	case n > 0 && n%(1<<20) == 0:
		return fmt.Sprintf("%dm", n>>20)
	case n > 0 && n%(1<<10) == 0:
		return fmt.Sprintf("%dk", n>>10)
	}
	return fmt.Sprint(n)
}

// builtWith returns the version of Go that built the program, in the form of image tags.
func builtWith() string {
	if m := regexp.MustCompile(`^go([0-9]+\.[0-9]+)`).FindStringSubmatch(runtime.Version()); m != nil {
		return m[1]
	}
	return "1.26"
}
