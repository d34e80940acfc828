package limit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quintetgo/quintet/framework/server/limit"
)

func TestRetirement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		r := &limit.Retirement{Requests: 3, Jitter: 2, Retire: func(string) { asked.Add(1) }}
		r.Start()
		h := r.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go r.Watch(ctx)
		for n := range 6 {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			synctest.Wait()
			if n < 2 && asked.Load() > 0 || n >= 4 && asked.Load() != 1 {
				t.Errorf("asked %d times after %d requests", asked.Load(), n+1)
			}
		}
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		if asked.Load() != 2 {
			t.Errorf("asked %d times; want once more after five seconds", asked.Load())
		}
	})
}

func TestRetirementByMemory(t *testing.T) {
	t.Parallel()
	reasons := make(chan string, 9)
	r := &limit.Retirement{Memory: 1, Retire: func(reason string) { reasons <- reason }}
	r.Start()
	go r.Watch(t.Context())
	select {
	case reason := <-reasons:
		if !strings.Contains(reason, "MiB of memory") {
			t.Errorf("reason %q", reason)
		}
	case <-time.After(patience):
		t.Error("never asked")
	}
	if limit.Resident() < 1<<20 {
		t.Errorf("resident memory %d", limit.Resident())
	}
}
