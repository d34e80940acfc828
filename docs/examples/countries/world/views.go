package world

import (
	"net/http"
	"strings"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// indexPage is the data of world/index.html.
type indexPage struct {
	Countries []*Country
	Words     string
}

// countryPage is the data of world/country.html.
type countryPage struct {
	Country *Country
	Parts   []*Subdivision
	Names   []*CountryName
}

// index lists the countries, or those with the search words in a name, in any language.
func (a App) index(w http.ResponseWriter, r *http.Request) error {
	words := strings.TrimSpace(r.URL.Query().Get("q"))
	countries := orm.From(a.DB, Countries)
	if words != "" {
		countries = countries.Filter(orm.Or(
			Countries.Name.IContains(words), Countries.OfficialName.IContains(words), Countries.Names().Name.IContains(words),
		))
	}
	list, err := countries.All(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, "world/index.html", indexPage{list, words})
}

// country shows a country with its parts.
func (a App) country(w http.ResponseWriter, r *http.Request) error {
	country, err := orm.From(a.DB, Countries).
		Filter(Countries.Alpha2.Eq(web.Param(r, "code"))).
		Prefetch(Countries.Currencies()).
		Get(r.Context())
	if err != nil {
		return err // not found: 404
	}
	parts, err := orm.From(a.DB, Subdivisions).Filter(Subdivisions.Country().Eq(country)).All(r.Context())
	if err != nil {
		return err
	}
	names, err := orm.From(a.DB, CountryNames).
		Filter(CountryNames.Country().Eq(country)).
		SelectRelated(CountryNames.Language()).
		All(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, "world/country.html", countryPage{country, parts, names})
}
