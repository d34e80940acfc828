package bind_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/server/bind"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"8000": ":8000", ":8000": ":8000", "127.0.0.1:8000": "127.0.0.1:8000", "[::1]:80": "[::1]:80",
		"unix:/run/a.sock": "unix:/run/a.sock", "unix:/run/a.sock?mode=660": "unix:/run/a.sock?mode=0660", "fd:3": "fd:3",
	} {
		address, err := bind.Parse(text)
		if err != nil || address.String() != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", text, address, err, want)
		}
	}
	for text, want := range map[string]string{
		"localhost": "port is missing", "host:port": "port is not a number", ":70000": "port is not a number", "unix:": "path is missing",
		"unix:/a?mode=rw": "mode is not", "unix:/a?mode=7777": "mode is not", "fd:1": "file descriptor", "": "port is missing",
	} {
		if _, err := bind.Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): error %v, want %q in it", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"8000", "unix:/a?mode=0660", "fd:3", "[::1]:80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		address, err := bind.Parse(text)
		if err != nil {
			return
		}
		again, err := bind.Parse(address.String())
		if err != nil || again != address {
			t.Errorf("%q reads as %q, which reads as %q (%v)", text, address, again, err)
		}
	})
}
