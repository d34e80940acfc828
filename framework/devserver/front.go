package devserver

import (
	"context"
	"crypto/rand"
	_ "embed" // for reload.js
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// prefix is the prefix of paths that the front itself serves.
const prefix = "/__quintet/"

//go:embed pages/reload.js
var reloadScript []byte

// front is the handler that browsers connect to.
type front struct {
	state   *state
	options Options
	boot    string // distinguishes this server from a previous one at the same address
	proxy   *httputil.ReverseProxy
}

// targetKey is the context key of the child for a forwarded request.
type targetKey struct{}

type route struct {
	socket string
	mark   string
}

func newFront(s *state, o Options) *front {
	f := &front{state: s, options: o, boot: rand.Text()[:8]}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			socket, err := url.PathUnescape(strings.ReplaceAll(host, "_", "%"))
			if err != nil {
				return nil, err
			}
			var d net.Dialer
			return d.DialContext(ctx, "unix", socket)
		},
		DisableCompression: true,
		IdleConnTimeout:    30 * time.Second,
	}
	f.proxy = &httputil.ReverseProxy{
		Transport:     transport,
		FlushInterval: -1, // event streams
		Rewrite: func(r *httputil.ProxyRequest) {
			to, _ := r.In.Context().Value(targetKey{}).(route)
			r.Out.URL.Scheme = "http"
			r.Out.URL.Host = hostOf(to.socket) // separates connections to different children
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Accept-Encoding") // the script is inserted into uncompressed HTML
		},
		ModifyResponse: func(response *http.Response) error {
			to, _ := response.Request.Context().Value(targetKey{}).(route)
			inject(response, prefix+"reload.js?g="+to.mark)
			return nil
		},
		ErrorHandler: f.proxyError,
	}
	return f
}

// hostOf encodes a socket's path as a host name, by which the transport pools connections.
func hostOf(socket string) string {
	var b strings.Builder
	for _, c := range []byte(socket) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "_%02X", c)
		}
	}
	return b.String()
}

func (f *front) mark(generation int) string { return fmt.Sprintf("%s-%d", f.boot, generation) }

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case prefix + "reload":
		f.events(w, r)
		return
	case prefix + "reload.js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(reloadScript)
		return
	}
	now, generation, err := f.state.wait(r.Context())
	if err != nil {
		return // the browser disconnected or the server stopped
	}
	if now.failure != nil {
		f.showFailure(w, r, now.failure, f.mark(generation))
		return
	}
	to := route{now.target.socket, f.mark(generation)}
	f.proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), targetKey{}, to)))
}

// proxyError handles a child that did not respond: usually it is being replaced, and the request is sent to the new
// one.
func (f *front) proxyError(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return
	}
	to, _ := r.Context().Value(targetKey{}).(route)
	now, generation, waitErr := f.state.wait(r.Context())
	if waitErr != nil {
		return
	}
	if again := now.target != nil && now.target.socket != to.socket; again && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		to := route{now.target.socket, f.mark(generation)}
		f.proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), targetKey{}, to)))
		return
	}
	broken := now.failure
	if broken == nil {
		broken = &failure{Title: "The project's process did not respond", Output: err.Error() + "\n\nThe terminal may show more."}
	}
	f.showFailure(w, r, broken, f.mark(generation))
}

// events notifies a browser of new generations.
func (f *front) events(w http.ResponseWriter, r *http.Request) {
	changed, end := f.state.listen()
	defer end()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	alive := time.NewTicker(20 * time.Second)
	defer alive.Stop()
	fmt.Fprintf(w, "retry: 500\n\ndata: %s\n\n", f.mark(f.state.number()))
	for control.Flush() == nil {
		select {
		case <-changed:
			fmt.Fprintf(w, "data: %s\n\n", f.mark(f.state.number()))
		case <-alive.C:
			fmt.Fprint(w, ": alive\n\n")
		case <-r.Context().Done():
			return
		}
	}
}
