package corpus_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/corpus"
)

func ExampleCases_Run() {
	counter := corpus.NewCounter(nil) // your handler goes here
	server := httptest.NewServer(counter)
	defer server.Close()

	cases, err := corpus.Parse("mine", `
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
	report, err := cases.Run(context.Background(), dial, counter) // use corpus.All().Run for the built-in cases
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
