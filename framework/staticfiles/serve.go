package staticfiles

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// types maps extensions to content types.
var types = typesByExtension()

// Handler serves the files below Prefix. A file under its hashed name may be cached for
// a year; under its plain name it is revalidated, with 304 if it is unchanged. Text is sent
// compressed, ranges are supported, and only files of the sources can be served, since requests are
// looked up in a table.
func (f *Files) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name, ours := strings.CutPrefix(r.URL.Path, f.path)
		file := f.byName[name]
		header := w.Header()
		switch {
		case ours && file != nil:
			header.Set("Cache-Control", "public, max-age=31536000, immutable")
		case ours && f.byPath[name] != nil:
			file = f.byPath[name]
			header.Set("Cache-Control", "no-cache")
		default:
			http.Error(w, "Not found", http.StatusNotFound)
			return
		}
		file.serve(w, r)
	})
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	contentType := types[strings.ToLower(path.Ext(f.path))]
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	header.Set("Content-Type", contentType)
	header.Set("X-Content-Type-Options", "nosniff")
	etag := `"` + f.hash + `"`
	if compressible(contentType) && f.size >= 512 {
		header.Add("Vary", "Accept-Encoding")
		if r.Header.Get("Range") == "" && acceptsGzip(r.Header.Values("Accept-Encoding")) {
			if packed := f.gzip.of(f); packed != nil {
				header.Set("Content-Encoding", "gzip")
				header.Set("ETag", `"`+f.hash+`-gzip"`)
				if r.Header.Get("If-None-Match") == "" {
					// ServeContent leaves the length of encoded content out.
					header.Set("Content-Length", strconv.Itoa(len(packed)))
				}
				http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(packed))
				return
			}
		}
	}
	header.Set("ETag", etag)
	if f.content != nil {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
		return
	}
	opened, err := f.fsys.Open(f.path)
	if err != nil {
		http.Error(w, "Not found", http.StatusNotFound)
		return
	}
	defer opened.Close()
	if seeker, ok := opened.(io.ReadSeeker); ok {
		http.ServeContent(w, r, "", time.Time{}, seeker)
		return
	}
	content, err := f.read()
	if err != nil {
		http.Error(w, "Not found", http.StatusNotFound)
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// read returns the content as it is served.
func (f *file) read() ([]byte, error) {
	if f.content != nil {
		return f.content, nil
	}
	return fs.ReadFile(f.fsys, f.path)
}

func compressible(contentType string) bool {
	return strings.HasPrefix(contentType, "text/") || strings.Contains(contentType, "json") || strings.Contains(contentType, "xml") ||
		contentType == "application/wasm"
}

// acceptsGzip reads an Accept-Encoding header: gzip or * is named and not refused by q=0.
func acceptsGzip(values []string) bool {
	accepted := false
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, parameters, _ := strings.Cut(strings.ToLower(part), ";")
		coding = strings.TrimSpace(coding)
		if coding != "gzip" && coding != "*" {
			continue
		}
		weight, given := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		ok := !given || err == nil && q > 0
		if coding == "gzip" {
			return ok
		}
		accepted = ok
	}
	return accepted
}

// gzipCopy is the compressed form of a file, created when it is first requested. It is nil if it would
// not be smaller.
type gzipCopy struct {
	once   sync.Once
	packed []byte
}

// maxGzipSize bounds what is kept compressed in memory.
const maxGzipSize = 8 << 20

func (c *gzipCopy) of(f *file) []byte {
	c.once.Do(func() {
		if f.size > maxGzipSize {
			return
		}
		content, err := f.read()
		if err != nil {
			return
		}
		if packed := compress(content); len(packed) < len(content)*9/10 {
			c.packed = packed
		}
	})
	return c.packed
}

func compress(content []byte) []byte {
	var out bytes.Buffer
	// Neither the level nor writing to a buffer can fail.
	writer, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = writer.Write(content)
	_ = writer.Close()
	return out.Bytes()
}
