package devserver_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/quintetgo/quintet/framework/devserver"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "127.0.0.1:8000", "8001": "127.0.0.1:8001", ":8001": ":8001", "0.0.0.0:80": "0.0.0.0:80", "[::1]:8000": "[::1]:8000", "localhost:0": "localhost:0",
	} {
		if got, err := devserver.Address(in); err != nil || got != want {
			t.Errorf("Address(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"localhost", "70000", "a:b", "1:2:3", "::1"} {
		if got, err := devserver.Address(in); err == nil {
			t.Errorf("Address(%q) = %q, want an error", in, got)
		}
	}
}

func TestModuleDir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inner := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(inner, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := devserver.ModuleDir(inner); !errors.Is(err, devserver.ErrNoModule) {
		t.Errorf("got %v, want ErrNoModule", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := devserver.ModuleDir(inner); err != nil || got != dir {
		t.Errorf("ModuleDir = %q, %v, want %q", got, err, dir)
	}
}
