package limit_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quintetgo/quintet/framework/server/limit"
)

func TestQueue(t *testing.T) {
	t.Parallel()
	queue := limit.NewQueue(1, 1, time.Minute)
	release, began := make(chan struct{}), make(chan struct{}, 9)
	h := queue.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		began <- struct{}{}
		<-release
	}))
	var done sync.WaitGroup
	codes := make(chan int, 9)
	ask := func(ctx context.Context) {
		done.Go(func() {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/", nil))
			codes <- w.Code
		})
	}
	ask(t.Context())
	<-began
	ask(t.Context())
	for queue.Waiting() < 1 {
		time.Sleep(time.Millisecond)
	}
	w := httptest.NewRecorder()
	start := time.Now()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "30" || time.Since(start) >= time.Minute { // which is how long a request would wait
		t.Errorf("a full queue: status %d, Retry-After %q after %v", w.Code, w.Header().Get("Retry-After"), time.Since(start))
	}
	close(release)
	done.Wait()
	if a, b := <-codes, <-codes; a != 200 || b != 200 {
		t.Errorf("at work %d, waiting %d; want 200", a, b)
	}
	if queue.Refused() != 1 || queue.Waiting() != 0 {
		t.Errorf("refused %d, waiting %d", queue.Refused(), queue.Waiting())
	}
}

func TestQueueTimesOutAndMindsClientsThatLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := limit.NewQueue(1, 9, 2*time.Second)
		h := queue.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(time.Minute) }))
		go h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		synctest.Wait()
		for _, c := range []struct{ patience, want time.Duration }{{time.Hour, 2 * time.Second}, {time.Second, time.Second}} {
			ctx, cancel := context.WithTimeout(t.Context(), c.patience)
			start, w := time.Now(), httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/", nil))
			cancel()
			if w.Code != 503 || time.Since(start) != c.want {
				t.Errorf("patience %v: status %d after %v", c.patience, w.Code, time.Since(start))
			}
		}
		time.Sleep(time.Minute)
	})
}

func TestQueueRefusesAtOnceWhoseTurnComesTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := limit.NewQueue(1, 100, 5*time.Second)
		var refused atomic.Int64
		queue.OnRefuse = func() { refused.Add(1) }
		h := queue.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(time.Second) }))
		var mu sync.Mutex
		served, late := 0, 0
		for range 600 { // ten arrive for each that can be served
			go func() {
				w, began := httptest.NewRecorder(), time.Now()
				h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
				mu.Lock()
				defer mu.Unlock()
				if w.Code == http.StatusOK {
					served++
				} else if time.Since(began) > 100*time.Millisecond {
					late++
				}
			}()
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if served < 58 || late > 60 || refused.Load() != int64(600-served) {
			t.Errorf("%d served, %d refused, %d of them late", served, refused.Load(), late)
		}
		// Once the queue is empty, a new burst finds it open.
		for range 3 {
			go h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if refused.Load() != int64(600-served) {
			t.Errorf("%d refused after the rush", refused.Load()-int64(600-served))
		}
	})
}

func TestQueueGivesPlacesBackAfterPanics(t *testing.T) {
	t.Parallel()
	h := limit.NewQueue(1, 0, 0).Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	for range 3 {
		func() {
			defer func() {
				if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
					t.Error("the panic did not pass")
				}
			}()
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}()
	}
}
