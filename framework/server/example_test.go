package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/server"
)

// Serve any http.Handler, with limits and timeouts, until the process is asked to stop.
func ExampleRun() {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "Hello from %s", r.URL.Path) })

	ctx, stop := server.Signals(context.Background()) // TERM stops gracefully, Ctrl-C quickly
	defer stop()
	err := server.Run(ctx, hello, server.Options{
		Bind:     []string{"127.0.0.1:0"},
		Limits:   server.Limits{Concurrency: 100, Queue: 50},
		Timeouts: server.Timeouts{Request: 10 * time.Second, Shutdown: time.Minute},
		Ready: func(addrs []net.Addr) {
			go func() { // a client
				defer stop()
				response, err := http.Get("http://" + addrs[0].String() + "/greeting")
				if err != nil {
					fmt.Println(err)
					return
				}
				defer response.Body.Close()
				body, _ := io.ReadAll(response.Body)
				fmt.Println(response.StatusCode, string(body))
			}()
		},
	})
	fmt.Println("stopped:", err)
	// Output:
	// 200 Hello from /greeting
	// stopped: <nil>
}
