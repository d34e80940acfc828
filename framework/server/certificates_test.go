package server_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// rsaCertificate returns a certificate with the other kind of key.
func rsaCertificate(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	cert, key, err = servertest.NewCertificate(servertest.CertificateTemplate(name), private)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func TestOnlyModernTLS(t *testing.T) {
	t.Parallel()
	for kind, pair := range map[string]func(*testing.T, string) ([]byte, []byte){"ECDSA": certificate, "RSA": rsaCertificate} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
			cert, key := pair(t, "example.com")
			write(t, certFile, cert)
			write(t, keyFile, key)
			addr, _ := start(t, hello, server.Options{TLS: server.TLS{CertFile: certFile, KeyFile: keyFile}, Strict: &strict.Options{}, Log: server.Log{Logger: slog.New(slog.DiscardHandler)}})
			handshake := func(config *tls.Config) error {
				config.InsecureSkipVerify = true
				conn, err := tls.Dial("tcp", addr, config)
				if err == nil {
					_ = conn.Close()
				}
				return err
			}
			for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13} {
				err := handshake(&tls.Config{MinVersion: version, MaxVersion: version})
				if modern := version >= tls.VersionTLS12; modern != (err == nil) {
					t.Errorf("%s: %v", tls.VersionName(version), err)
				}
			}
			accepted := 0
			for _, suite := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
				if !slices.Contains(suite.SupportedVersions, tls.VersionTLS12) {
					continue
				}
				err := handshake(&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite.ID}})
				strong := strings.HasPrefix(suite.Name, "TLS_ECDHE_"+kind+"_") && (strings.Contains(suite.Name, "GCM") || strings.Contains(suite.Name, "CHACHA20"))
				if strong != (err == nil) {
					t.Errorf("%s: %v", suite.Name, err)
				}
				if err == nil {
					accepted++
				}
			}
			if accepted != 3 {
				t.Errorf("%d ciphers of TLS 1.2 are accepted, want 3", accepted)
			}
		})
	}
}

// renewals are the ways to replace a certificate. Each is called with a new pair.
func renewals(t *testing.T) map[string]func(dir string, cert, key []byte) error {
	t.Helper()
	put := func(path string, text []byte) error { return os.WriteFile(path, text, 0o600) }
	replace := func(path string, text []byte) error {
		if err := put(path+".new", text); err != nil {
			return err
		}
		return os.Rename(path+".new", path)
	}
	link := func(target, path string) error {
		if err := os.Symlink(target, path+".new"); err != nil {
			return err
		}
		return os.Rename(path+".new", path)
	}
	var count atomic.Int64
	return map[string]func(dir string, cert, key []byte) error{
		"written one after the other": func(dir string, cert, key []byte) error {
			if err := put(filepath.Join(dir, "tls.crt"), cert); err != nil {
				return err
			}
			time.Sleep(1200 * time.Millisecond) // the watcher checks in between
			return put(filepath.Join(dir, "tls.key"), key)
		},
		"renamed": func(dir string, cert, key []byte) error {
			if err := replace(filepath.Join(dir, "tls.key"), key); err != nil {
				return err
			}
			return replace(filepath.Join(dir, "tls.crt"), cert)
		},
		"linked, as certbot does": func(dir string, cert, key []byte) error {
			n := count.Add(1)
			for name, text := range map[string][]byte{"tls.crt": cert, "tls.key": key} {
				archived := fmt.Sprintf("archive-%d-%s", n, name)
				if err := put(filepath.Join(dir, archived), text); err != nil {
					return err
				}
				if err := link(archived, filepath.Join(dir, name)); err != nil {
					return err
				}
			}
			return nil
		},
		"swapped, as Kubernetes does": func(dir string, cert, key []byte) error {
			data := fmt.Sprintf("..data-%d", count.Add(1))
			if err := os.Mkdir(filepath.Join(dir, data), 0o700); err != nil {
				return err
			}
			for name, text := range map[string][]byte{"tls.crt": cert, "tls.key": key} {
				if err := put(filepath.Join(dir, data, name), text); err != nil {
					return err
				}
				if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
					if err := os.Symlink(filepath.Join("..data", name), filepath.Join(dir, name)); err != nil {
						return err
					}
				}
			}
			return link(data, filepath.Join(dir, "..data"))
		},
	}
}

// TestCertificatesAreReplacedUnderLoad has clients that keep opening connections while certificates are replaced.
func TestCertificatesAreReplacedUnderLoad(t *testing.T) {
	t.Parallel()
	var total atomic.Int64
	t.Cleanup(func() { t.Logf("%d handshakes", total.Load()) })
	for name, renew := range renewals(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			next := func(name string) {
				t.Helper()
				cert, key := certificate(t, name)
				if err := renew(dir, cert, key); err != nil {
					t.Fatal(err)
				}
			}
			next("0.example")
			options := server.Options{TLS: server.TLS{CertFile: filepath.Join(dir, "tls.crt"), KeyFile: filepath.Join(dir, "tls.key")}, Log: server.Log{Logger: slog.New(slog.DiscardHandler)}}
			if strings.Contains(name, ", as ") {
				options.Strict = &strict.Options{}
			}
			addr, _ := start(t, hello, options)
			done := make(chan struct{})
			var clients sync.WaitGroup
			for range 2 {
				clients.Go(func() {
					for {
						select {
						case <-done:
							return
						default:
						}
						if _, err := served(addr); err != nil {
							t.Error(err)
							return
						}
						total.Add(1)
					}
				})
			}
			for _, want := range []string{"1.example", "2.example", "3.example"} {
				next(want)
				for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
					if got, err := served(addr); err != nil {
						t.Error(err)
					} else if got == want {
						break
					}
					if time.Now().After(deadline) {
						t.Fatalf("%s is not shown", want)
					}
				}
			}
			close(done)
			clients.Wait()
		})
	}
}
