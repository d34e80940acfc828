package sitemaps

import (
	"context"
	"time"

	"github.com/quintetgo/quintet/framework/web"
)

// ChangeFreq is how often a page changes. The zero value omits it.
type ChangeFreq string

// The frequencies that the protocol knows.
const (
	Always  ChangeFreq = "always"
	Hourly  ChangeFreq = "hourly"
	Daily   ChangeFreq = "daily"
	Weekly  ChangeFreq = "weekly"
	Monthly ChangeFreq = "monthly"
	Yearly  ChangeFreq = "yearly"
	Never   ChangeFreq = "never"
)

func frequencies() []ChangeFreq {
	return []ChangeFreq{Always, Hourly, Daily, Weekly, Monthly, Yearly, Never}
}

// Item is one page of the site. Only Location is needed.
type Item struct {
	Location   web.Ref    // the page; what cannot be part of an address is escaped
	LastMod    time.Time  // left out if zero; at midnight only the date is written
	ChangeFreq ChangeFreq // that of the map if empty
	Priority   float64    // from above 0 to 1, relative to the site's other pages; that of the map if 0
}

// Source returns the pages of one map, in an order that does not change between calls. It is called for every request and must
// be safe for concurrent use.
type Source interface {
	// Count returns how many items there are.
	Count(ctx context.Context) (int, error)
	// Page returns up to limit items after the first offset ones.
	Page(ctx context.Context, offset, limit int) ([]Item, error)
}

// LastModSource is a [Source] that knows when its newest item changed without listing all of them; the index shows it.
type LastModSource interface {
	Source
	LastMod(ctx context.Context) (time.Time, error)
}

// Func is a source from a function that returns every item. It suits up to some thousand of them.
func Func(items func(ctx context.Context) ([]Item, error)) Source { return funcSource(items) }

type funcSource func(ctx context.Context) ([]Item, error)

// Count implements [Source].
func (f funcSource) Count(ctx context.Context) (int, error) {
	items, err := f(ctx)
	return len(items), err
}

// Page implements [Source].
func (f funcSource) Page(ctx context.Context, offset, limit int) ([]Item, error) {
	items, err := f(ctx)
	if err != nil {
		return nil, err
	}
	offset = min(offset, len(items))
	return items[offset:min(offset+limit, len(items))], nil
}

// LastMod implements [LastModSource].
func (f funcSource) LastMod(ctx context.Context) (time.Time, error) {
	items, err := f(ctx)
	return newest(items), err
}

// Pages is a source of fixed pages, such as sitemaps.Pages(web.Path("/"), web.Reverse("blog:tags")).
func Pages(pages ...web.Ref) Source {
	items := make([]Item, len(pages))
	for i, page := range pages {
		items[i].Location = page
	}
	return funcSource(func(context.Context) ([]Item, error) { return items, nil })
}

func newest(items []Item) (t time.Time) {
	for _, item := range items {
		if item.LastMod.After(t) {
			t = item.LastMod
		}
	}
	return t
}
