// Command cldr writes locales.jsonl, the data of package locale, from the JSON packages of Unicode CLDR:
//
//	npm install --prefix DIR cldr-core@48.2.0 cldr-dates-full@48.2.0 cldr-numbers-full@48.2.0 \
//		cldr-localenames-full@48.2.0 cldr-misc-full@48.2.0 cldr-units-full@48.2.0
//	go run ./framework/i18n/locale/internal/cldr DIR/node_modules framework/i18n/locale/locales.jsonl
//
// Each line is one locale. It has the values that differ from those of its parent, which is read before it.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: cldr NODE_MODULES FILE")
		os.Exit(2)
	}
	text, err := generate(source(os.Args[1]))
	if err == nil {
		err = os.WriteFile(os.Args[2], text, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "cldr:", err)
		os.Exit(1)
	}
}

// generate returns the lines of all locales that CLDR covers at its level modern.
func generate(s source) ([]byte, error) {
	codes, err := s.codes()
	if err != nil {
		return nil, err
	}
	parents, err := s.parents()
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]any{}
	var out bytes.Buffer
	for _, code := range codes {
		values, err := s.locale(code)
		if err != nil {
			return nil, fmt.Errorf("locale %s: %w", code, err)
		}
		all[code] = values
		parent := parentOf(code, parents, all)
		line := difference(values, all[parent])
		line["code"] = code
		if parent != "" {
			line["parent"] = parent
		}
		text, err := compact(line)
		if err != nil {
			return nil, err
		}
		out.Write(text)
	}
	return out.Bytes(), nil
}

// compact returns one line of JSON with readable characters.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return b.Bytes(), err
}

// parentOf returns the nearest locale above code that has data, or "".
func parentOf(code string, parents map[string]string, all map[string]map[string]any) string {
	for {
		next, ok := parents[code]
		if !ok {
			cut := strings.LastIndexByte(code, '-')
			if cut < 0 {
				return ""
			}
			next = code[:cut]
		}
		if next == "root" || next == "und" {
			return ""
		}
		if all[next] != nil {
			return next
		}
		code = next
	}
}

// difference returns the entries of values that base does not have in the same form.
func difference(values, base map[string]any) map[string]any {
	line := map[string]any{}
	for key, value := range values {
		if !reflect.DeepEqual(value, base[key]) {
			line[key] = value
		}
	}
	return line
}

// source is a folder with the npm packages of CLDR.
type source string

// codes returns the locales to write, parents before children.
func (s source) codes() ([]string, error) {
	var coverage struct {
		EffectiveCoverageLevels map[string]string `json:"effectiveCoverageLevels"`
	}
	if err := s.read(&coverage, "cldr-core/coverageLevels.json"); err != nil {
		return nil, err
	}
	var codes []string
	for code, level := range coverage.EffectiveCoverageLevels {
		if _, err := os.Stat(filepath.Join(string(s), "cldr-dates-full/main", code)); level == "modern" && code != "und" && err == nil {
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b string) int {
		if depth := rank(a) - rank(b); depth != 0 {
			return depth
		}
		return strings.Compare(a, b)
	})
	return codes, nil
}

// rank orders locales so that en-001 and es-419, which are parents of others with as many parts, come before these.
func rank(code string) int {
	parts := 2 * strings.Count(code, "-")
	switch code {
	case "en-001", "es-419", "zh-Hant", "en-150":
		parts--
	}
	if code == "en-001" {
		parts--
	}
	return parts
}

func (s source) parents() (map[string]string, error) {
	var file struct {
		Supplemental struct {
			ParentLocales struct {
				ParentLocale map[string]string `json:"parentLocale"`
			} `json:"parentLocales"`
		} `json:"supplemental"`
	}
	err := s.read(&file, "cldr-core/supplemental/parentLocales.json")
	return file.Supplemental.ParentLocales.ParentLocale, err
}

// read decodes a file of the packages.
func (s source) read(v any, name string) error {
	text, err := os.ReadFile(filepath.Join(string(s), filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}
