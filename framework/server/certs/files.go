package certs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Files is a certificate in two files. It is safe for concurrent use.
type Files struct {
	cert, key string
	logger    *slog.Logger
	current   atomic.Pointer[tls.Certificate]

	mu   sync.Mutex
	seen [2]stamp
}

// stamp tells versions of a file apart.
type stamp struct {
	changed time.Time
	size    int64
}

// NewFiles reads the certificate chain and its key, both in PEM form.
func NewFiles(cert, key string, logger *slog.Logger) (*Files, error) {
	if cert == "" || key == "" {
		return nil, errors.New("TLS needs both a certificate and its key")
	}
	f := &Files{cert: cert, key: key, logger: logger}
	return f, f.Reload()
}

// Reload reads the files. If they are broken the certificate that was read before stays.
func (f *Files) Reload() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = f.stamps()
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("read the certificate %s with the key %s: %w", f.cert, f.key, err)
	}
	if pair.Leaf != nil && time.Now().After(pair.Leaf.NotAfter) {
		f.logger.Warn("the certificate has expired", "file", f.cert, "since", pair.Leaf.NotAfter)
	}
	f.current.Store(&pair)
	return nil
}

func (f *Files) stamps() (list [2]stamp) {
	for i, path := range []string{f.cert, f.key} {
		if info, err := os.Stat(path); err == nil {
			list[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return list
}

// Watch reads the files anew whenever they have changed, until ctx ends. Files that are just being
// replaced one after the other do not fit together; the next look finds them whole.
func (f *Files) Watch(ctx context.Context, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	broken := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		f.mu.Lock()
		same := f.stamps() == f.seen
		f.mu.Unlock()
		if same && !broken {
			continue
		}
		err := f.Reload()
		switch {
		case err == nil:
			f.logger.Info("read the new certificate", "file", f.cert)
		case !broken:
			f.logger.Error("the certificate changed but cannot be used; the old one stays", "error", err)
		}
		broken = err != nil
	}
}

// Config returns the TLS settings: version 1.2 or newer, HTTP/2 and HTTP/1.1.
func (f *Files) Config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.current.Load(), nil },
	}
}
