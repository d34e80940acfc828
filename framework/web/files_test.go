package web_test

import (
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
)

// upload is a form with a file that does not fit into a memory of ten bytes.
func upload(path string) *http.Request {
	var body strings.Builder
	form := multipart.NewWriter(&body)
	part, _ := form.CreateFormFile("file", "large")
	_, _ = part.Write(make([]byte, 1000))
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body.String()))
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

func TestTemporaryFilesGoWithTheRequest(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	files := func() int {
		list, _ := filepath.Glob(filepath.Join(dir, "*"))
		return len(list)
	}
	view := func(_ http.ResponseWriter, r *http.Request) error {
		if err := r.ParseMultipartForm(10); err != nil || files() != 1 {
			t.Errorf("%d files, %v", files(), err)
		}
		if strings.HasSuffix(r.URL.Path, "panic") {
			panic("oh")
		}
		return fmt.Errorf("no")
	}
	// Middleware makes copies of the request, of which the server knows nothing.
	copies := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r.Clone(r.Context())) })
	}
	router := web.NewRouter()
	router.Use(copies)
	router.Post("/plain", view)
	router.Post("/panic", view)
	router.With(copies).Post("/with", view)
	router.Mount("/mounted", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = view(w, r) }))
	inner := web.NewRouter()
	inner.Post("/view", view)
	router.Mount("/router", inner)
	site := (&web.Site{Router: router, Logger: slog.New(slog.DiscardHandler)}).Handler()
	for _, path := range []string{"/plain", "/panic", "/with", "/mounted/x", "/router/view"} {
		recorder := httptest.NewRecorder()
		site.ServeHTTP(recorder, upload(path))
		if recorder.Code == http.StatusNotFound {
			t.Errorf("%s: no view", path)
		}
		if n := files(); n != 0 {
			t.Errorf("%s: %d files are left behind", path, n)
		}
	}
}

func TestStatusOfFormsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for want, err := range map[int]error{413: multipart.ErrMessageTooLarge, 400: http.ErrNotMultipart} {
		if got := web.Status(fmt.Errorf("read the form: %w", err)); got != want {
			t.Errorf("%v is %d, want %d", err, got, want)
		}
	}
	for _, err := range []error{http.ErrMissingBoundary, http.ErrMissingFile} {
		if got := web.Status(err); got != 400 {
			t.Errorf("%v is %d", err, got)
		}
	}
	if got := web.Status(io.ErrUnexpectedEOF); got != 500 { // it may come from anywhere
		t.Errorf("an end that comes early is %d", got)
	}
}
