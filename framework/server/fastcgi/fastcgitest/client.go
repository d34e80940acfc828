// Package fastcgitest sends requests over FastCGI, as web servers do, for tests.
package fastcgitest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// Conn is a connection to a FastCGI program. It carries one request at a time. It is not safe for concurrent use.
type Conn struct {
	net.Conn
	Keep bool // ask the program to keep the connection
}

// Dial connects to a FastCGI program.
func Dial(network, address string) (*Conn, error) {
	conn, err := net.Dial(network, address)
	if err != nil {
		return nil, err
	}
	return &Conn{Conn: conn}, nil
}

// RoundTrip sends a request and returns the complete response.
func (c *Conn) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := c.Send(r); err != nil {
		return nil, err
	}
	return c.Receive(r)
}

// Send sends a request.
func (c *Conn) Send(r *http.Request) error {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	keep := byte(0)
	if c.Keep {
		keep = 1
	}
	record(&out, 1, []byte{0, 1, keep, 0, 0, 0, 0, 0})
	var pairs bytes.Buffer
	for name, value := range parameters(r, len(body)) {
		size(&pairs, len(name))
		size(&pairs, len(value))
		pairs.WriteString(name + value)
	}
	stream(&out, 4, pairs.Bytes())
	stream(&out, 5, body)
	_, err := c.Write(out.Bytes())
	return err
}

// parameters returns the parameters that a web server sends for a request.
func parameters(r *http.Request, length int) map[string]string {
	list := map[string]string{
		"REQUEST_METHOD": r.Method, "SERVER_PROTOCOL": "HTTP/1.1", "GATEWAY_INTERFACE": "CGI/1.1", "HTTP_HOST": r.Host,
		"REQUEST_URI": r.URL.RequestURI(), "QUERY_STRING": r.URL.RawQuery, "SCRIPT_NAME": "", "PATH_INFO": r.URL.Path,
		"REMOTE_ADDR": "192.0.2.7", "REMOTE_PORT": "4711", "SERVER_NAME": r.Host, "SERVER_PORT": "80",
		"CONTENT_LENGTH": strconv.Itoa(length), "CONTENT_TYPE": r.Header.Get("Content-Type"),
	}
	if r.Host == "" {
		list["HTTP_HOST"], list["SERVER_NAME"] = r.URL.Host, r.URL.Host
	}
	for name, values := range r.Header {
		list["HTTP_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))] = strings.Join(values, ", ")
	}
	return list
}

func size(b *bytes.Buffer, n int) {
	if n < 128 {
		b.WriteByte(byte(n))
		return
	}
	_ = binary.Write(b, binary.BigEndian, uint32(n)|1<<31)
}

func stream(b *bytes.Buffer, kind byte, content []byte) {
	for len(content) > 0 {
		n := min(len(content), 32<<10)
		record(b, kind, content[:n])
		content = content[n:]
	}
	record(b, kind, nil)
}

func record(b *bytes.Buffer, kind byte, content []byte) {
	b.Write([]byte{1, kind, 0, 1, byte(len(content) >> 8), byte(len(content)), 0, 0})
	b.Write(content)
}

// Receive reads the complete response to the last request.
func (c *Conn) Receive(r *http.Request) (*http.Response, error) {
	var out bytes.Buffer
	for {
		var head [8]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			return nil, fmt.Errorf("read the response: %w", err)
		}
		content := make([]byte, int(head[4])<<8+int(head[5])+int(head[6]))
		if _, err := io.ReadFull(c, content); err != nil {
			return nil, fmt.Errorf("read the response: %w", err)
		}
		switch content = content[:len(content)-int(head[6])]; head[1] {
		case 6:
			out.Write(content)
		case 3:
			return parse(&out, r)
		}
	}
}

func parse(out *bytes.Buffer, r *http.Request) (*http.Response, error) {
	reader := bufio.NewReader(out)
	header, err := textproto.NewReader(reader).ReadMIMEHeader()
	if err != nil {
		return nil, fmt.Errorf("read the header of the response: %w", err)
	}
	response := &http.Response{
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header(header), StatusCode: http.StatusOK, Request: r,
		Body: io.NopCloser(reader),
	}
	if status := response.Header.Get("Status"); status != "" {
		code, _, _ := strings.Cut(status, " ")
		if response.StatusCode, err = strconv.Atoi(code); err != nil {
			return nil, fmt.Errorf("status %q of the response: %w", status, err)
		}
		response.Header.Del("Status")
	}
	return response, nil
}
