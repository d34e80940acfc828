package feeds

import (
	"context"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/web"
)

// Feed describes a feed. Title and Items are needed; a feed without Items is empty. It is safe for concurrent use as
// long as nobody changes its fields.
type Feed struct {
	Title       string
	Description string  // the title if empty
	Link        web.Ref // the page that the feed is about; default: "/"
	Language    string  // as "en" or "de-AT"; left out if empty
	Author      Person  // of all items that name none; left out if zero
	Copyright   string
	Categories  []string

	// BaseURL, such as "https://example.com", is put in front of links that are paths. If empty, the scheme and host of
	// the request are used, which is right as long as hosts are checked (as the project's middleware does).
	BaseURL string

	// TTL is how long readers may keep the feed before they ask again, in whole minutes, rounded up; 0 leaves it out. RSS only.
	TTL time.Duration

	// ID names the feed for Atom, for ever; the address of Link if empty.
	ID string

	// Items returns what the feed shows, the newest first. Its error is returned by the view.
	Items func(ctx context.Context) ([]Item, error)
}

// Item is one entry of a feed. Title or Summary is needed, and Link if there is no ID.
type Item struct {
	Title   string
	Link    web.Ref // the page
	Summary string  // a short text or HTML, shown in lists
	Content string  // the whole text as HTML; optional

	// ID identifies the item for ever, so that readers show it once. If empty it is the item's address; give one if
	// addresses may change.
	ID string

	Published time.Time // left out if zero
	Updated   time.Time // Published if zero; left out if both are

	Author     Person // the feed's if zero
	Categories []string
	Comments   web.Ref // the page with the comments; RSS only
	Enclosure  *Enclosure
}

// Person is somebody who wrote something.
type Person struct {
	Name  string
	Email string  // left out of JSON, which has no place for it
	URL   web.Ref // the page about the person; left out of RSS, which has no place for it
}

// isZero reports whether nothing is known of the person.
func (p Person) isZero() bool { return p.Name == "" && p.Email == "" && p.URL.IsZero() }

// Enclosure is a file that belongs to an item, such as an episode of a podcast.
type Enclosure struct {
	URL    string // path or address
	Type   string // media type, as "audio/mpeg"
	Length int64  // bytes
}

// RSS is a view that responds with the feed as RSS 2.0.
func (f Feed) RSS(w http.ResponseWriter, r *http.Request) error {
	return f.serve(w, r, "application/rss+xml; charset=utf-8", writeRSS)
}

// Atom is a view that responds with the feed as Atom 1.0.
func (f Feed) Atom(w http.ResponseWriter, r *http.Request) error {
	return f.serve(w, r, "application/atom+xml; charset=utf-8", writeAtom)
}

// JSON is a view that responds with the feed as JSON Feed 1.1.
func (f Feed) JSON(w http.ResponseWriter, r *http.Request) error {
	return f.serve(w, r, "application/feed+json; charset=utf-8", writeJSON)
}
