package response_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/server/response"
)

func TestWrapReturnsTheWriterThatIsThere(t *testing.T) {
	t.Parallel()
	first := response.Wrap(httptest.NewRecorder())
	if second := response.Wrap(first); second != first {
		t.Error("Wrap made a second wrapper")
	}
	if response.Find(httptest.NewRecorder()) != nil {
		t.Error("Find found a wrapper in a bare writer")
	}
}

func TestBeforeRunsOnceAheadOfTheHeaderInReverseOrder(t *testing.T) {
	t.Parallel()
	writes := map[string]func(*response.Writer){
		"WriteHeader": func(w *response.Writer) { w.WriteHeader(http.StatusTeapot) },
		"Write":       func(w *response.Writer) { _, _ = w.Write([]byte("x")) },
		"WriteString": func(w *response.Writer) { _, _ = w.WriteString("x") },
		"ReadFrom":    func(w *response.Writer) { _, _ = w.ReadFrom(strings.NewReader("x")) },
		"Flush":       func(w *response.Writer) { w.Flush() },
		"Finish":      func(w *response.Writer) { w.Finish(); w.WriteHeader(http.StatusOK) },
	}
	for name, write := range writes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recorder := httptest.NewRecorder()
			w := response.Wrap(recorder)
			order := ""
			w.Before(func() { order += "a"; w.Header().Set("X-Late", "yes") })
			w.Before(func() { order += "b" })
			write(w)
			write(w)
			if order != "ba" {
				t.Errorf("functions ran as %q, want %q", order, "ba")
			}
			if got := recorder.Result().Header.Get("X-Late"); got != "yes" {
				t.Errorf("header set just before sending = %q", got)
			}
			if !w.Written() {
				t.Error("Written() = false")
			}
		})
	}
}

func TestWriterCountsStatusAndSize(t *testing.T) {
	t.Parallel()
	early := response.Wrap(httptest.NewRecorder())
	early.WriteHeader(http.StatusEarlyHints)
	if early.Written() {
		t.Error("an informational status counts as written")
	}
	w := response.Wrap(httptest.NewRecorder())
	w.WriteHeader(http.StatusCreated)
	w.WriteHeader(http.StatusTeapot)
	_, _ = w.Write([]byte("abc"))
	_, _ = w.WriteString("de")
	_, _ = io.Copy(w, strings.NewReader("f"))
	if w.Status() != http.StatusCreated || w.Size() != 6 {
		t.Errorf("status %d size %d, want 201 and 6", w.Status(), w.Size())
	}
}

func TestReplaceDropsWhatTheHandlerWrites(t *testing.T) {
	t.Parallel()
	recorder := httptest.NewRecorder()
	w := response.Wrap(recorder)
	w.Before(func() {
		w.Replace(func(to http.ResponseWriter) { http.Error(to, "no", http.StatusInternalServerError) })
	})
	w.Header().Set("Content-Length", "9")
	_, err := w.Write([]byte("the page "))
	_, err2 := io.Copy(w, strings.NewReader("and more"))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	got := recorder.Result()
	if got.StatusCode != http.StatusInternalServerError || recorder.Body.String() != "no\n" || got.Header.Get("Content-Length") != "" {
		t.Errorf("got %d %q %v", got.StatusCode, recorder.Body, got.Header)
	}
}

func TestControllerReachesTheConnection(t *testing.T) {
	t.Parallel()
	hijacked := make(chan bool, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		wrapped := response.Wrap(w)
		ran := false
		wrapped.Before(func() { ran = true })
		conn, _, err := http.NewResponseController(wrapped).Hijack()
		if err != nil {
			t.Error(err)
			hijacked <- false
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
		_ = conn.Close()
		hijacked <- !ran && wrapped.Written()
	}))
	t.Cleanup(server.Close)
	answer, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if !<-hijacked {
		t.Error("hijacking did not pass through")
	}
}

func TestSendingIsTheStatusToCome(t *testing.T) {
	t.Parallel()
	w := response.Wrap(httptest.NewRecorder())
	var seen []int
	note := func() { seen = append(seen, w.Sending()) }
	w.Before(note)
	w.Before(func() {
		note()
		w.Replace(func(w http.ResponseWriter) { w.WriteHeader(http.StatusTeapot) })
	})
	note()
	w.WriteHeader(http.StatusCreated)
	note()
	if want := []int{0, 201, 418, 0}; !slices.Equal(seen, want) {
		t.Errorf("seen %v, want %v", seen, want)
	}
	w = response.Wrap(httptest.NewRecorder())
	w.Before(func() { seen = []int{w.Sending()} })
	w.Finish()
	if !slices.Equal(seen, []int{200}) {
		t.Errorf("a handler that wrote nothing: %v", seen)
	}
}
