package world

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Where Debian's package iso-codes puts its lists, and their translations.
const (
	ListsDir   = "/usr/share/iso-codes/json"
	LocalesDir = "/usr/share/locale"
)

// countryEntry, and the types below, are the entries of the lists.
type countryEntry struct {
	Alpha2       string `json:"alpha_2"`
	Alpha3       string `json:"alpha_3"`
	Numeric      string `json:"numeric"`
	Name         string `json:"name"`
	OfficialName string `json:"official_name"`
	CommonName   string `json:"common_name"`
	Flag         string `json:"flag"`
}

type subdivisionEntry struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Parent string `json:"parent"` // a whole code, or only what follows the country's
}

type languageEntry struct {
	Alpha3       string `json:"alpha_3"`
	Alpha2       string `json:"alpha_2"`
	Name         string `json:"name"`
	InvertedName string `json:"inverted_name"`
	Scope        string `json:"scope"`
	Type         string `json:"type"`
}

type currencyEntry struct {
	Alpha3  string `json:"alpha_3"`
	Numeric string `json:"numeric"`
	Name    string `json:"name"`
}

// lists are the lists of a folder.
type lists struct {
	countries    []countryEntry
	subdivisions []subdivisionEntry
	languages    []languageEntry
	currencies   []currencyEntry
}

func readLists(dir string) (l lists, err error) {
	lists := map[string]any{"3166-1": &l.countries, "3166-2": &l.subdivisions, "639-3": &l.languages, "4217": &l.currencies}
	for name, into := range lists {
		if err := readList(os.DirFS(dir), name, into); err != nil {
			return l, fmt.Errorf("%s: %w", filepath.Join(dir, "iso_"+name+".json"), err)
		}
	}
	return l, nil
}

// readList reads the entries of one list, which are below its name.
func readList(dir fs.FS, name string, into any) error {
	text, err := fs.ReadFile(dir, "iso_"+name+".json")
	if err != nil {
		return err
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(text, &file); err != nil {
		return err
	}
	entries, ok := file[name]
	if !ok {
		return fmt.Errorf("there is no %q in it", name)
	}
	return json.Unmarshal(entries, into)
}
