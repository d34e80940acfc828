// Package framework puts a project together: it takes settings and apps and makes one http.Handler and one command line
// of them.
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
// An [App] needs nothing but a name. What else it has, the framework finds out by the small interfaces of this package, and
// the layers above by interfaces of their own: an app with a method Assets() fs.FS has templates and static files.
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

// App is a part of a project. Its name is one lower-case word, unique in the project: it stands in front of the names of
// its routes ("blog:detail") and its tables, and is the folder of its templates and static files.
type App interface{ Name() string }

// RoutesApp has views. They are served where the project's Routes include the app.
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

// TemplateFuncsApp has functions for all templates of the project, by name.
type TemplateFuncsApp interface {
	App
	TemplateFuncs() map[string]any
}

// CommandsApp has commands.
type CommandsApp interface {
	App
	Commands() []command.Command
}

// ChecksApp finds what is wrong with its set-up. The checks run before serving; they should be quick.
type ChecksApp interface {
	App
	Checks(ctx context.Context) []check.Problem
}

// SourceChecksApp finds what is wrong in the project's source. These checks may take seconds; they run with the command
// check, in a directory with a go.mod.
type SourceChecksApp interface {
	App
	SourceChecks(ctx context.Context, dir string) []check.Problem
}

// DeployChecksApp finds what is fit for development only. These run with check --deploy.
type DeployChecksApp interface {
	App
	DeployChecks(ctx context.Context) []check.Problem
}

// SetupApp is wired to the project by [New], in the order of the apps, before routes are collected. At that time the
// project has its settings, logger, signer and list of apps.
type SetupApp interface {
	App
	Setup(p *Project) error
}

// StartApp begins something that runs as long as the project serves.
type StartApp interface {
	App
	Start(ctx context.Context) error
}

// StopApp ends what [StartApp] began, after the last request. The context limits how long it may take.
type StopApp interface {
	App
	Stop(ctx context.Context) error
}

// CloseApp holds something that has to be closed before the process ends, whatever command it runs, such as a database.
// [Main] calls Close once, after the command, also after one that failed or was ended by a signal; nothing else of the app
// is called after that. See [Project.OnClose] for what belongs to no app.
type CloseApp interface {
	App
	Close() error
}

// ReadyApp depends on something that can be away, such as a database. While it returns an error the site says to load
// balancers that it wants no traffic; requests that come all the same are served. It is asked at most once a second.
type ReadyApp interface {
	App
	Ready(ctx context.Context) error
}

// DevApp does something at the start of the development server, such as migrating a fresh database.
type DevApp interface {
	App
	DevStart(ctx context.Context, d Dev) error
}

// Dev is what a [DevApp] knows about the development server.
type Dev struct {
	Out io.Writer // the terminal
	URL string    // where the site is, such as "http://127.0.0.1:8000/"
}

// MiddlewareApp puts middleware around all views, inside of the framework's own (sessions are at hand), in the order of the
// apps.
type MiddlewareApp interface {
	App
	Middleware() []web.Middleware
}

// ContextApp has values for all templates, such as "user". Each is made only for pages that use it.
type ContextApp interface {
	App
	Context() map[string]web.ContextFunc
}

// SessionsApp keeps the sessions of the project. At most one app does; without one they are kept in memory.
type SessionsApp interface {
	App
	SessionStore() sessions.Store
}

// InterfacesApp tells the framework about optional interfaces of a higher layer, by the name of their method, so that it
// can find methods of apps that fit the name but not the signature.
type InterfacesApp interface {
	App
	OptionalInterfaces() map[string]reflect.Type
}

// ownInterfaces are the optional interfaces of this package by method.
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
	}
}
