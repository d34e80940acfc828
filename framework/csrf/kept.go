package csrf

import (
	"embed"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Limits of a form that is kept, since it is sent in a hidden input.
const (
	maxKept       = 200 << 10
	maxKeptFields = 1000
)

// Kept is the form of a request that was refused or interrupted, from which a page can offer to send it
// again. Tokens, passwords and files are not kept.
type Kept struct {
	Action    string      `json:"a"`           // path and query that the form was sent to
	Multipart bool        `json:"m,omitempty"` // sent as multipart/form-data
	Files     bool        `json:"u,omitempty"` // there were files, which are lost
	Fields    []KeptField `json:"f,omitempty"`
}

// KeptField is a field of a form that is kept.
type KeptField struct {
	Name  string `json:"n"`
	Value string `json:"v"`
}

// Enctype returns the encoding for the form's attribute enctype.
func (k Kept) Enctype() string {
	if k.Multipart {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

// Keep returns the form of a POST request. It returns false if there is none, if it has no fields worth
// keeping, or if it is larger than 200 KB or 1,000 fields. Fields whose names begin with leave are left out.
func Keep(r *http.Request, leave ...string) (Kept, bool) {
	kept := Kept{Action: r.URL.RequestURI()}
	if r.Method != http.MethodPost {
		return kept, false
	}
	if _, err := formToken(r); err != nil {
		return kept, false
	}
	if r.MultipartForm != nil {
		kept.Multipart = true
		for _, files := range r.MultipartForm.File {
			for _, file := range files {
				kept.Files = kept.Files || file.Size > 0
			}
		}
	}
	size := 0
	for _, name := range sortedNames(r.PostForm) {
		if name == FieldName || strings.Contains(strings.ToLower(name), "password") ||
			slices.ContainsFunc(leave, func(l string) bool { return strings.HasPrefix(name, l) }) {
			continue
		}
		for _, value := range r.PostForm[name] {
			size += len(name) + len(value)
			kept.Fields = append(kept.Fields, KeptField{name, value})
		}
	}
	if size > maxKept || len(kept.Fields) > maxKeptFields {
		kept.Fields = nil
	}
	return kept, len(kept.Fields) > 0
}

func sortedNames(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// sameOrigin reports whether the browser declares that a page of this site sent the request.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Host != "" && strings.EqualFold(origin.Host, r.Host)
}

//go:embed templates
var files embed.FS

// Templates returns the page csrf/retry.html, which offers to send a refused form again. A project
// can override it.
func Templates() fs.FS {
	sub, err := fs.Sub(files, "templates")
	if err != nil { // impossible for this name
		return files
	}
	return sub
}
