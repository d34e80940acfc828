package sitemaps

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/web"
)

// DefaultLimit is the number of pages that the protocol allows in one file.
const DefaultLimit = 50_000

// Map is the pages of one kind.
type Map struct {
	Name       string // part of the file's name: lower-case letters, digits, - and _
	Source     Source
	ChangeFreq ChangeFreq // of items that say none
	Priority   float64    // of items that say none
}

// App serves the maps. It is to be included at the root of the site: a sitemap may only list pages below its own folder.
// It is safe for concurrent use as long as nobody changes its fields.
type App struct {
	Maps []Map

	// BaseURL, such as "https://example.com", is put in front of locations that are paths. If empty, the scheme and host
	// of the request are used, which is right as long as hosts are checked (as the project's middleware does).
	BaseURL string

	// Limit is how many pages a file holds; 0 and anything above [DefaultLimit] mean DefaultLimit.
	Limit int
}

var _ web.App = App{}

// Name returns "sitemaps".
func (App) Name() string { return "sitemaps" }

// Routes adds /sitemap.xml (named "sitemaps:index") and /sitemap-{map}.xml ("sitemaps:map").
func (a App) Routes(r *web.Router) {
	r.Get("/sitemap.xml", a.index).Name("index")
	r.Get("/sitemap-{map:slug}.xml", a.file).Name("map")
}

// Checks reports maps without a source, bad or repeated names, unknown frequencies and priorities out of range.
func (a App) Checks(context.Context) []check.Problem {
	var problems []check.Problem
	report := func(place, message, hint string) {
		problems = append(problems, check.Problem{ID: "sitemaps.E001", Level: check.Error, Place: place, Message: message, Hint: hint})
	}
	if u, err := url.Parse(a.BaseURL); a.BaseURL != "" && (err != nil || u.Host == "" || u.Scheme == "") {
		report("sitemaps.App.BaseURL", fmt.Sprintf("%q is not the address of a site", a.BaseURL), `Write it as "https://example.com".`)
	}
	seen := map[string]bool{}
	for i, m := range a.Maps {
		place := fmt.Sprintf("sitemaps.App.Maps[%d]", i)
		if !slug(m.Name) {
			report(place, fmt.Sprintf("the name %q cannot be part of a file's name", m.Name), "Use lower-case letters, digits, - and _.")
		}
		if seen[m.Name] {
			report(place, fmt.Sprintf("the name %q is used twice", m.Name), "Every map needs its own.")
		}
		seen[m.Name] = true
		if m.Source == nil {
			report(place, fmt.Sprintf("the map %q has no Source", m.Name), "Use sitemaps.Query, sitemaps.Func or sitemaps.Pages.")
		}
		if err := valid(m.ChangeFreq, m.Priority); err != nil {
			report(place, err.Error(), "")
		}
	}
	return problems
}

// limit is the number of items a file.
func (a App) limit() int {
	if a.Limit < 1 || a.Limit > DefaultLimit {
		return DefaultLimit
	}
	return a.Limit
}

func valid(freq ChangeFreq, priority float64) error {
	if freq != "" && !slices.Contains(frequencies(), freq) {
		names := make([]string, 0, len(frequencies()))
		for _, f := range frequencies() {
			names = append(names, string(f))
		}
		return fmt.Errorf("unknown change frequency %q%s", freq, check.DidYouMean(string(freq), names))
	}
	if !(priority >= 0 && priority <= 1) {
		return fmt.Errorf("the priority %v does not lie between 0 and 1", priority)
	}
	return nil
}

func slug(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}
