package feeds

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	gorilla "github.com/gorilla/feeds"
)

// jsonFeed shadows gorilla's Items: the format wants the array even if it is empty.
type jsonFeed struct {
	*gorilla.JSONFeed
	Items []*gorilla.JSONItem `json:"items"`
}

func writeJSON(d document) ([]byte, error) {
	feed := jsonFeed{
		JSONFeed: &gorilla.JSONFeed{
			Version: "https://jsonfeed.org/version/1.1",
			Title:   d.Title, Language: d.Language, HomePageUrl: d.Link.String(), FeedUrl: d.self, Description: d.Description,
			Authors: jsonAuthors(d.Author),
		},
		Items: make([]*gorilla.JSONItem, 0, len(d.items)),
	}
	for _, item := range d.items {
		feed.Items = append(feed.Items, newJSONItem(item))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	err := enc.Encode(feed)
	return b.Bytes(), err
}

func newJSONItem(item Item) *gorilla.JSONItem {
	out := &gorilla.JSONItem{
		Id: item.ID, Url: item.Link.String(), Title: item.Title, Summary: item.Summary, ContentHTML: item.Content,
		PublishedDate: jsonTime(item.Published), ModifiedDate: jsonTime(item.Updated),
		Authors: jsonAuthors(item.Author), Tags: item.Categories,
	}
	if item.Content == "" { // one of the two is needed
		out.ContentHTML, out.Summary = item.Summary, ""
	}
	if out.ContentHTML == "" {
		out.ContentText = item.Title
	}
	if e := item.Enclosure; e != nil {
		out.Attachments = []gorilla.JSONAttachment{{Url: e.URL, MIMEType: e.Type, Size: int32(min(e.Length, math.MaxInt32))}}
	}
	return out
}

func jsonAuthors(p Person) []*gorilla.JSONAuthor {
	if p.Name == "" && p.URL.IsZero() {
		return nil
	}
	return []*gorilla.JSONAuthor{{Name: p.Name, Url: p.URL.String()}}
}

func jsonTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}
