package servertest_test

import (
	"net"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
}

func TestWebServersSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	if _, err := (servertest.WebServer{Name: "caddy"}).Start(t.Context()); err == nil || !strings.Contains(err.Error(), "must be nginx or apache") {
		t.Error(err)
	}
	for name, want := range map[string]string{"nginx": "unknown directive", "apache": "Invalid command"} {
		web := servertest.WebServer{Name: name, Dir: t.TempDir(), Site: "nonsense on stilts;\n", Listen: freeAddress(t)}
		if err := web.Missing(); err != nil {
			t.Skip(err)
		}
		if _, err := web.Start(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v does not hold %q", name, err, want)
		}
	}
}
