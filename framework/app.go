// Package framework assembles a project from settings and apps: one http.Handler and one command line.
//
//	func main() { framework.Main(open) }
//
//	func open() (*framework.Project, error) {
//		var s framework.Settings
//		if err := framework.LoadSettings(&s); err != nil {
//			return nil, err
//		}
//		s.Routes = func(r *web.Router) { r.Include("/posts/", "blog") }
//		return framework.New(s, blog.App{}), nil
//	}
//
// An [App] only needs a name. It declares its capabilities by implementing the small optional interfaces of this
// package, and those of the layers above: an app with a method Assets() fs.FS has templates and static files.
package framework

import (
	"context"
	"io"
	"io/fs"
	"reflect"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/web"
)

// App is a part of a project. Its name is one lower-case word, unique in the project. It is the prefix of the names
// of its routes ("blog:detail") and its tables, and the folder of its templates and static files.
type App interface{ Name() string }

// RoutesApp has routes. They are served where the project's Routes include the app.
type RoutesApp = web.App

// AssetsApp has embedded files: templates in the folder templates/, static files in static/, translations in locale/. Each
// folder is optional, but at least one exists. The app's own files are in a folder of its name, as templates/blog/list.html
// for the template "blog/list.html":
//
//	//go:embed all:templates all:static
//	var files embed.FS
//
//	func (App) Assets() fs.FS { return files }
//
// Without "all:", go:embed leaves out files whose names begin with _ or ., which includes partial templates.
type AssetsApp interface {
	App
	Assets() fs.FS
}

// TemplateFuncsApp has functions, by name, for all templates of the project.
type TemplateFuncsApp interface {
	App
	TemplateFuncs() map[string]any
}

// NilFieldsApp is asked when a template reads a field of a struct that is a nil pointer or a nil slice. NilField may set
// the field. Its error ends the rendering, so that what is only not loaded is not taken for nothing there.
type NilFieldsApp interface {
	App
	NilField(object any, field string) error
}

// CommandsApp has commands.
type CommandsApp interface {
	App
	Commands() []command.Command
}

// ChecksApp checks its configuration. The checks run before serving; they should be fast.
type ChecksApp interface {
	App
	Checks(ctx context.Context) []check.Problem
}

// SourceChecksApp checks the project's source, in the module at dir. These checks may take seconds; they run with the
// command check, in a directory with a go.mod.
type SourceChecksApp interface {
	App
	SourceChecks(ctx context.Context, dir string) []check.Problem
}

// DeployChecksApp checks for configuration that is suitable for development only. These checks run with check
// --deploy and before serve.
type DeployChecksApp interface {
	App
	DeployChecks(ctx context.Context) []check.Problem
}

// SetupApp is set up by [New], in the order of the apps, before routes are collected. At that time the project has
// its settings, logger, signer and list of apps. An error is reported as a check.
type SetupApp interface {
	App
	Setup(p *Project) error
}

// StartApp starts background work that runs as long as the project serves. An error stops the project.
type StartApp interface {
	App
	Start(ctx context.Context) error
}

// StopApp stops the work of [StartApp] after the last request. The context limits how long that may take.
type StopApp interface {
	App
	Stop(ctx context.Context) error
}

// CloseApp has resources to close before the process ends, whatever command it runs, such as a database. [Main] calls
// Close once, after the command, also if the command failed or was ended by a signal; no other method of the app is
// called after it. See [Project.OnClose] for resources that belong to no app.
type CloseApp interface {
	App
	Close() error
}

// ReadyApp depends on something that can be unavailable, such as a database. While Ready returns an error, the
// readiness probe fails, so that load balancers send no traffic; requests are still served. It is called at most once
// a second.
type ReadyApp interface {
	App
	Ready(ctx context.Context) error
}

// DevApp runs code at the start of the development server, such as migrating a new database.
type DevApp interface {
	App
	DevStart(ctx context.Context, d Dev) error
}

// Dev describes the development server to a [DevApp].
type Dev struct {
	Out io.Writer // output of the terminal
	URL string    // address of the site, such as "http://127.0.0.1:8000/"
}

// MiddlewareApp adds middleware around all views, in the order of the apps. It runs inside the framework's own
// middleware, so that sessions are available.
type MiddlewareApp interface {
	App
	Middleware() []web.Middleware
}

// ContextApp adds values to all templates, such as "user". Each is computed only for pages that use it.
type ContextApp interface {
	App
	Context() map[string]web.ContextFunc
}

// SessionsApp stores the sessions of the project. At most one app may do so; by default sessions are stored in
// memory.
type SessionsApp interface {
	App
	SessionStore() sessions.Store
}

// InterfacesApp declares optional interfaces of a higher layer, by the name of their method, so that the framework
// can report methods of apps that have the name but not the signature.
type InterfacesApp interface {
	App
	OptionalInterfaces() map[string]reflect.Type
}

// ownInterfaces returns the optional interfaces of this package by method.
func ownInterfaces() map[string]reflect.Type {
	return map[string]reflect.Type{
		"Routes":        reflect.TypeFor[RoutesApp](),
		"Assets":        reflect.TypeFor[AssetsApp](),
		"TemplateFuncs": reflect.TypeFor[TemplateFuncsApp](),
		"Commands":      reflect.TypeFor[CommandsApp](),
		"Checks":        reflect.TypeFor[ChecksApp](),
		"SourceChecks":  reflect.TypeFor[SourceChecksApp](),
		"DeployChecks":  reflect.TypeFor[DeployChecksApp](),
		"Setup":         reflect.TypeFor[SetupApp](),
		"Start":         reflect.TypeFor[StartApp](),
		"Stop":          reflect.TypeFor[StopApp](),
		"Close":         reflect.TypeFor[CloseApp](),
		"Ready":         reflect.TypeFor[ReadyApp](),
		"DevStart":      reflect.TypeFor[DevApp](),
		"Middleware":    reflect.TypeFor[MiddlewareApp](),
		"Context":       reflect.TypeFor[ContextApp](),
		"SessionStore":  reflect.TypeFor[SessionsApp](),
		"NilField":      reflect.TypeFor[NilFieldsApp](),
		"UserLanguage":  reflect.TypeFor[UserLanguageApp](),
	}
}
