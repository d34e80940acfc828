package certs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Files is a certificate and its key in two files. It is safe for concurrent use.
type Files struct {
	cert, key string
	logger    *slog.Logger
	current   atomic.Pointer[tls.Certificate]

	mu     sync.Mutex
	seen   [2]fs.FileInfo // as of the last read; nil for a file that did not exist
	judged time.Time
}

// NewFiles reads the certificate chain and its key, both in PEM form. The error names the file and the remedy.
func NewFiles(cert, key string, logger *slog.Logger) (*Files, error) {
	if cert == "" || key == "" {
		return nil, errors.New("TLS needs both a certificate and its key")
	}
	f := &Files{cert: cert, key: key, logger: logger}
	return f, f.Reload()
}

// Reload reads the files again. If they are not valid, it returns an error and the previous certificate stays in use.
func (f *Files) Reload() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = f.look()
	pair, err := load(f.cert, f.key)
	if err != nil {
		return err
	}
	f.current.Store(pair)
	f.inspect()
	return nil
}

// load reads a certificate and its key. The error names the file and the remedy.
func load(cert, key string) (*tls.Certificate, error) {
	certText, err := read("certificate", cert)
	if err != nil {
		return nil, err
	}
	keyText, err := read("key", key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certText, keyText)
	if err != nil {
		return nil, fmt.Errorf("the certificate %s and the key %s cannot be used; "+
			"they must match, in PEM form, the key without a password, the certificate of the site first: %w", cert, key, err)
	}
	return &pair, nil
}

func read(what, path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("read the %s %s: permission denied; "+
			"allow this user to read the file and to enter its directories: %w", what, path, err)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the %s %s: the file does not exist: %w", what, path, err)
	case err != nil:
		return nil, fmt.Errorf("read the %s %s: %w", what, path, err)
	}
	return text, nil
}

func (f *Files) look() (list [2]fs.FileInfo) {
	for i, path := range []string{f.cert, f.key} {
		if info, err := os.Stat(path); err == nil {
			list[i] = info
		}
	}
	return list
}

// changed reports whether the files differ from those that were read: by the target of a symlink, the time or the
// size.
func (f *Files) changed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, now := range f.look() {
		old := f.seen[i]
		if (now == nil) != (old == nil) ||
			now != nil && (!os.SameFile(now, old) || !now.ModTime().Equal(old.ModTime()) || now.Size() != old.Size()) {
			return true
		}
	}
	return false
}

// Watch reads the files again whenever they have changed, until ctx ends. If one of the two has been replaced but not
// yet the other, they do not match; the next check finds both replaced, or reports an error.
func (f *Files) Watch(ctx context.Context, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if failures == 0 && !f.changed() {
			f.remind()
			continue
		}
		err := f.Reload()
		if err == nil {
			failures = 0
			f.logger.Info("read the new certificate", "file", f.cert)
			continue
		}
		if failures++; failures == 2 {
			f.logger.Error("the certificate changed but cannot be used; the old one stays in use", "error", err)
		}
	}
}

// Config returns the TLS configuration: version 1.2 or newer, HTTP/2 and HTTP/1.1.
func (f *Files) Config() *tls.Config {
	return modern(&tls.Config{
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.current.Load(), nil },
	})
}

// modern allows version 1.2 and newer, and of the ciphers of 1.2 only those with forward secrecy and authenticated
// encryption, which every browser since 2015 has. All ciphers of 1.3 qualify.
func modern(config *tls.Config) *tls.Config {
	config.MinVersion = tls.VersionTLS12
	config.CipherSuites = []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	}
	return config
}
