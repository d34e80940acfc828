package feeds_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
)

func TestXMLToolsAcceptTheFeeds(t *testing.T) {
	t.Parallel()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: apt install libxml2-utils")
	}
	feed := sample(items()...)
	for name, view := range map[string]web.HandlerFunc{"rss": feed.RSS, "atom": feed.Atom} {
		cmd := exec.CommandContext(t.Context(), xmllint, "--noout", "-")
		cmd.Stdin = strings.NewReader(body(t, get(t, view)))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// script prints what feedparser makes of a feed.
const script = `
import feedparser, json, sys
d = feedparser.parse(sys.stdin.buffer.read())
print(json.dumps({
    "bozo": str(d.get("bozo_exception", "")), "version": d.version, "title": d.feed.title,
    "entries": [{"title": e.title, "link": e.link, "id": e.id, "author": e.get("author", ""), "updated": e.get("published", e.get("updated", "")),
                 "tags": [t.term for t in e.get("tags", [])]} for e in d.entries]}))
`

func TestFeedparserReadsEveryItem(t *testing.T) {
	t.Parallel()
	const python = "/usr/bin/python3"
	if err := exec.CommandContext(t.Context(), python, "-c", "import feedparser").Run(); err != nil {
		t.Skip("feedparser is not installed for " + python + ": apt install python3-feedparser")
	}
	feed := sample(items()...)
	for version, view := range map[string]web.HandlerFunc{"rss20": feed.RSS, "atom10": feed.Atom} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), python, "-c", script)
			cmd.Stdin = strings.NewReader(body(t, get(t, view)))
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			var got struct {
				Bozo, Version, Title string
				Entries              []struct {
					Title, Link, ID, Author, Updated string
					Tags                             []string
				}
			}
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatal(err)
			}
			if got.Bozo != "" || got.Version != version || got.Title != "Notes & more" || len(got.Entries) != 3 {
				t.Fatalf("feedparser reads %s", out)
			}
			first := got.Entries[0]
			if !strings.Contains(first.Title, "日本語 🎸") || first.Link != "http://example.com/posts/one%20two/?a=1&b=2" ||
				first.ID != first.Link || first.Author != "Django & Stéphane" || strings.Join(first.Tags, "|") != "swing|a<b" {
				t.Errorf("the first entry is %+v", first)
			}
			if got.Entries[1].ID != "tag:example.com,2026:2" {
				t.Errorf("the second entry is %+v", got.Entries[1])
			}
		})
	}
}
