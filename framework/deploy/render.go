package deploy

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"strings"
	"text/template"

	"github.com/quintetgo/quintet/framework/check"
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
