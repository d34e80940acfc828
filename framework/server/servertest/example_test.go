package servertest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

func ExampleLoad() {
	var mu sync.Mutex
	var stored []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		stored = append(stored, r.FormValue("id"))
	}))
	defer server.Close()

	report, err := servertest.Load{
		Dial:     servertest.Dialer(server.Listener.Addr().String()),
		Requests: 100,
	}.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("acknowledged:", len(report.Acks), "failed:", len(report.Failures))
	fmt.Println("lost:", report.Lost(stored), "doubled:", report.Doubled(stored))
	fmt.Println("fast enough:", report.Latencies.Percentile(99) < time.Minute)
	// Output:
	// acknowledged: 100 failed: 0
	// lost: [] doubled: []
	// fast enough: true
}

// The load has four times as many requests as the server can handle: how many does it still serve, and how fast does
// it reject the others?
func ExampleLoad_overload() {
	slots := make(chan struct{}, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		select {
		case slots <- struct{}{}:
			time.Sleep(20 * time.Millisecond)
			<-slots
		default:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()

	report, err := servertest.Load{
		Dial:     servertest.Dialer(server.Listener.Addr().String()),
		Clients:  40,
		Rate:     400, // 100 can be served
		Duration: 500 * time.Millisecond,
	}.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("served some:", len(report.Acks) > 0, "turned some away:", len(report.Shed) > 0, "failed:", len(report.Failures))
	// Output: served some: true turned some away: true failed: 0
}

func ExampleProxy() {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	proxy, err := servertest.NewProxy("127.0.0.1:0", server.Listener.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer proxy.Close()

	client := &http.Client{Timeout: 200 * time.Millisecond}
	get := func() {
		response, err := client.Get("http://" + proxy.Addr())
		if err != nil {
			fmt.Println("no answer")
			return
		}
		defer response.Body.Close()
		fmt.Println(response.StatusCode)
	}
	client.Timeout = time.Minute
	get()
	client.Timeout = 200 * time.Millisecond
	proxy.Set(servertest.Fault{Freeze: true})
	get()
	client.Timeout = time.Minute
	proxy.Set(servertest.Fault{})
	get()
	// Output:
	// 404
	// no answer
	// 404
}
