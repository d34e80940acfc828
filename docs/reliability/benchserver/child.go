//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is a running target.
type child struct {
	cmd  *exec.Cmd
	addr string
}

// start starts a target and returns after its first response, with the time that it took.
func start(target string) (*child, time.Duration, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, 0, err
	}
	c := &child{addr: free.Addr().String()}
	_ = free.Close()
	own, err := os.Executable()
	if err != nil {
		return nil, 0, err
	}
	c.cmd = exec.Command(own, "serve", "--bind", c.addr)
	c.cmd.Env = append(os.Environ(), envTarget+"="+target, "DEBUG=false")
	began := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, 0, err
	}
	for time.Since(began) < 20*time.Second {
		conn, err := net.Dial("tcp", c.addr)
		if err != nil {
			time.Sleep(500 * time.Microsecond)
			continue
		}
		err = ask(conn, bufio.NewReader(conn), 1)
		took := time.Since(began)
		_ = conn.Close()
		if err == nil {
			return c, took, nil
		}
	}
	c.stop()
	return nil, 0, fmt.Errorf("%s did not respond", target)
}

func (c *child) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // shells make background processes ignore the interrupt
	_ = c.cmd.Wait()
}

const request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: benchserver\r\nAccept: text/plain\r\n\r\n"

// ask sends sequential requests on a connection.
func ask(conn net.Conn, reader *bufio.Reader, count int) error {
	for range count {
		if _, err := io.WriteString(conn, request); err != nil {
			return err
		}
		length := -1
		for first := true; ; first = false {
			line, err := reader.ReadString('\n')
			if err != nil {
				return err
			}
			if first && !strings.HasPrefix(line, "HTTP/1.1 200 ") {
				return errors.New("answer " + line)
			}
			if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
				if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
					return err
				}
			}
			if line == "\r\n" {
				break
			}
		}
		if length < 0 {
			return errors.New("a response without length")
		}
		if _, err := reader.Discard(length); err != nil {
			return err
		}
	}
	return nil
}

// load sends requests on several connections and returns the processor time that the target used.
func (c *child) load(requests int) (time.Duration, error) {
	const connections = 16
	conns := make([]net.Conn, connections)
	for i := range conns {
		var err error
		if conns[i], err = net.Dial("tcp", c.addr); err != nil {
			return 0, err
		}
		defer conns[i].Close()
	}
	before, err := c.used()
	if err != nil {
		return 0, err
	}
	var done sync.WaitGroup
	failed := make(chan error, connections)
	for _, conn := range conns {
		done.Go(func() {
			if err := ask(conn, bufio.NewReader(conn), requests/connections); err != nil {
				failed <- err
			}
		})
	}
	done.Wait()
	close(failed)
	if err := <-failed; err != nil {
		return 0, err
	}
	after, err := c.used()
	return after - before, err
}

// used returns the processor time of the process and its children, without threads that have ended: Go keeps its
// threads.
func (c *child) used() (total time.Duration, err error) {
	pids := []string{strconv.Itoa(c.cmd.Process.Pid)}
	for i := 0; i < len(pids); i++ {
		tasks, err := filepath.Glob("/proc/" + pids[i] + "/task/*")
		if err != nil {
			return 0, err
		}
		for _, task := range tasks {
			text, err := os.ReadFile(filepath.Join(task, "schedstat"))
			if err != nil {
				continue // the thread has just ended
			}
			ns, _, _ := strings.Cut(string(text), " ")
			n, err := strconv.ParseInt(ns, 10, 64)
			if err != nil {
				return 0, err
			}
			total += time.Duration(n)
			children, err := os.ReadFile(filepath.Join(task, "children"))
			if err == nil {
				pids = append(pids, strings.Fields(string(children))...)
			}
		}
	}
	return total, nil
}
