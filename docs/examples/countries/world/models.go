package world

import (
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// Country is a country or territory of ISO 3166-1.
type Country struct {
	ID           int64
	Alpha2       string     `gorm:"size:2;uniqueIndex"`
	Alpha3       string     `gorm:"size:3;uniqueIndex"`
	Numeric      string     `gorm:"size:3;uniqueIndex"`
	Name         string     `gorm:"size:100;index"`
	OfficialName string     `gorm:"size:100"`
	CommonName   string     `gorm:"size:100"`
	Flag         string     `gorm:"size:8"`
	Currencies   []Currency `gorm:"many2many:world_country_currencies"`
}

// Fields configures validation, labels and relations.
func (c *Country) Fields(f *orm.Fields) {
	orm.Describe(f, &c.Alpha2).Label("Two-letter code")
	orm.Describe(f, &c.Alpha3).Label("Three-letter code")
	orm.Describe(f, &c.OfficialName).Blank()
	orm.Describe(f, &c.CommonName).Blank()
	orm.Describe(f, &c.Flag).Blank()
	orm.M2M(f, &c.Currencies).Blank().Related("countries")
}

// Meta orders countries by name.
func (*Country) Meta() orm.Meta {
	return orm.Meta{Label: "country", LabelPlural: "countries", Ordering: []string{"name"}}
}

func (c Country) String() string { return c.Name }

// Route returns the page of the country.
func (c Country) Route() web.Ref { return web.Reverse("world:country", c.Alpha2) }

// Subdivision is a part of a country of ISO 3166-2: a province, a state, a parish.
type Subdivision struct {
	ID        int64
	Code      string `gorm:"size:10;uniqueIndex"`
	Name      string `gorm:"size:100;index"`
	Kind      string `gorm:"size:60"`
	CountryID int64
	Country   *Country
	ParentID  *int64
	Parent    *Subdivision
}

// Fields configures validation, labels and relations.
func (s *Subdivision) Fields(f *orm.Fields) {
	orm.FK(f, &s.Country).OnDelete(orm.Cascade).Related("subdivisions")
	orm.FK(f, &s.Parent).OnDelete(orm.SetNull).Related("parts").Help("The larger part that this one belongs to.")
}

// Meta orders subdivisions by code.
func (*Subdivision) Meta() orm.Meta { return orm.Meta{Ordering: []string{"code"}} }

func (s Subdivision) String() string { return s.Name + " (" + s.Code + ")" }

// Scope is the kind of language that a code is for.
type Scope string

// Vitality is whether a language is in use.
type Vitality string

// Language is a language of ISO 639-3.
type Language struct {
	ID           int64
	Alpha3       string   `gorm:"size:3;uniqueIndex"`
	Alpha2       string   `gorm:"size:2;index"`
	Name         string   `gorm:"size:100;index"`
	InvertedName string   `gorm:"size:100"`
	Scope        Scope    `gorm:"size:1"`
	Vitality     Vitality `gorm:"size:1"`
}

// Fields configures validation, labels and relations.
func (l *Language) Fields(f *orm.Fields) {
	orm.Describe(f, &l.Alpha3).Label("Three-letter code")
	orm.Describe(f, &l.Alpha2).Blank().Label("Two-letter code")
	orm.Describe(f, &l.InvertedName).Blank()
	orm.Describe(f, &l.Scope).Choices(
		orm.Choice{
			Value: Scope("I"),
			Label: "Individual",
		}, orm.Choice{Value: Scope("M"), Label: "Macrolanguage"}, orm.Choice{Value: Scope("S"), Label: "Special"},
	)
	orm.Describe(f, &l.Vitality).Choices(
		orm.Choice{
			Value: Vitality("A"),
			Label: "Ancient",
		}, orm.Choice{Value: Vitality("C"), Label: "Constructed"}, orm.Choice{Value: Vitality("E"), Label: "Extinct"},
		orm.Choice{
			Value: Vitality("H"),
			Label: "Historical",
		}, orm.Choice{Value: Vitality("L"), Label: "Living"}, orm.Choice{Value: Vitality("S"), Label: "Special"},
	)
}

// Meta orders languages by name.
func (*Language) Meta() orm.Meta { return orm.Meta{Ordering: []string{"name"}} }

func (l Language) String() string { return l.Name }

// Currency is a currency of ISO 4217.
type Currency struct {
	ID      int64
	Code    string `gorm:"size:3;uniqueIndex"`
	Numeric string `gorm:"size:3;uniqueIndex"`
	Name    string `gorm:"size:100"`
}

// Meta orders currencies by code.
func (*Currency) Meta() orm.Meta {
	return orm.Meta{Label: "currency", LabelPlural: "currencies", Ordering: []string{"code"}}
}

func (c Currency) String() string { return c.Code + " " + c.Name }

// CountryName is what a country is called in a language.
type CountryName struct {
	ID         int64
	CountryID  int64
	Country    *Country
	LanguageID int64
	Language   *Language
	Name       string `gorm:"size:200;index"`
}

// Fields configures validation, labels and relations.
func (n *CountryName) Fields(f *orm.Fields) {
	orm.FK(f, &n.Country).OnDelete(orm.Cascade).Related("names")
	orm.FK(f, &n.Language).OnDelete(orm.Cascade).Related("country_names")
}

// Meta allows one name for each language.
func (*CountryName) Meta() orm.Meta {
	return orm.Meta{Ordering: []string{"name"}, Unique: []orm.Unique{{Fields: []string{"country", "language"}}}}
}

func (n CountryName) String() string { return n.Name }
