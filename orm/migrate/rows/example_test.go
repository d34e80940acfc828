package rows_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// blog is an app with migrations.
type blog struct{}

func (blog) Name() string { return "blog" }

func (blog) Migrations() []migrate.Migration {
	return []migrate.Migration{
		{Name: "0001_initial", Operations: []m.Operation{
			m.CreateModel{Name: "Post", Fields: []m.Field{m.BigAuto("id"), m.Char("title", 200)}},
			rows.RunGo{Forward: addPosts, Backward: rows.NoOp},
		}},
		{Name: "0002_slug", Depends: []m.Dependency{m.On("blog", "0001_initial")}, Operations: []m.Operation{
			m.AddField{Model: "Post", Field: m.Char("slug", 200).Backfill("")},
			rows.RunGo{Forward: fillSlugs, Backward: rows.NoOp},
		}},
	}
}

// addPosts creates rows from maps. The key that the database assigns is filled in.
func addPosts(ctx context.Context, h *rows.History) error {
	for _, title := range []string{"Hello", "Second post"} {
		row := rows.Row{"title": title}
		if err := h.Create(ctx, "blog.Post", row); err != nil {
			return err
		}
		fmt.Println("created", row["id"])
	}
	return nil
}

// fillSlugs reads rows into a struct of its own and writes one field of each.
func fillSlugs(ctx context.Context, h *rows.History) error {
	type post struct {
		ID          int64
		Title, Slug string
	}
	for p, err := range rows.Each[post](ctx, h, "blog.Post", "slug", "") {
		if err != nil {
			return err
		}
		p.Slug = strings.ReplaceAll(strings.ToLower(p.Title), " ", "-")
		if err := h.Save(ctx, "blog.Post", &p, "slug"); err != nil {
			return err
		}
		fmt.Println(p.ID, p.Slug)
	}
	return nil
}

func ExampleRunGo() {
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	if err := migrate.Up(context.Background(), db, blog{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// created 1
	// created 2
	// 1 hello
	// 2 second-post
}
