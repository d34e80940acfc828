package accesslog_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"

	"github.com/quintetgo/quintet/framework/server/accesslog"
	"github.com/quintetgo/quintet/framework/server/exchange"
)

// Log the requests of a handler in the format of nginx and Apache.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "log")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "access.log")

	log, err := accesslog.Open(path, accesslog.Combined, slog.Default())
	if err != nil {
		fmt.Println(err)
		return
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Hello") })
	handler := exchange.Handler(hello, log)

	request := httptest.NewRequest("GET", "/posts/?token=secret", nil)
	request.Header.Set("User-Agent", "example/1.0")
	handler.ServeHTTP(httptest.NewRecorder(), request)
	_ = log.Close() // writes the buffered lines

	text, _ := os.ReadFile(path)
	fmt.Print(regexp.MustCompile(`\[.*?\]`).ReplaceAllString(string(text), "[time]"))
	// Output: 192.0.2.1 - - [time] "GET /posts/ HTTP/1.1" 200 5 "-" "example/1.0"
}
