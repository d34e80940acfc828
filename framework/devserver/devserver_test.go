package devserver_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/devserver"
)

// TestTheModuleIsWatched has the main package in a folder of its module, and changes another folder.
func TestTheModuleIsWatched(t *testing.T) {
	t.Parallel()
	p := &project{t: t, dir: t.TempDir(), log: &buffer{}}
	p.write("go.mod", "module example.com/p\n\ngo 1.26.0\n")
	p.write("words/words.go", "package words\n\nconst Greeting = \"hi\"\n")
	p.write("site/main.go", program)
	p.write("site/greeting.go", "package main\n\nimport \"example.com/p/words\"\n\nconst greeting = words.Greeting\n")
	p.serve(filepath.Join(p.dir, "site"))
	p.await("/page", "hi  "+p.dir+" ")
	p.write("words/words.go", "package words\n\nconst Greeting = \"hello\"\n")
	p.await("/page", "hello ")
	if !strings.Contains(p.log.String(), filepath.Join("..", "words", "words.go")+" changed; building …") {
		t.Errorf("what changed is not told:\n%s", p.log)
	}
}

func TestEditSaveSee(t *testing.T) {
	t.Parallel()
	p := run(t, "package main\n\nconst greeting = \"<script>alert(1)</script>\" + missing\n")

	response, body := p.get("/")
	if response.StatusCode != http.StatusInternalServerError {
		t.Fatalf("a project that does not compile answers %d", response.StatusCode)
	}
	for _, want := range []string{"does not compile", "greeting.go:3:", "undefined: missing", "&lt;script&gt;alert(1)", `class="marked"`, "/__quintet/reload.js?g="} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %s:\n%s", want, body)
		}
	}
	if strings.Contains(body, "<script>alert") {
		t.Error("source code is not escaped")
	}

	p.greet("hello")
	p.await("/", "hello")
	response, body = p.get("/")
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "hello") {
		t.Fatalf("status %d after the repair:\n%s", response.StatusCode, body)
	}
	first := pid(t, body)
	host := strings.TrimPrefix(p.base, "http://")
	for _, want := range []string{"host=" + host, "url=http://" + host + "/", `nonce="abc+/=" defer></script></body></html>`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if response.ContentLength >= 0 && response.ContentLength != int64(len(body)) {
		t.Errorf("Content-Length %d for %d bytes", response.ContentLength, len(body))
	}
	if _, plain := p.get("/plain"); plain != "</body>" {
		t.Errorf("plain text was changed to %q", plain)
	}

	stream, err := http.Get(p.base + "/__quintet/reload")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	marks := bufio.NewScanner(stream.Body)
	shown := nextMark(t, marks)
	if !strings.Contains(body, "g="+shown+`"`) {
		t.Errorf("the page was made by another generation than %s: %s", shown, body)
	}
	p.write("new/folder/readme_test.go", "package folder") // neither a test nor a database starts a build
	p.write("db.sqlite3", "x")
	p.greet("goodbye")
	if next := nextMark(t, marks); next == shown {
		t.Error("the browser was not told of the new generation")
	}
	if _, body = p.get("/"); !strings.Contains(body, "goodbye") {
		t.Errorf("the page is still the old one: %s", body)
	}
	if !gone(first) {
		t.Error("the first child still runs")
	}

	second := pid(t, body)
	if err := p.stop(); err != nil {
		t.Errorf("Run returned %v", err)
	}
	if !gone(second) {
		t.Error("the child outlives the server")
	}
	if got := strings.Count(p.log.String(), "Ready after"); got != 2 {
		t.Errorf("the project was started %d times, want 2:\n%s", got, p.log)
	}
}

// TestTemplatesNeedNoBuild changes a file that the child reads from disk, with an error in between, and then the
// program.
func TestTemplatesNeedNoBuild(t *testing.T) {
	t.Parallel()
	p := run(t, "package main\n\nconst greeting = \"hi\"\n")
	p.write("templates/page.html", "one") // the child has not read the folder yet
	p.await("/page", "hi one "+p.dir)
	for text, want := range map[string]string{"two": "hi two", "broken": "page.html:1: broken"} {
		p.write("templates/page.html", text)
		p.await("/page", want)
	}
	builds := strings.Count(p.log.String(), "uilding …")
	p.write("templates/page.html", "three")
	p.await("/page", "hi three")
	p.write(".env", "A=b\n")
	p.write("templates/sub/other.html", "new")
	p.await("/page", "hi three")
	if log := p.log.String(); strings.Count(log, "uilding …") != builds || builds > 3 || strings.Count(log, "restarting …") < 3 {
		t.Errorf("a template was built:\n%s", log)
	}
	p.greet("hello")
	p.await("/page", "hello three")
	p.write("templates/page.html", "four")
	p.await("/page", "hello four")
	if log := p.log.String(); strings.Count(log, "uilding …") != builds+1 {
		t.Errorf("a program was not built once:\n%s", log)
	}
}

func TestStreamsAndUpgradesPassThrough(t *testing.T) {
	t.Parallel()
	p := run(t, "package main\n\nconst greeting = \"hi\"\n")
	response, err := http.Get(p.base + "/events")
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(response.Body).ReadString('\n')
	if err != nil || line != "data: one\n" {
		t.Errorf("the event stream begins with %q, %v", line, err)
	}
	response.Body.Close()

	conn, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /upgrade HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	reader := bufio.NewReader(conn)
	upgraded, err := http.ReadResponse(reader, nil)
	if err != nil || upgraded.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("no upgrade: %v %v", upgraded, err)
	}
	fmt.Fprint(conn, "ping\n")
	if line, err := reader.ReadString('\n'); err != nil || line != "echo ping\n" {
		t.Errorf("got %q, %v", line, err)
	}

	p.get("/crash")
	var body string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		// At first the process may just not respond; its end is detected a little later.
		if response, body = p.get("/"); response.StatusCode == http.StatusInternalServerError && strings.Contains(body, "process ended") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !strings.Contains(body, "process ended") || !strings.Contains(body, "the reason &lt;b&gt;") {
		t.Errorf("the end of the process is not shown:\n%s", body)
	}
}

func TestATakenAddressIsSaid(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	err = devserver.Run(t.Context(), devserver.Options{Dir: t.TempDir(), Addr: l.Addr().String(), Out: io.Discard, Err: io.Discard})
	if err == nil || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("got %v", err)
	}
}
