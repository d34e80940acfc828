// Package people holds models that those of package shelf point at, for the tests of queries and generated columns.
package people

import "github.com/quintetgo/quintet/orm"

// Company employs authors.
type Company struct {
	ID      int64
	Name    string `gorm:"size:80"`
	Country string `gorm:"size:2"`
}

// Author writes.
type Author struct {
	ID        int64
	Name      string `gorm:"size:80"`
	Email     *string
	CompanyID *int64
	Company   *Company
}

// Fields names the way back from a company.
func (a *Author) Fields(f *orm.Fields) {
	orm.Describe(f, &a.Email).Blank()
	orm.FK(f, &a.Company).OnDelete(orm.SetNull).Related("authors").Blank()
}

// String is the author's name.
func (a Author) String() string { return a.Name }

// Meta orders authors by name.
func (Author) Meta() orm.Meta { return orm.Meta{Ordering: []string{"name"}} }

// App lists the models.
type App struct{}

// Name is the app's label.
func (App) Name() string { return "people" }

// Models lists the models.
func (App) Models() []any { return []any{&Company{}, &Author{}} }
