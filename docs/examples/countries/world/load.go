package world

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm"
)

// Counts is the number of rows of each kind that a load found.
type Counts struct{ Countries, Subdivisions, Languages, Currencies, Names int }

// Load writes the lists of a folder into the database, all or nothing. Rows that are there already are brought up to date;
// what was added by hand stays. Names in other languages come from the translations in locales, as far as there are any.
func Load(ctx context.Context, db *orm.DB, dir, locales string) (Counts, error) {
	var counts Counts
	l, err := readLists(dir)
	if err != nil {
		return counts, err
	}
	err = db.Atomic(ctx, func(ctx context.Context) error {
		w := loader{db: db}
		for _, step := range []func(context.Context, lists) error{w.currencies, w.languages, w.countries, w.subdivisions, w.links} {
			if err := step(ctx, l); err != nil {
				return err
			}
		}
		if err := w.names(ctx, locales); err != nil {
			return err
		}
		counts = Counts{len(w.country), len(w.subdivision), len(w.language), len(w.currency), w.named}
		return nil
	})
	return counts, err
}

// loader holds the rows by code.
type loader struct {
	db          *orm.DB
	currency    map[string]*Currency
	language    map[string]*Language
	country     map[string]*Country
	subdivision map[string]*Subdivision
	named       int
}

// upsert writes entries: new ones together, changed ones one by one. It returns all rows of the table by code.
func upsert[T comparable, E any](
	ctx context.Context,
	db *orm.DB,
	entries []E,
	code func(*T) string,
	fill func(*T, E),
) (map[string]*T, error) {
	rows, err := orm.Objects[T](db).All(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]*T{}
	for _, row := range rows {
		known[code(row)] = row
	}
	var fresh []*T
	for _, entry := range entries {
		wanted := new(T)
		fill(wanted, entry)
		row := known[code(wanted)]
		if row == nil {
			fresh = append(fresh, wanted)
			known[code(wanted)] = wanted
			continue
		}
		before := *row
		if fill(row, entry); *row != before {
			if err := db.Save(ctx, row); err != nil {
				return nil, err
			}
		}
	}
	return known, db.CreateAll(ctx, fresh)
}

func (w *loader) currencies(ctx context.Context, l lists) (err error) {
	w.currency, err = upsert(ctx, w.db, l.currencies, func(c *Currency) string { return c.Code }, func(c *Currency, e currencyEntry) {
		c.Code, c.Numeric, c.Name = e.Alpha3, e.Numeric, e.Name
	})
	return err
}

func (w *loader) languages(ctx context.Context, l lists) (err error) {
	w.language, err = upsert(ctx, w.db, l.languages, func(l *Language) string { return l.Alpha3 }, func(l *Language, e languageEntry) {
		l.Alpha3, l.Alpha2, l.Name, l.InvertedName = e.Alpha3, e.Alpha2, e.Name, e.InvertedName
		l.Scope, l.Vitality = Scope(e.Scope), Vitality(e.Type)
	})
	return err
}

// countries writes them one by one: unlike the other rows they hold a list, and so cannot be compared as they are.
func (w *loader) countries(ctx context.Context, l lists) error {
	rows, err := orm.From(w.db, Countries).All(ctx)
	if err != nil {
		return err
	}
	w.country = map[string]*Country{}
	for _, row := range rows {
		w.country[row.Alpha2] = row
	}
	for _, e := range l.countries {
		row := w.country[e.Alpha2]
		if row == nil {
			row = &Country{}
			w.country[e.Alpha2] = row
		}
		entry := countryEntry{row.Alpha2, row.Alpha3, row.Numeric, row.Name, row.OfficialName, row.CommonName, row.Flag}
		if entry == e {
			continue
		}
		row.Alpha2, row.Alpha3, row.Numeric, row.Flag = e.Alpha2, e.Alpha3, e.Numeric, e.Flag
		row.Name, row.OfficialName, row.CommonName = e.Name, e.OfficialName, e.CommonName
		write := w.db.Save
		if row.ID == 0 {
			write = w.db.Create
		}
		if err := write(ctx, row); err != nil {
			return fmt.Errorf("country %s: %w", e.Alpha2, err)
		}
	}
	return nil
}

// subdivisions writes parents before their parts.
func (w *loader) subdivisions(ctx context.Context, l lists) error {
	parents := map[string]string{}
	for _, e := range l.subdivisions {
		if _, ok := w.country[e.Code[:min(2, len(e.Code))]]; !ok {
			return fmt.Errorf("subdivision %s: there is no such country", e.Code)
		}
		if parents[e.Code] = e.Parent; e.Parent != "" && !strings.Contains(e.Parent, "-") {
			parents[e.Code] = e.Code[:3] + e.Parent
		}
	}
	level := func(e subdivisionEntry) (n int) {
		for code := e.Code; parents[code] != "" && n < 10; n++ {
			code = parents[code]
		}
		return n
	}
	byLevel := map[int][]subdivisionEntry{}
	for _, e := range l.subdivisions {
		byLevel[level(e)] = append(byLevel[level(e)], e)
	}
	for _, n := range slices.Sorted(maps.Keys(byLevel)) {
		var err error
		// the pointers to parents stay what they were, so rows compare equal
		w.subdivision, err = upsert(
			ctx,
			w.db,
			byLevel[n],
			func(s *Subdivision) string { return s.Code },
			func(s *Subdivision, e subdivisionEntry) {
				s.Code, s.Name, s.Kind, s.CountryID = e.Code, e.Name, e.Type, w.country[e.Code[:2]].ID
				parent := w.subdivision[parents[e.Code]]
				if parent != nil && (s.ParentID == nil || *s.ParentID != parent.ID) {
					s.ParentID = &parent.ID
				}
			},
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// links links countries with their currencies: the code of a national currency begins with the country's.
func (w *loader) links(ctx context.Context, _ lists) error {
	for _, code := range slices.Sorted(maps.Keys(w.currency)) {
		country := w.country[code[:min(2, len(code))]]
		if country == nil {
			continue // such as EUR, gold, and special drawing rights
		}
		if err := w.db.Related(country, "currencies").Add(ctx, w.currency[code]); err != nil {
			return err
		}
	}
	return nil
}

// nameLanguages are the languages whose names of countries are loaded.
func nameLanguages() []string {
	return []string{"ar", "de", "el", "es", "fr", "hi", "ja", "ka", "ko", "ru", "th", "uk"}
}

// names writes what countries are called in other languages.
func (w *loader) names(ctx context.Context, locales string) error {
	byAlpha2 := map[string]*Language{}
	for _, language := range w.language {
		if language.Alpha2 != "" {
			byAlpha2[language.Alpha2] = language
		}
	}
	rows, err := orm.From(w.db, CountryNames).All(ctx)
	if err != nil {
		return err
	}
	known := map[[2]int64]bool{}
	for _, row := range rows {
		known[[2]int64{row.CountryID, row.LanguageID}] = true
	}
	var fresh []*CountryName
	for _, code := range nameLanguages() {
		language := byAlpha2[code]
		words, err := readTranslations(locales, code)
		if err != nil {
			return err
		}
		for _, alpha2 := range slices.Sorted(maps.Keys(w.country)) {
			country := w.country[alpha2]
			text := words[country.Name]
			if language == nil || text == "" || known[[2]int64{country.ID, language.ID}] {
				continue
			}
			fresh = append(fresh, &CountryName{CountryID: country.ID, LanguageID: language.ID, Name: text})
		}
	}
	w.named = len(rows) + len(fresh)
	return w.db.CreateAll(ctx, fresh)
}
