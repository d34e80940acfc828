package shops

import (
	"context"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Shop is a tenant of the site.
type Shop struct {
	ID   int64
	Name string `gorm:"size:100;uniqueIndex"`
}

// String returns the name.
func (s Shop) String() string { return s.Name }

// Product belongs to one shop.
type Product struct {
	ID     int64
	ShopID int64
	Shop   *Shop
	Name   string `gorm:"size:100"`
}

// Fields describes the relation.
func (p *Product) Fields(f *orm.Fields) { orm.FK(f, &p.Shop).OnDelete(orm.Cascade).Related("products") }

// Meta makes the shop the tenant.
func (Product) Meta() orm.Meta { return orm.Meta{Tenant: "shop", Ordering: []string{"name"}} }

// String returns the name.
func (p Product) String() string { return p.Name }

// Article is text that visitors read once it is published, and that stays in the table when it is deleted.
type Article struct {
	ID          int64
	Title       string `gorm:"size:200"`
	PublishedAt *time.Time
	orm.SoftDelete
}

// Meta hides drafts.
func (Article) Meta() orm.Meta {
	return orm.Meta{
		Ordering: []string{"title"},
		Scopes:   []orm.Scope{orm.DefaultScope("published", published)},
	}
}

func published(context.Context) (orm.Condition, error) {
	return Articles.PublishedAt.IsNull(false), nil
}

// Since is a scope with a name: it keeps articles that are not older than a time.
func Since(t time.Time) func(orm.Query[Article]) orm.Query[Article] {
	return func(q orm.Query[Article]) orm.Query[Article] {
		return q.Filter(Articles.PublishedAt.Gte(t))
	}
}

// String returns the title.
func (a Article) String() string { return a.Title }

// Change is a line of the log that signals write.
type Change struct {
	ID   int64
	Text string `gorm:"size:200"`
}
