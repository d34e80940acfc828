package devserver

import (
	"bytes"
	"crypto/rand"
	_ "embed" // for failure.html
	"fmt"
	"html/template"
	"net"
	"net/http"
	"strings"
)

//go:embed pages/failure.html
var failureText string

var failurePage = template.Must(template.New("failure.html").Parse(failureText))

// showFailure responds with the failure. Scripts and tools, which do not accept HTML, get plain text. A page of
// another site, which could reach this server by a host name of its own, gets no source code.
func (f *front) showFailure(w http.ResponseWriter, r *http.Request, broken *failure, mark string) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if !ownHost(r.Host) {
		http.Error(w, broken.Title+". See the terminal for the reason.", http.StatusInternalServerError)
		return
	}
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, broken.Title+".\n\n"+broken.Output, http.StatusInternalServerError)
		return
	}
	nonce := rand.Text()
	var page bytes.Buffer
	err := failurePage.Execute(&page, map[string]any{"Failure": broken, "Nonce": nonce, "Script": prefix + "reload.js?g=" + mark})
	if err != nil {
		http.Error(w, broken.Title+".\n\n"+broken.Output, http.StatusInternalServerError)
		return
	}
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; "+
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", nonce, nonce))
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = page.WriteTo(w)
}

// ownHost reports whether a request addresses this server by an IP address or as localhost.
func ownHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	return net.ParseIP(host) != nil || strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost")
}
