package feeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"
)

// serve writes the feed in one format. ServeContent handles HEAD, conditional requests and ranges.
func (f Feed) serve(w http.ResponseWriter, r *http.Request, mediaType string, write func(document) ([]byte, error)) error {
	var items []Item
	if f.Items != nil {
		var err error
		if items, err = f.Items(r.Context()); err != nil {
			return fmt.Errorf("feed %q: %w", f.Title, err)
		}
	}
	doc, err := f.document(site{r, base(f.BaseURL, r)}, r.URL.EscapedPath(), items)
	if err != nil {
		return fmt.Errorf("feed %q: %w", f.Title, err)
	}
	body, err := write(doc)
	sum := sha256.Sum256(body) // before the time of the response is in it
	if err == nil && doc.updated.IsZero() {
		doc.built = time.Now()
		body, err = write(doc)
	}
	if err != nil {
		return fmt.Errorf("feed %q: %w", f.Title, err)
	}
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", doc.updated, bytes.NewReader(body)) // a zero time is left out
	return nil
}
