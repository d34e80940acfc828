package feeds

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/web"
)

// document is a feed that is ready to be written: links are whole addresses, texts are clean.
type document struct {
	Feed
	self    string
	items   []Item
	updated time.Time // the newest of the items; zero if none has a date
	built   time.Time
}

// changed is the date that RSS and Atom want of the feed itself: when no item has one, that of the response.
func (d document) changed() time.Time {
	if d.updated.IsZero() {
		return d.built
	}
	return d.updated
}

// document prepares the feed and its items.
func (f Feed) document(s site, path string, items []Item) (document, error) {
	d := document{Feed: f, self: absolute(s.base, path), items: make([]Item, 0, len(items))}
	if f.TTL < 0 {
		return d, fmt.Errorf("the TTL %v is negative", f.TTL)
	}
	d.Title, d.Language, d.Copyright = clean(f.Title), clean(f.Language), clean(f.Copyright)
	d.Description = clean(cmp.Or(f.Description, f.Title))
	if f.Link.IsZero() {
		f.Link = web.Path("/")
	}
	var err error
	if d.Link, err = s.page(f.Link); err != nil {
		return d, fmt.Errorf("its Link: %w", err)
	}
	d.ID = clean(cmp.Or(f.ID, d.Link.String()))
	if d.Author, err = s.person(f.Author); err != nil {
		return d, fmt.Errorf("its author: %w", err)
	}
	d.Categories = cleanAll(f.Categories)
	for i, item := range items {
		if item.Link.IsZero() && item.ID == "" {
			return d, fmt.Errorf("item %d (%q) has neither a Link nor an ID: readers could not tell it from others", i, item.Title)
		}
		if item, err = s.item(item); err != nil {
			return d, fmt.Errorf("item %d (%q): %w", i, item.Title, err)
		}
		if d.updated.IsZero() || item.Updated.After(d.updated) {
			d.updated = item.Updated
		}
		d.items = append(d.items, item)
	}
	return d, nil
}

// site resolves the links of one response.
type site struct {
	request *http.Request
	base    *url.URL
}

// page returns the full address of a page as a web.Path; none for none.
func (s site) page(ref web.Ref) (web.Ref, error) {
	if ref.IsZero() {
		return ref, nil
	}
	address, err := ref.URL(s.request)
	return web.Path(absolute(s.base, address)), err
}

func (s site) person(p Person) (Person, error) {
	page, err := s.page(p.URL)
	return Person{Name: clean(p.Name), Email: clean(p.Email), URL: page}, err
}

func (s site) item(i Item) (Item, error) {
	i.Title, i.Summary, i.Content = clean(i.Title), clean(i.Summary), clean(i.Content)
	var err error
	if i.Link, err = s.page(i.Link); err != nil {
		return i, err
	}
	if i.Comments, err = s.page(i.Comments); err != nil {
		return i, err
	}
	if i.Author, err = s.person(i.Author); err != nil {
		return i, err
	}
	i.ID = clean(cmp.Or(i.ID, i.Link.String()))
	i.Categories = cleanAll(i.Categories)
	i.Published, i.Updated = writable(i.Published), writable(i.Updated)
	if i.Updated.IsZero() {
		i.Updated = i.Published
	}
	if i.Enclosure != nil {
		e := *i.Enclosure
		e.URL, e.Type = absolute(s.base, e.URL), clean(e.Type)
		i.Enclosure = &e
	}
	return i, nil
}

// writable returns a time without a form in feeds, of a year that has not four digits, as none.
func writable(t time.Time) time.Time {
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		return time.Time{}
	}
	return t
}

// base is what paths are put behind.
func base(configured string, r *http.Request) *url.URL {
	if configured != "" {
		if u, err := url.Parse(configured); err == nil && u.Host != "" {
			u.Path = strings.TrimSuffix(u.Path, "/") + "/"
			return u
		}
	}
	scheme := "http"
	if web.IsSecure(r) {
		scheme = "https"
	}
	return &url.URL{Scheme: scheme, Host: r.Host, Path: "/"}
}

// absolute makes a whole address of a path. A path begins below the base, whatever its own slashes are. An address that
// cannot be read is escaped rather than refused: a feed with one strange link is better than none.
func absolute(base *url.URL, link string) string {
	link = strings.TrimSpace(clean(link))
	if link == "" {
		return ""
	}
	u, err := url.Parse(ascii(link)) // raw letters would cost the escapes of a path
	if err != nil {
		u = &url.URL{Path: link}
	}
	if u.Scheme != "" {
		return ascii(u.String())
	}
	if u.Host != "" {
		u.Scheme = base.Scheme
		return ascii(u.String())
	}
	u.Scheme, u.Host = base.Scheme, base.Host
	prefix := strings.TrimSuffix(base.Path, "/")
	if prefix != "" || !strings.HasPrefix(u.Path, "/") {
		raw := strings.TrimSuffix(base.EscapedPath(), "/") + "/" + strings.TrimPrefix(u.EscapedPath(), "/")
		u.Path = prefix + "/" + strings.TrimPrefix(u.Path, "/")
		u.RawPath = raw // keeps an escaped slash
	}
	return ascii(u.String())
}

// ascii encodes the letters of an address that package url leaves in queries and fragments.
func ascii(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c >= utf8.RuneSelf {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
