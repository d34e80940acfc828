package requests

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"slices"
)

// maxHeld is the size up to which a response waits for the commit.
const maxHeld = 1 << 20

// heldResponse keeps a response back until send is called, or until it is flushed or too large.
type heldResponse struct {
	http.ResponseWriter
	before http.Header // as it was before the view
	header http.Header // as the view changes it
	status int         // 0 before WriteHeader
	body   bytes.Buffer
	sent   bool // the header was passed on
}

func hold(w http.ResponseWriter) *heldResponse {
	h := &heldResponse{ResponseWriter: w, before: w.Header().Clone(), header: w.Header().Clone()}
	if h.header == nil {
		h.header = http.Header{}
	}
	return h
}

func (h *heldResponse) Header() http.Header {
	if h.sent {
		return h.ResponseWriter.Header() // for trailers
	}
	return h.header
}

func (h *heldResponse) WriteHeader(status int) {
	switch {
	case h.status != 0:
	case status < http.StatusOK && status != http.StatusSwitchingProtocols: // may be repeated
		h.copyHeader()
		h.ResponseWriter.WriteHeader(status)
	default:
		h.status = status
	}
}

func (h *heldResponse) Write(p []byte) (int, error) {
	if h.status == 0 {
		h.status = http.StatusOK
	}
	if h.sent {
		return h.ResponseWriter.Write(p)
	}
	if h.body.Len()+len(p) <= maxHeld {
		return h.body.Write(p)
	}
	h.send()
	return h.ResponseWriter.Write(p)
}

// send passes on what was held back.
func (h *heldResponse) send() {
	if h.sent {
		return
	}
	h.sent = true
	h.copyHeader()
	if h.status != 0 {
		h.ResponseWriter.WriteHeader(h.status)
	}
	if h.body.Len() > 0 {
		_, _ = h.ResponseWriter.Write(h.body.Bytes()) // an error means that the client has left
		h.body = bytes.Buffer{}
	}
}

// copyHeader makes the changes of the view in the header that is sent. Middleware may have changed others meanwhile.
func (h *heldResponse) copyHeader() {
	header := h.ResponseWriter.Header()
	for name := range h.before {
		if _, kept := h.header[name]; !kept {
			delete(header, name)
		}
	}
	for name, values := range h.header {
		if !slices.Equal(values, h.before[name]) {
			header[name] = values
		}
	}
}

// FlushError sends the response before the commit. http.ResponseController calls it.
func (h *heldResponse) FlushError() error {
	if h.status == 0 {
		h.status = http.StatusOK
	}
	h.send()
	return http.NewResponseController(h.ResponseWriter).Flush()
}

// Flush implements http.Flusher.
func (h *heldResponse) Flush() { _ = h.FlushError() }

// Hijack implements http.Hijacker.
func (h *heldResponse) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	h.sent = true
	return http.NewResponseController(h.ResponseWriter).Hijack()
}

// Unwrap lets http.ResponseController set deadlines.
func (h *heldResponse) Unwrap() http.ResponseWriter { return h.ResponseWriter }
