package framework

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/settings"
	"github.com/quintetgo/quintet/templates"
)

// Check returns all problems of the project: those that [New] found, and those that its apps report.
func (p *Project) Check(ctx context.Context) []check.Problem {
	list := slices.Clone(p.problems)
	if !p.settings.Debug && len(p.settings.AllowedHosts) == 0 {
		list = append(list, check.Problem{
			ID: "framework.W001", Level: check.Warning, Place: "ALLOWED_HOSTS",
			Message: "no host is allowed, so the site only responds to this machine",
			Hint:    "Set ALLOWED_HOSTS to the names of the site, separated by commas.",
		})
	}
	_, doubled := p.commands()
	list = append(list, doubled...)
	for _, app := range p.apps {
		if a, ok := app.(ChecksApp); ok {
			list = append(list, a.Checks(ctx)...)
		}
	}
	return list
}

// checkSource returns the problems of the source in dir.
func (p *Project) checkSource(ctx context.Context, dir string) []check.Problem {
	list := p.checkEmbedded(dir)
	for _, app := range p.apps {
		if a, ok := app.(SourceChecksApp); ok {
			list = append(list, a.SourceChecks(ctx, dir)...)
		}
	}
	return list
}

// CheckDeploy returns problems of a configuration for development. The command serve refuses to start if there is an
// error among them.
func (p *Project) CheckDeploy(ctx context.Context) []check.Problem {
	var list []check.Problem
	warn := func(id, place, message, hint string) {
		list = append(list, check.Problem{ID: id, Level: check.Warning, Place: place, Message: message, Hint: hint})
	}
	s := &p.settings
	if s.Debug {
		list = append(list, check.Problem{
			ID: "framework.E012", Level: check.Error, Place: "DEBUG",
			Message: "debug mode is on: error pages show causes, stacks and settings to everybody",
			Hint:    "Set DEBUG=false in the environment; then the file .env, which is for development, is not read either.",
		})
	}
	if p.generatedKey {
		warn("framework.W011", "SECRET_KEY", "there is no secret key, so that sessions end with the process",
			"Set SECRET_KEY; "+settings.NewKeyHint+".")
	}
	list = append(list, s.weakKeys()...)
	if !s.SecureCookies {
		warn("framework.W012", "SECURE_COOKIES", "cookies are sent over plain http as well",
			"Serve the site over https and remove SECURE_COOKIES=false.")
	}
	if slices.Contains(s.AllowedHosts, "*") {
		warn("framework.W013", "ALLOWED_HOSTS", "every host name is allowed",
			"List the names of the site: links in mails are built from them.")
	}
	for _, app := range p.apps {
		if a, ok := app.(DeployChecksApp); ok {
			list = append(list, a.DeployChecks(ctx)...)
		}
	}
	return list
}

// Err returns the errors that [New] found as one error, or nil if there are none. [Project.Check] checks more.
func (p *Project) Err() error { return check.Err(p.problems) }

// notIncluded reports apps with routes that are not included.
func (p *Project) notIncluded() (list []check.Problem) {
	included := p.router.Included()
	for _, app := range p.apps {
		if _, ok := app.(RoutesApp); ok && !slices.Contains(included, app.Name()) && !slices.ContainsFunc(included, func(name string) bool {
			return strings.HasSuffix(name, ":"+app.Name())
		}) {
			list = append(list, check.Problem{
				ID: "framework.I001", Level: check.Info, Place: "app " + app.Name(), Message: "it has routes, but they are not included",
				Hint: fmt.Sprintf("Add r.Include(\"/%s/\", %q) to the Routes of the settings.", app.Name(), app.Name()),
			})
		}
	}
	return list
}

