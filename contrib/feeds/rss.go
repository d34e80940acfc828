package feeds

import (
	"encoding/xml"
	"strconv"
	"time"

	gorilla "github.com/gorilla/feeds"
)

// The types below add to gorilla's what it has no field for: several categories, the address of the feed itself, and an
// author without an e-mail address.

type rssRoot struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Content string   `xml:"xmlns:content,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Creator string   `xml:"xmlns:dc,attr"`
	Channel rssChannel
}

type rssChannel struct {
	*gorilla.RssFeed
	Self       rssSelf   `xml:"atom:link"`
	Categories []string  `xml:"category"`
	Entries    []rssItem `xml:"item"`
}

type rssSelf struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssItem struct {
	*gorilla.RssItem
	Creator    string   `xml:"dc:creator,omitempty"`
	Categories []string `xml:"category"`
}

// FeedXml makes the root usable with gorilla's writer.
func (r *rssRoot) FeedXml() any { return r } //revive:disable-line:var-naming

func writeRSS(d document) ([]byte, error) {
	channel := rssChannel{
		RssFeed: &gorilla.RssFeed{
			Title: d.Title, Link: d.Link.String(), Description: d.Description, Language: d.Language, Copyright: d.Copyright,
			ManagingEditor: rssMailbox(d.Author), LastBuildDate: rssTime(d.changed()), Ttl: int((d.TTL + time.Minute - 1) / time.Minute),
		},
		Self:       rssSelf{Href: d.self, Rel: "self", Type: "application/rss+xml"},
		Categories: d.Categories,
	}
	for _, item := range d.items {
		channel.Entries = append(channel.Entries, newRSSItem(item, d.Author))
	}
	root := &rssRoot{
		Version: "2.0",
		Content: "http://purl.org/rss/1.0/modules/content/",
		Atom:    "http://www.w3.org/2005/Atom",
		Creator: "http://purl.org/dc/elements/1.1/",
		Channel: channel,
	}
	text, err := gorilla.ToXML(root)
	return []byte(text), err
}

func newRSSItem(item Item, author Person) rssItem {
	permanent := "false"
	if item.ID == item.Link.String() {
		permanent = "true"
	}
	out := rssItem{
		RssItem: &gorilla.RssItem{
			Title: item.Title, Link: item.Link.String(), Description: item.Summary, Comments: item.Comments.String(),
			Guid:    &gorilla.RssGuid{Id: item.ID, IsPermaLink: permanent},
			PubDate: rssTime(item.Published),
		},
		Categories: item.Categories,
	}
	if item.Content != "" {
		out.Content = &gorilla.RssContent{Content: item.Content}
	}
	if !item.Author.isZero() {
		author = item.Author
	}
	if out.Author = rssMailbox(author); out.Author == "" {
		out.Creator = author.Name
	}
	if e := item.Enclosure; e != nil {
		out.Enclosure = &gorilla.RssEnclosure{Url: e.URL, Type: e.Type, Length: strconv.FormatInt(e.Length, 10)}
	}
	return out
}

// rssMailbox is a person as RSS wants it, which has to hold an e-mail address.
func rssMailbox(p Person) string {
	switch {
	case p.Email == "":
		return ""
	case p.Name == "":
		return p.Email
	}
	return p.Email + " (" + p.Name + ")"
}

func rssTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC1123Z)
}
