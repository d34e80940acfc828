package sitemaps

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/framework/web"
)

const namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

type urlset struct {
	XMLName xml.Name `xml:"urlset"`
	Xmlns   string   `xml:"xmlns,attr"`
	URLs    []entry  `xml:"url"`
}

type sitemapindex struct {
	XMLName xml.Name `xml:"sitemapindex"`
	Xmlns   string   `xml:"xmlns,attr"`
	Files   []entry  `xml:"sitemap"`
}

type entry struct {
	Location   string     `xml:"loc"`
	LastMod    string     `xml:"lastmod,omitempty"`
	ChangeFreq ChangeFreq `xml:"changefreq,omitempty"`
	Priority   string     `xml:"priority,omitempty"`
}

// index responds with all pages if they fit in one file, else with the list of files.
func (a App) index(w http.ResponseWriter, r *http.Request) error {
	counts, total := make([]int, len(a.Maps)), 0
	for i, m := range a.Maps {
		if m.Source == nil {
			continue
		}
		n, err := m.Source.Count(r.Context())
		if err != nil {
			return fmt.Errorf("sitemap %q: %w", m.Name, err)
		}
		counts[i], total = n, total+n
	}
	if total > a.limit() {
		return a.files(w, r, counts)
	}
	set, modified := urlset{Xmlns: namespace}, time.Time{}
	for _, m := range a.Maps {
		if m.Source == nil {
			continue
		}
		entries, changed, err := a.entries(r, m, 0)
		if err != nil {
			return err
		}
		set.URLs = append(set.URLs, entries...)
		if changed.After(modified) {
			modified = changed
		}
	}
	set.URLs = set.URLs[:min(len(set.URLs), a.limit())] // rows may have come in since they were counted
	return send(w, r, set, modified)
}

// files responds with the list of files.
func (a App) files(w http.ResponseWriter, r *http.Request, counts []int) error {
	list, modified := sitemapindex{Xmlns: namespace}, time.Time{}
	site := a.base(r)
	for i, m := range a.Maps {
		var changed time.Time
		if source, ok := m.Source.(LastModSource); ok {
			var err error
			if changed, err = source.LastMod(r.Context()); err != nil {
				return fmt.Errorf("sitemap %q: %w", m.Name, err)
			}
			if changed.After(modified) {
				modified = changed
			}
		}
		path, err := web.URL(r, "sitemaps:map", m.Name)
		if err != nil {
			path = "/sitemap-" + m.Name + ".xml" // included under another name
		}
		for page := 1; page == 1 && counts[i] > 0 || (page-1)*a.limit() < counts[i]; page++ {
			u := site.JoinPath(path)
			if page > 1 {
				u.RawQuery = "p=" + strconv.Itoa(page)
			}
			list.Files = append(list.Files, entry{Location: u.String(), LastMod: stamp(changed)})
		}
	}
	return send(w, r, list, modified)
}

// file responds with one page of one map.
func (a App) file(w http.ResponseWriter, r *http.Request) error {
	page := 1
	if p := r.URL.Query().Get("p"); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > 1_000_000 {
			return web.NotFound("There is no such page of this sitemap.")
		}
		page = n
	}
	for _, m := range a.Maps {
		if m.Name != web.Param(r, "map") || m.Source == nil {
			continue
		}
		entries, modified, err := a.entries(r, m, (page-1)*a.limit())
		if err != nil {
			return err
		}
		if len(entries) == 0 && page > 1 {
			return web.NotFound("There is no such page of this sitemap.")
		}
		return send(w, r, urlset{Xmlns: namespace, URLs: entries}, modified)
	}
	return web.NotFound("There is no such sitemap.")
}

// entries reads up to a file's worth of items after offset, and tells when the newest of them changed.
func (a App) entries(r *http.Request, m Map, offset int) ([]entry, time.Time, error) {
	items, err := m.Source.Page(r.Context(), offset, a.limit())
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("sitemap %q: %w", m.Name, err)
	}
	site := a.base(r)
	list := make([]entry, 0, len(items))
	wrong := 0
	for _, item := range items[:min(len(items), a.limit())] {
		e, err := m.entry(r, site, item)
		if err != nil {
			if wrong++; wrong == 1 { // one line in the log is enough to look into it
				web.Logger(r).LogAttrs(r.Context(), slog.LevelWarn, "sitemap item is wrong",
					slog.String("map", m.Name), slog.String("location", item.Location.String()), slog.String("error", err.Error()))
			}
			if e.Location == "" {
				continue
			}
		}
		list = append(list, e)
	}
	return list, newest(items), nil
}

// entry makes the entry of an item. With the error it returns what is right of it; without a Location it is to be left out.
func (m Map) entry(r *http.Request, site *url.URL, item Item) (entry, error) {
	if item.ChangeFreq == "" {
		item.ChangeFreq = m.ChangeFreq
	}
	if item.Priority == 0 {
		item.Priority = m.Priority
	}
	address, err := item.Location.URL(r)
	if err != nil {
		return entry{}, err
	}
	location, err := absolute(site, address)
	if err != nil {
		return entry{}, err
	}
	e := entry{Location: location, LastMod: stamp(item.LastMod)}
	if err := valid(item.ChangeFreq, item.Priority); err != nil {
		return e, err
	}
	e.ChangeFreq = item.ChangeFreq
	if item.Priority != 0 {
		e.Priority = strconv.FormatFloat(item.Priority, 'f', -1, 64)
	}
	return e, nil
}

// stamp writes a time; of one at midnight only the date is known, as of a date field.
func stamp(t time.Time) string {
	switch hour, minute, second := t.Clock(); {
	case t.IsZero(), t.Year() < 1, t.Year() > 9999:
		return ""
	case hour == 0 && minute == 0 && second == 0 && t.Nanosecond() == 0:
		return t.Format(time.DateOnly)
	}
	return t.UTC().Format(time.RFC3339)
}

// send writes the document; ServeContent handles HEAD and conditional requests.
func send(w http.ResponseWriter, r *http.Request, document any, modified time.Time) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(document); err != nil {
		return fmt.Errorf("sitemap: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("X-Robots-Tag", "noindex, noodp, noarchive") // the file itself is not to be found by a search
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", modified, bytes.NewReader(b.Bytes()))
	return nil
}
