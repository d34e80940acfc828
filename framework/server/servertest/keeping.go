package servertest

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// keeping is an HTTP/1.1 client with one connection, which it keeps unless fresh is set. Unlike http.Transport it
// never sends a request a second time.
type keeping struct {
	load  *Load
	fresh bool

	conn   net.Conn
	reader *bufio.Reader
	first  chan error // receives nil with the first byte of a response, or the error
	used   bool
}

func (k *keeping) do(request *http.Request) (got answer, phase Phase, err error) {
	deadline := time.Now().Add(k.load.Timeout)
	if k.conn != nil {
		select {
		case <-k.first: // closed, or unexpected bytes
			k.close()
		default:
			if closedByPeer(k.conn) {
				k.close()
			}
		}
	}
	if k.conn == nil {
		if err := k.open(deadline); err != nil {
			return answer{}, PhaseDial, err
		}
	}
	got.reused, k.used = k.used, true
	defer func() {
		if err != nil || k.fresh {
			k.close()
		}
	}()
	_ = k.conn.SetDeadline(deadline)
	request.Close = k.fresh
	buffer := bufio.NewWriterSize(k.conn, 16<<10)
	writeErr := request.Write(buffer)
	if writeErr == nil {
		writeErr = buffer.Flush()
	}
	// A server may respond, and close, before it has read the whole request.
	if err := <-k.first; err != nil {
		if writeErr != nil {
			return got, PhaseWrite, writeErr
		}
		return got, PhaseWait, err
	}
	response, err := k.response(request)
	if err != nil {
		return got, PhaseRead, err
	}
	reused := got.reused
	got, err = readAnswer(response)
	got.reused = reused
	if err != nil {
		return got, PhaseRead, err
	}
	if response.Close || writeErr != nil {
		k.close()
	} else {
		_ = k.conn.SetDeadline(time.Time{})
		k.watch()
	}
	return got, "", nil
}

// response reads the head of the response, after informational ones such as 100 Continue.
func (k *keeping) response(request *http.Request) (*http.Response, error) {
	for {
		response, err := http.ReadResponse(k.reader, request)
		if err != nil || response.StatusCode >= 200 {
			return response, err
		}
	}
}

func (k *keeping) open(deadline time.Time) error {
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	conn, err := k.load.Dial(ctx)
	if err != nil {
		return err
	}
	if conn == nil {
		return errors.New("Dial returned no connection")
	}
	k.conn, k.used = conn, false
	k.reader = bufio.NewReader(conn)
	k.watch()
	return nil
}

// watch waits for the first byte of the next response, which also detects a closed connection.
func (k *keeping) watch() {
	first, reader := make(chan error, 1), k.reader
	go func() {
		_, err := reader.Peek(1)
		first <- err
	}()
	k.first = first
}

func (k *keeping) close() {
	if k.conn != nil {
		_ = k.conn.Close()
		k.conn = nil
	}
}
