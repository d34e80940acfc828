package servertest_test

import (
	"context"
	"fmt"
	"io"
	"log"
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
	fmt.Println("fast enough:", report.Latencies.Percentile(99) < 5*time.Second)
	// Output:
	// acknowledged: 100 failed: 0
	// lost: [] doubled: []
	// fast enough: true
}

// Four times as many requests are due as the server can handle: how many does it still answer, and
// how fast does it turn the others away?
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

func ExampleCorpus_Run() {
	counter := servertest.NewCounter(nil) // your handler goes here
	server := httptest.NewServer(counter)
	defer server.Close()

	corpus, err := servertest.ParseCorpus("mine", `
-- two-at-once: pass 2 --
GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n
GET /b HTTP/1.1\r\nHost: localhost\r\n\r\n

-- no-host: 400 --
GET /a HTTP/1.1\r\n\r\n

-- both-lengths: 400 --
POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	dial := servertest.Dialer(server.Listener.Addr().String())
	report, err := corpus.Run(context.Background(), dial, counter) // servertest.Requests().Run for all of ours
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, result := range report {
		fmt.Printf("%s: want %s, got %s, in step: %t\n", result.Case, result.Want, result.Got, result.Desync == "")
	}
	// Output:
	// mine/two-at-once: want pass 2, got pass 2, in step: true
	// mine/no-host: want 400, got 400, in step: true
	// mine/both-lengths: want 400, got pass 1, in step: true
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
	client.Timeout = 10 * time.Second
	get()
	client.Timeout = 200 * time.Millisecond
	proxy.Set(servertest.Fault{Freeze: true})
	get()
	client.Timeout = 10 * time.Second
	proxy.Set(servertest.Fault{})
	get()
	// Output:
	// 404
	// no answer
	// 404
}

func ExampleSlow() {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ReadHeaderTimeout = 100 * time.Millisecond
	server.Start()
	defer server.Close()

	report, err := servertest.Slow{
		Dial:        servertest.Dialer(server.Listener.Addr().String()),
		Kind:        servertest.SlowHead,
		Connections: 10,
		Interval:    20 * time.Millisecond,
		Duration:    10 * time.Second,
	}.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("opened:", report.Opened, "shed:", report.Shed, "held:", report.Held)
	// Output: opened: 10 shed: 10 held: 0
}

func ExampleFlood() {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()

	report, err := servertest.Flood{
		Dial:     servertest.Dialer(server.Listener.Addr().String()),
		Kind:     servertest.ContinuationFlood,
		Duration: 10 * time.Second,
	}.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("opened:", report.Opened, "ended:", report.Ended, "held:", report.Held)
	fmt.Println("sent away with:", report.GoAways)
	// Output:
	// opened: 4 ended: 4 held: 0
	// sent away with: map[PROTOCOL_ERROR:4]
}
