package admin

import (
	"context"
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
)

// setup is implemented by the app that knows users: it makes a one-time address that creates the first superuser.
type setup interface {
	SetupURL(ctx context.Context) (path string, ok bool, err error)
}

// DevStart prints the address that makes the first superuser, as long as there is none.
func (a *App) DevStart(ctx context.Context, d framework.Dev) error {
	if a.project == nil {
		return nil
	}
	for _, app := range a.project.Apps() {
		users, ok := app.(setup)
		if !ok {
			continue
		}
		path, ok, err := users.SetupURL(ctx)
		if err != nil {
			return fmt.Errorf("admin: %w", err)
		}
		if ok {
			fmt.Fprintf(d.Out, "No superuser yet. Create one at %s%s (this link works once)\n", strings.TrimSuffix(d.URL, "/"), path) //nolint:errcheck // a terminal
		}
	}
	return nil
}

var (
	_ framework.RoutesApp    = (*App)(nil)
	_ framework.TemplatesApp = (*App)(nil)
	_ framework.StaticApp    = (*App)(nil)
	_ framework.ChecksApp    = (*App)(nil)
	_ framework.SetupApp     = (*App)(nil)
	_ framework.DevApp       = (*App)(nil)

	_ framework.InterfacesApp = (*App)(nil)
	_ orm.ModelsApp           = (*App)(nil)
	_ migrate.MigrationsApp   = (*App)(nil)
)
