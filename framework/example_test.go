package framework_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/web"
)

// greeter is an app with routes and a command.
type greeter struct{}

func (greeter) Name() string { return "greeter" }

func (greeter) Routes(r *web.Router) {
	r.Get("/{name}/", func(w http.ResponseWriter, r *http.Request) error {
		return web.Text(w, "Hello, "+web.Param(r, "name"))
	}).Name("hello")
}

func (greeter) Commands() []command.Command {
	return []command.Command{{Name: "greet", Short: "Print a greeting", Run: func(_ context.Context, c *command.Call) error {
		c.Printf("Hello\n")
		return nil
	}}}
}

// Assemble a project from settings and apps: it is an http.Handler and a command line.
func ExampleNew() {
	project := framework.New(framework.Settings{
		AllowedHosts: []string{"example.com"}, Logger: slog.New(slog.DiscardHandler),
		Routes: func(r *web.Router) { r.Include("/hello/", "greeter") },
	}, greeter{})

	w := httptest.NewRecorder()
	project.ServeHTTP(w, httptest.NewRequest("GET", "http://example.com/hello/Django/", nil))
	fmt.Println(w.Code, w.Body)

	status := project.Run(context.Background(), []string{"greet"}, command.Call{Out: os.Stdout, Err: os.Stderr})
	fmt.Println("status", status)
	// Output:
	// 200 Hello, Django
	// Hello
	// status 0
}

// Find the problems of a project before it serves.
func ExampleProject_Check() {
	project := framework.New(framework.Settings{
		AllowedHosts: []string{"example.com"}, TimeZone: "Europe/Pari", Logger: slog.New(slog.DiscardHandler),
	}, greeter{})
	for _, problem := range project.Check(context.Background()) {
		fmt.Println(problem.String())
		fmt.Println("   ", problem.Hint)
	}
	// Output:
	// error (framework.E011): TIME_ZONE: "Europe/Pari" is not a time zone
	//     Use a name such as Europe/Paris, or UTC.
	// info (framework.I001): app greeter: it has routes, but they are not included
	//     Add r.Include("/greeter/", "greeter") to the Routes of the settings.
}