// checkMethods reports methods of apps that have the name of an optional interface's method but another signature:
// they would be ignored silently.
func (p *Project) checkMethods() (list []check.Problem) {
	interfaces := ownInterfaces()
	for _, app := range p.apps {
		if a, ok := app.(InterfacesApp); ok {
			maps.Copy(interfaces, a.OptionalInterfaces())
		}
	}
	names := slices.Sorted(maps.Keys(interfaces))
	for _, app := range p.apps {
		t := reflect.TypeOf(app)
		for _, name := range names {
			wanted := interfaces[name]
			if t.Implements(wanted) {
				continue
			}
			if found, ok := t.MethodByName(name); ok {
				list = append(list, check.Problem{
					ID: "framework.E007", Level: check.Error, Place: t.String(),
					Message: fmt.Sprintf("its method %s does not fit %s, so it would be ignored", signature(name, found.Type, 1), wanted),
					Hint:    fmt.Sprintf("Make it %s, or rename it.", wantedSignature(name, wanted)),
				})
			} else if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(wanted) {
				list = append(list, check.Problem{
					ID: "framework.E007", Level: check.Error, Place: t.String(),
					Message: fmt.Sprintf("its method %s has a pointer receiver, but the app is passed by value, "+
						"so it would be ignored", name),
					Hint: fmt.Sprintf("Pass &%s{…} to framework.New, or give the method a value receiver.", t),
				})
			}
		}
	}
	return list
}

func wantedSignature(name string, wanted reflect.Type) string {
	method, ok := wanted.MethodByName(name)
	if !ok {
		return "fit " + wanted.String()
	}
	return signature(name, method.Type, 0)
}

// signature formats a method as in source, without the first skip parameters.
func signature(name string, t reflect.Type, skip int) string {
	var in, out []string
	for i := skip; i < t.NumIn(); i++ {
		in = append(in, t.In(i).String())
	}
	for i := range t.NumOut() {
		out = append(out, t.Out(i).String())
	}
	text := name + "(" + strings.Join(in, ", ") + ")"
	switch len(out) {
	case 0:
		return text
	case 1:
		return text + " " + out[0]
	}
	return text + " (" + strings.Join(out, ", ") + ")"
}

var (
	actions    = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	references = regexp.MustCompile(`(?:^\{\{-?\s*|[\s(|])(url|static)\s+"([^"]*)"`)
)

// checkReferences reports routes and static files that templates refer to and that do not exist. Routes of apps that
// are not included are skipped: their templates may never be rendered.
func (p *Project) checkReferences(sources []templates.Source) (list []check.Problem) {
	seen := map[string]bool{}
	for _, source := range sources {
		if source.FS == nil {
			continue
		}
		_ = fs.WalkDir(source.FS, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || seen[name] || !slices.Contains([]string{".html", ".txt", ".xml"}, path.Ext(name)) {
				return nil // the engine reports files that cannot be read
			}
			seen[name] = true
			if text, err := fs.ReadFile(source.FS, name); err == nil {
				list = append(list, p.references(name, string(text))...)
			}
			return nil
		})
	}
	return list
}

// references checks one template.
func (p *Project) references(file, text string) (list []check.Problem) {
	for _, action := range actions.FindAllStringIndex(text, -1) {
		code := text[action[0]:action[1]]
		if strings.HasPrefix(strings.TrimLeft(code, "{- "), "/*") {
			continue
		}
		for _, m := range references.FindAllStringSubmatchIndex(code, -1) {
			place := fmt.Sprintf("%s:%d", file, 1+strings.Count(text[:action[0]+m[4]], "\n"))
			name := code[m[4]:m[5]]
			switch code[m[2]:m[3]] {
			case "url":
				list = append(list, p.routeProblem(place, name)...)
			case "static":
				if p.static == nil {
					continue
				}
				if _, err := p.static.URL(name); err != nil {
					list = append(list, check.Problem{ID: "framework.E009", Level: check.Error, Place: place, Message: err.Error()})
				}
			}
		}
	}
	return list
}

func (p *Project) routeProblem(place, name string) []check.Problem {
	names := p.router.Names()
	if slices.Contains(names, name) {
		return nil
	}
	level := check.Warning
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		if !slices.Contains(p.router.Included(), name[:i]) {
			return nil
		}
		level = check.Error
	}
	message := fmt.Sprintf("no route is named %q%s", name, check.DidYouMean(name, names))
	return []check.Problem{{ID: "framework.E010", Level: level, Place: place, Message: message}}
}
