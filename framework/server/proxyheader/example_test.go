package proxyheader_test

import (
	"fmt"
	"io"
	"net"
	"time"

	"github.com/quintetgo/quintet/framework/server/proxyheader"
)

// Get the address of clients behind a load balancer that sends the PROXY protocol.
func ExampleListener() {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	listener, err := proxyheader.Listener(inner, []string{"127.0.0.1"}, 10*time.Second)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer listener.Close()

	go func() { // the load balancer
		conn, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "PROXY TCP4 203.0.113.5 192.0.2.1 4096 80\r\nHello")
	}()

	conn, err := listener.Accept()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	text, _ := io.ReadAll(conn)
	fmt.Printf("%s from %s\n", text, conn.RemoteAddr())
	// Output: Hello from 203.0.113.5:4096
}
