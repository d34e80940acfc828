package attack_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/attack"
)

func ExampleSlow() {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ReadHeaderTimeout = 100 * time.Millisecond
	server.Start()
	defer server.Close()

	report, err := attack.Slow{
		Dial:        servertest.Dialer(server.Listener.Addr().String()),
		Kind:        attack.SlowHead,
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

	report, err := attack.Flood{
		Dial:     servertest.Dialer(server.Listener.Addr().String()),
		Kind:     attack.ContinuationFlood,
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
