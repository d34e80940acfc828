package strict_test

import (
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/quintetgo/quintet/framework/server/strict"
)

func ExampleListener() {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	server := &http.Server{Handler: http.NotFoundHandler()}
	defer server.Close()
	go func() {
		_ = server.Serve(strict.Listener(inner, strict.Options{
			OnRefuse: func(r strict.Refusal) { fmt.Println(r) },
		}))
	}()

	conn, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n")
	var status [12]byte
	_, _ = io.ReadFull(conn, status[:])
	fmt.Printf("%s\n", status)
	// Output:
	// rejected request: both Content-Length and Transfer-Encoding (field transfer-encoding)
	// HTTP/1.1 400
}
