package response

import (
	"net/http"
	"strings"
)

// Personal marks a response as generated for one visitor, so that shared caches do not serve it to others: it varies
// by cookie, and is private unless the handler set Cache-Control.
func Personal(header http.Header) {
	VaryByCookie(header)
	if header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", "private")
	}
}

// VaryByCookie marks a response as depending on the cookies of the request. Caches may keep it for
// requests with the same cookies, or with none.
func VaryByCookie(header http.Header) {
	if !varies(header, "Cookie") {
		header.Add("Vary", "Cookie")
	}
}

func varies(header http.Header, name string) bool {
	for _, line := range header.Values("Vary") {
		for field := range strings.SplitSeq(line, ",") {
			if field = strings.TrimSpace(field); field == "*" || strings.EqualFold(field, name) {
				return true
			}
		}
	}
	return false
}
