package feeds

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"time"

	gorilla "github.com/gorilla/feeds"
)

// The types below add to gorilla's: categories as Atom writes them, the links of the feed, and its language.

type atomRoot struct {
	*gorilla.AtomFeed
	Language   string             `xml:"xml:lang,attr,omitempty"`
	Links      []gorilla.AtomLink `xml:"link"`
	Categories []atomCategory     `xml:"category"`
	Entries    []atomEntry        `xml:"entry"`
}

type atomEntry struct {
	*gorilla.AtomEntry
	Updated    string         `xml:"updated,omitempty"`
	Categories []atomCategory `xml:"category"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// FeedXml makes the root usable with gorilla's writer.
func (r *atomRoot) FeedXml() any { return r } //revive:disable-line:var-naming

func writeAtom(d document) ([]byte, error) {
	root := &atomRoot{
		AtomFeed: &gorilla.AtomFeed{
			Xmlns: "http://www.w3.org/2005/Atom",
			Title: d.Title, Id: atomID(d.ID), Updated: atomTime(d.changed()), Subtitle: d.Description, Rights: d.Copyright,
			Author: atomAuthor(d.Author),
		},
		Language: d.Language,
		Links: []gorilla.AtomLink{
			{Href: d.self, Rel: "self", Type: "application/atom+xml"},
			{Href: d.Link.String(), Rel: "alternate", Type: "text/html"},
		},
		Categories: atomCategories(d.Categories),
	}
	for _, item := range d.items {
		root.Entries = append(root.Entries, newAtomEntry(item))
	}
	text, err := gorilla.ToXML(root)
	return []byte(text), err
}

func newAtomEntry(item Item) atomEntry {
	entry := &gorilla.AtomEntry{
		Title:     item.Title,
		Id:        atomID(item.ID),
		Published: atomTime(item.Published),
		Author:    atomAuthor(item.Author),
	}
	if !item.Link.IsZero() {
		entry.Links = append(entry.Links, gorilla.AtomLink{Href: item.Link.String(), Rel: "alternate", Type: "text/html"})
	}
	if e := item.Enclosure; e != nil {
		entry.Links = append(
			entry.Links,
			gorilla.AtomLink{Href: e.URL, Rel: "enclosure", Type: e.Type, Length: strconv.FormatInt(e.Length, 10)},
		)
	}
	if item.Summary != "" {
		entry.Summary = &gorilla.AtomSummary{Content: item.Summary, Type: "html"}
	}
	if item.Content != "" || item.Link.IsZero() { // Atom wants an alternate link or a content
		entry.Content = &gorilla.AtomContent{Content: cmp.Or(item.Content, item.Summary), Type: "html"}
	}
	return atomEntry{AtomEntry: entry, Updated: atomTime(item.Updated), Categories: atomCategories(item.Categories)}
}

func atomAuthor(p Person) *gorilla.AtomAuthor {
	if p.isZero() {
		return nil
	}
	return &gorilla.AtomAuthor{
		AtomPerson: gorilla.AtomPerson{Name: cmp.Or(p.Name, p.Email, p.URL.String()), Email: p.Email, Uri: p.URL.String()},
	}
}

func atomCategories(terms []string) []atomCategory {
	list := make([]atomCategory, len(terms))
	for i, term := range terms {
		list[i].Term = term
	}
	return list
}

// atomID makes an id an IRI, as Atom wants it.
func atomID(id string) string {
	if scheme, _, found := strings.Cut(id, ":"); found && scheme != "" && !strings.ContainsAny(id, " <>\"{}|\\^`") {
		return id
	}
	return "urn:x-id:" + url.PathEscape(id)
}

func atomTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
