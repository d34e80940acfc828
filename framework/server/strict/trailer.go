package strict

import "bytes"

// allowedTrailers reports whether a Trailer field announces only fields that are allowed after a body.
func allowedTrailers(list []byte) bool {
	for item := range bytes.SplitSeq(list, []byte(",")) {
		item = bytes.Trim(item, " \t")
		for _, char := range item {
			if !token.has(char) {
				return false
			}
		}
		var name [32]byte
		if len(item) > len(name) {
			continue
		}
		for i, char := range item {
			name[i] = lower(char)
		}
		if forbiddenTrailer(name[:len(item)]) {
			return false
		}
	}
	return true
}

// forbiddenTrailer reports whether a field would change how a request is framed, routed, authorized or read, and
// therefore must not follow its body.
func forbiddenTrailer(name []byte) bool {
	switch string(name) {
	case "content-length", "transfer-encoding", "trailer", "te", "host", "connection", "keep-alive", "upgrade", "expect",
		"authorization", "proxy-authorization", "proxy-connection", "cookie", "set-cookie",
		"content-type", "content-encoding", "content-range", "content-disposition", "content-location", "content-language",
		"cache-control", "pragma", "max-forwards", "range", "age", "vary", "location", "date",
		"if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range",
		"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-real-ip", "x-request-id",
		"origin", "referer", "accept", "accept-encoding", "accept-language", "user-agent":
		return true
	}
	return bytes.HasPrefix(name, []byte("sec-")) || bytes.HasPrefix(name, []byte("x-forwarded-")) || bytes.HasPrefix(name, []byte("proxy-"))
}
