package catalog

import (
	"time"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// Author wrote books.
type Author struct {
	ID   int64
	Name string `gorm:"size:200"`
}

// String returns the name.
func (a Author) String() string { return a.Name }

// Meta orders authors by name.
func (Author) Meta() orm.Meta { return orm.Meta{Ordering: []string{"name"}} }

// Subject is what books are about.
type Subject struct {
	ID   int64
	Name string `gorm:"size:100;uniqueIndex"`
}

// String returns the name.
func (s Subject) String() string { return s.Name }

// Book is a title in the catalog.
type Book struct {
	ID       int64
	Title    string `gorm:"size:200"`
	Slug     string `gorm:"size:200;uniqueIndex"`
	Summary  string `gorm:"type:text"`
	Year     int
	OnShelf  bool
	AuthorID int64
	Author   *Author
	Subjects []Subject `gorm:"many2many:catalog_book_subjects"`
	AddedAt  time.Time
}

// Fields configures validation, labels and relations.
func (b *Book) Fields(f *orm.Fields) {
	orm.Describe(f, &b.Slug).Slug().Help("Part of the address of the book's page")
	orm.Describe(f, &b.Summary).Blank()
	orm.Describe(f, &b.Year).Label("Year of publication").Validate(orm.AtLeast(1450))
	orm.Describe(f, &b.OnShelf).Default(func() bool { return true })
	orm.Describe(f, &b.AddedAt).AutoNowAdd()
	orm.FK(f, &b.Author).OnDelete(orm.Protect).Related("books")
	orm.M2M(f, &b.Subjects).Blank().Related("books")
}

// Meta orders books by title.
func (Book) Meta() orm.Meta { return orm.Meta{Ordering: []string{"title"}} }

// String returns the title.
func (b Book) String() string { return b.Title }

// Route returns the page of the book.
func (b Book) Route() web.Ref { return web.Reverse("catalog:detail", b.Slug) }

// Wish is a book that a visitor would like the library to have.
type Wish struct {
	ID      int64
	Title   string `gorm:"size:200"`
	Reason  string `gorm:"type:text"`
	Email   string `gorm:"size:254"`
	AskedAt time.Time
}

// Fields configures validation, labels and relations.
func (w *Wish) Fields(f *orm.Fields) {
	orm.Describe(f, &w.Reason).Blank().Label("Why should we have it?")
	orm.Describe(f, &w.Email).Email().Help("We write to you when the book is here.")
	orm.Describe(f, &w.AskedAt).AutoNowAdd()
}

// Meta puts the latest wish first.
func (Wish) Meta() orm.Meta {
	return orm.Meta{LabelPlural: "wishes", Ordering: []string{"-asked_at"}}
}

// String returns the title.
func (w Wish) String() string { return w.Title }
