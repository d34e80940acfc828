package strict_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/server/strict"
)

// browser is a typical request of a browser.
const browser = "GET /admin/blog/post/?q=django&o=-2.1&status__exact=live HTTP/1.1\r\n" +
	"Host: shop.example.com\r\nConnection: keep-alive\r\nCache-Control: max-age=0\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n" +
	"Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nReferer: https://shop.example.com/admin/\r\n" +
	"Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-User: ?1\r\nUpgrade-Insecure-Requests: 1\r\n" +
	"Cookie: __Host-session=c2Vzc2lvbi1pZC1vZi0yNTYtYml0cy1pbi1iYXNlNjQ; __Host-csrf=dG9rZW4tb2YtMjU2LWJpdHMtaW4tYmFzZTY0\r\n\r\n"

func BenchmarkHead(b *testing.B) {
	check, input := strict.Scan(), []byte(browser)
	b.SetBytes(int64(len(input)))
	b.ReportAllocs()
	for b.Loop() {
		if !check(input) {
			b.Fatal("refused")
		}
	}
}

func BenchmarkChunkedBody(b *testing.B) {
	check, input := strict.Scan(), []byte(chunks(strings.Repeat("1000\r\n"+strings.Repeat("x", 4096)+"\r\n", 16)+"0\r\n\r\n"))
	b.SetBytes(int64(len(input)))
	b.ReportAllocs()
	for b.Loop() {
		if !check(input) {
			b.Fatal("refused")
		}
	}
}

// BenchmarkServer compares a server with and without the checker.
func BenchmarkServer(b *testing.B) {
	for name, wrap := range map[string]func(net.Listener) net.Listener{
		"plain":   func(inner net.Listener) net.Listener { return inner },
		"checked": func(inner net.Listener) net.Listener { return strict.Listener(inner, strict.Options{}) },
	} {
		b.Run(name, func(b *testing.B) {
			inner, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })}
			go func() { _ = server.Serve(wrap(inner)) }()
			defer server.Close()
			conn, err := net.Dial("tcp", inner.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close()
			request, answer := []byte(browser), make([]byte, 4096)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := conn.Write(request); err != nil {
					b.Fatal(err)
				}
				if _, err := conn.Read(answer); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestCheckingAllocatesNothing(t *testing.T) { //nolint:paralleltest // counts allocations
	conn := &memoryConn{cuts: []int{1 << 20}, done: make(chan struct{})}
	checked := strict.NewConn(conn, strict.Options{})
	buffer := make([]byte, 4096)
	once := []byte(browser + chunks(chunked) + post("Content-Length: 5")[:len(post("Content-Length: 5"))-len("0\r\n\r\n")] + "hello")
	exchange := func() {
		conn.input = once
		for read := 0; read < len(once); {
			n, err := checked.Read(buffer)
			if err != nil {
				t.Fatal(err)
			}
			read += n
			if _, err := checked.Write(buffer[:1]); err != nil {
				t.Fatal(err)
			}
			conn.got.output = conn.got.output[:0]
		}
	}
	exchange()
	if n := testing.AllocsPerRun(100, exchange); n > 0 {
		t.Errorf("three requests, pipelined: %.1f allocations, want none", n)
	}
}

func TestWorkGrowsWithLength(t *testing.T) {
	t.Parallel()
	options := strict.Options{MaxLine: 1 << 30, MaxField: 1 << 30, MaxHead: 1 << 30, MaxFields: 1 << 30}
	for name, input := range map[string]string{
		"long target":   "GET /" + strings.Repeat("%20", 1e5) + " HTTP/1.1\r\n" + host + "\r\n",
		"many fields":   "GET / HTTP/1.1\r\n" + host + strings.Repeat("Expect: 100-continue\r\n", 1e4) + "\r\n",
		"many chunks":   chunks(strings.Repeat("1\r\nx\r\n", 1e5) + "0\r\n\r\n"),
		"many in a row": strings.Repeat("GET / HTTP/1.1\r\n"+host+"\r\n", 1e4),
	} {
		if steps := strict.Steps([]byte(input), options); steps > 2*len(input) {
			t.Errorf("%s: %d steps for %d bytes", name, steps, len(input))
		}
	}
}

func ExampleReason() {
	fmt.Println(strict.LengthAndCoding.Status(), strict.LengthAndCoding.Label(), "-", strict.LengthAndCoding)
	// Output: 400 length-and-coding - both Content-Length and Transfer-Encoding
}
