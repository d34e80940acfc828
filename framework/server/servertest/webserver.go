package servertest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// WebServer is a real nginx or Apache in front of the tested server, with its configuration in a separate folder:
// nothing of the machine's configuration is used or changed.
type WebServer struct {
	Name string // "nginx" or "apache"; required
	Dir  string // folder for its files; required. If root starts it, its workers run as root too (nginx), or must have access (Apache)
	Site string // contents of the http block of nginx or the top level of Apache, as the command deploy writes it

	// Listen and ListenTLS, as host:port, replace the ports 80 and 443 of the site.
	Listen, ListenTLS string

	Modules []string // of Apache, without "mod_" and ".so"; those in the site's line "a2enmod" are loaded automatically
}

// apacheModules is where Debian and its derivatives install them.
const apacheModules = "/usr/lib/apache2/modules"

// Missing returns an error that names what has to be installed, or nil.
func (w WebServer) Missing() error {
	program, err := w.program()
	if err != nil {
		return err
	}
	if _, err := exec.LookPath(program); err != nil {
		return fmt.Errorf("web server: %s is not installed: %w", program, err)
	}
	if _, err := os.Stat(apacheModules); w.Name == "apache" && err != nil {
		return fmt.Errorf("web server: Apache's modules are not in %s: %w", apacheModules, err)
	}
	return nil
}

func (w WebServer) program() (string, error) {
	switch w.Name {
	case "nginx":
		return "nginx", nil
	case "apache":
		return "apache2", nil
	}
	return "", fmt.Errorf("web server: unknown name %q; it must be nginx or apache", w.Name)
}

// Start writes the configuration, lets the web server check it, and runs it until Stop, or until ctx ends. Its log is
// the file error.log in Dir, and is included in the error if it does not start.
func (w WebServer) Start(ctx context.Context) (*Process, error) {
	if err := w.Missing(); err != nil {
		return nil, err
	}
	config, args := filepath.Join(w.Dir, w.Name+".conf"), []string{"-p", w.Dir, "-c"}
	text := w.nginx()
	check := "test is successful"
	if w.Name == "apache" {
		text, args, check = w.apache(), []string{"-d", w.Dir, "-f"}, "Syntax OK"
	}
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return nil, fmt.Errorf("web server: %w", err)
	}
	program, _ := w.program()
	args = append(args, config)
	out, err := exec.CommandContext(ctx, program, append(args, "-t")...).CombinedOutput()
	if text := string(out); err != nil || !strings.Contains(text, check) || strings.Contains(text, "[warn]") ||
		strings.Contains(text, "AH00") {
		return nil, fmt.Errorf("web server: %s rejects its configuration: %w\n%s", w.Name, errors.Join(err, errors.New("it said")), out)
	}
	if w.Name == "apache" {
		args = append(args, "-DFOREGROUND")
	}
	address := w.Listen
	if address == "" {
		address = w.ListenTLS
	}
	process, err := Program{Path: program, Args: args, Await: address, Timeout: 2 * time.Minute}.Start(ctx)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(w.Dir, "error.log"))
		return nil, fmt.Errorf("%w\n%s", err, log)
	}
	return process, nil
}

// site returns the site with the addresses of the test.
func (w WebServer) site() string {
	var pairs []string
	for port, address := range map[string]string{"80": w.Listen, "443": w.ListenTLS} {
		if address == "" {
			continue
		}
		suffixes := []string{";"}
		if port == "443" {
			suffixes = []string{" ssl;", " ssl http2;"}
		}
		for _, suffix := range suffixes {
			pairs = append(pairs, "listen "+port+suffix, "listen "+address+suffix, "listen [::]:"+port+suffix, "")
		}
		pairs = append(pairs, "<VirtualHost *:"+port+">", "<VirtualHost *:"+address[strings.LastIndexByte(address, ':')+1:]+">")
	}
	return strings.NewReplacer(pairs...).Replace(w.Site)
}

func (w WebServer) nginx() string {
	who := ""
	if os.Geteuid() == 0 {
		who = "user root;"
	}
	return fmt.Sprintf(`daemon off;
worker_processes 1;
%[2]s
pid %[1]s/nginx.pid;
error_log %[1]s/error.log;
events { worker_connections 1024; }
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
%[3]s
}
`, w.Dir, who, w.site())
}

var enabled = regexp.MustCompile(`(?m)^# Modules: a2enmod (.*)$`)

func (w WebServer) apache() string {
	name, group := "www-data", "www-data" // Apache does not serve requests as root
	if who, err := user.Current(); err == nil && who.Uid != "0" {
		name, group = "#"+who.Uid, "#"+who.Gid
	}
	var text strings.Builder
	fmt.Fprintf(&text, "ServerName localhost\nUser %[2]s\nGroup %[3]s\nPidFile %[1]s/apache.pid\n"+
		"ErrorLog %[1]s/error.log\nMutex file:%[1]s default\n"+
		"DefaultRuntimeDir %[1]s\nStartServers 1\n", w.Dir, name, group)
	modules := append([]string{"mpm_event", "authz_core"}, w.Modules...)
	for _, match := range enabled.FindAllStringSubmatch(w.Site, -1) {
		modules = append(modules, strings.Fields(match[1])...)
	}
	for _, module := range modules {
		path := filepath.Join(apacheModules, "mod_"+module+".so")
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) { // some are compiled in
			fmt.Fprintf(&text, "LoadModule %s_module %s\n", module, path)
		}
	}
	for _, address := range []string{w.Listen, w.ListenTLS} {
		if address != "" {
			fmt.Fprintf(&text, "Listen %s\n", address)
		}
	}
	const types = "<IfModule mime_module>\nTypesConfig /dev/null\nAddType application/x-gzip .gz\n</IfModule>\n" // Debian's
	return text.String() + types + w.site()
}
