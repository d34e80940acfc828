package devserver_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/devserver"
)

// program is a project with only a server: it responds with its greeting and its process ID.
const program = `package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	if strings.Join(os.Args[1:3], " ") != "runserver --no-reload" {
		fmt.Fprintln(os.Stderr, "wrong arguments", os.Args)
		os.Exit(2)
	}
	go func() { io.Copy(io.Discard, os.Stdin); os.Exit(0) }()
	// What framework does by way of Disk: the folder is read from the disk, and listed.
	page, pageErr := os.ReadFile("templates/page.html")
	if pageErr == nil {
		dir, _ := filepath.Abs("templates")
		if err := os.WriteFile(os.Getenv("QUINTET_DEV_DISK"), []byte(dir+"\n"), 0o600); err != nil {
			panic(err)
		}
		if strings.Contains(string(page), "broken") {
			fmt.Fprintln(os.Stderr, "page.html:1: broken")
			os.Exit(1)
		}
	}
	l, err := net.Listen("unix", strings.TrimPrefix(os.Args[3], "unix:"))
	if err != nil {
		panic(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "script-src 'self' 'nonce-abc+/='")
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<html><body>%s pid=%d host=%s url=%s</body></html>", greeting, os.Getpid(), r.Host, os.Getenv("QUINTET_DEV_URL"))
	})
	http.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%s %s %s pid=%d", greeting, page, os.Getenv("QUINTET_DEV_ROOT"), os.Getpid()) })
	http.HandleFunc("/plain", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "</body>") })
	http.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: one\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	http.HandleFunc("/upgrade", func(w http.ResponseWriter, r *http.Request) {
		conn, rw, _ := w.(http.Hijacker).Hijack()
		defer conn.Close()
		rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		rw.Flush()
		line, _ := rw.ReadString('\n')
		rw.WriteString("echo " + line)
		rw.Flush()
	})
	http.HandleFunc("/crash", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(os.Stderr, "the reason <b>")
		go func() { time.Sleep(50 * time.Millisecond); os.Exit(3) }()
	})
	http.Serve(l, nil)
}
`

// patience is how long a test waits for a build and what follows it. It is only reached on failure.
const patience = 10 * time.Minute

type project struct {
	t    *testing.T
	dir  string
	base string
	stop func() error
	log  *buffer
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (p *project) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) greet(s string) {
	p.t.Helper()
	p.write("greeting.go", fmt.Sprintf("package main\n\nconst greeting = %q\n", s))
}

var address = regexp.MustCompile(`http://[0-9.:]+/`)

// run starts the development server for a project with the given greeting file.
func run(t *testing.T, greetingFile string) *project {
	t.Helper()
	p := &project{t: t, dir: t.TempDir(), log: &buffer{}}
	p.write("go.mod", "module example.com/p\n\ngo 1.26.0\n")
	p.write("main.go", program)
	p.write("greeting.go", greetingFile)
	p.serve(p.dir)
	return p
}

// serve starts the development server in a folder of the project.
func (p *project) serve(dir string) {
	t := p.t
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- devserver.Run(ctx, devserver.Options{Dir: dir, Addr: "127.0.0.1:0", Out: p.log, Err: p.log})
	}()
	p.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(patience):
			return errors.New("Run does not return")
		}
	})
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(p.log.String())
		}
	})
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if p.base = strings.TrimSuffix(address.FindString(p.log.String()), "/"); p.base != "" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no address was printed")
}

func (p *project) get(path string) (*http.Response, string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,*/*")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response, string(body)
}

func pid(t *testing.T, body string) int {
	t.Helper()
	m := regexp.MustCompile(`pid=(\d+)`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no process id in %s", body)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func gone(pid int) bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if syscall.Kill(pid, 0) != nil {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// await sends requests until the response contains the text.
func (p *project) await(path, want string) {
	p.t.Helper()
	body := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if _, body = p.get(path); strings.Contains(body, want) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatalf("%s does not come to say %q:\n%s", path, want, body)
}

func nextMark(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		if mark, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			return mark
		}
	}
	t.Fatal("the stream ended")
	return ""
}
