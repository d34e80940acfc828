// Package changes holds migrations that are written or completed by hand.
package changes

import (
	"context"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// App has migrations and nothing else.
type App struct{}

// Name returns "concerts".
func (App) Name() string { return "concerts" }

// Migrations lists what happened to the tables.
func (App) Migrations() []m.Migration {
	return []m.Migration{m0001Initial, m0002Slug, m0003Slugs, m0004Search}
}

var m0001Initial = m.Migration{
	Name: "0001_initial",
	Operations: []m.Operation{
		m.CreateModel{
			Name: "Concert",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("title", 200),
				m.Int("price").Backfill(0),
			},
		},
	},
}

var m0002Slug = m.Migration{
	Name:    "0002_slug",
	Depends: []m.Dependency{m.On("concerts", "0001_initial")},
	Operations: []m.Operation{
		m.AddField{Model: "Concert", Field: m.Char("slug", 200).Backfill("")},
		m.AddField{Model: "Concert", Field: m.Char("label", 250).Backfill(m.SQL("title || ' (' || price || ')'"))},
		m.RenameField{Model: "Concert", From: "price", To: "fee"},
	},
}

var m0003Slugs = m.Migration{
	Name:    "0003_slugs",
	Depends: []m.Dependency{m.On("concerts", "0002_slug")},
	Operations: []m.Operation{
		rows.RunGo{Forward: fillSlugs, Backward: rows.NoOp},
	},
}

// fillSlugs makes slugs of titles. The row is a struct of the migration's own, so that it compiles whatever the model becomes.
func fillSlugs(ctx context.Context, h *rows.History) error {
	type concert struct {
		ID    int64
		Title string
		Slug  string
	}
	for c, err := range rows.Each[concert](ctx, h, "concerts.Concert", "slug", "") {
		if err != nil {
			return err
		}
		c.Slug = strings.ReplaceAll(strings.ToLower(c.Title), " ", "-")
		if err := h.Save(ctx, "concerts.Concert", &c, "slug"); err != nil {
			return err
		}
	}
	return nil
}

var m0004Search = m.Migration{
	Name:    "0004_search",
	Depends: []m.Dependency{m.On("concerts", "0003_slugs")},
	Operations: []m.Operation{
		m.RunSQL{
			Forward:  `CREATE INDEX concerts_lower_title ON concerts_concert (lower(title))`,
			Backward: `DROP INDEX concerts_lower_title`,
		},
	},
}

var _ migrate.MigrationsApp = App{}
