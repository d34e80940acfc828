package certs_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quintetgo/quintet/framework/server/certs"
	"github.com/quintetgo/quintet/framework/server/servertest"
)

const day = 24 * time.Hour

// log is a buffer for a logger. It is safe for concurrent use.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// makePair returns a certificate and its key in PEM form.
func makePair(t *testing.T, template x509.Certificate) (cert, key []byte) {
	t.Helper()
	cert, key, err := servertest.NewCertificate(template, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// valid returns a certificate for name in the middle of its validity of 90 days.
func valid(name string) x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: time.Now().Add(-45 * day), NotAfter: time.Now().Add(45 * day)}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// shown returns the name in the certificate sent to clients.
func shown(t *testing.T, f *certs.Files) string {
	t.Helper()
	pair, err := f.Config().GetCertificate(&tls.ClientHelloInfo{ServerName: "any.example"})
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf.Subject.CommonName
}

func TestFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	cert, key := makePair(t, valid("one.example"))
	_, otherKey := makePair(t, valid("two.example"))
	write(t, path("cert"), cert)
	write(t, path("key"), key)
	write(t, path("other"), otherKey)
	write(t, path("secret"), key)
	write(t, path("junk"), []byte("junk"))
	write(t, path("locked"), pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")}))
	if err := os.Chmod(path("secret"), 0); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cert, key string
		want      []string
	}{
		"no key given":        {path("cert"), "", []string{"both a certificate and its key"}},
		"no certificate":      {path("no"), path("key"), []string{"certificate " + path("no"), "no such file"}},
		"no key":              {path("cert"), path("no"), []string{"key " + path("no"), "no such file"}},
		"a key for root only": {path("cert"), path("secret"), []string{"key " + path("secret"), "right to read"}},
		"a directory":         {dir, path("key"), []string{"certificate " + dir}},
		"another's key":       {path("cert"), path("other"), []string{path("cert"), path("other"), "must match"}},
		"the wrong way round": {path("key"), path("cert"), []string{path("cert"), path("key"), "certificate"}},
		"junk":                {path("junk"), path("key"), []string{path("junk"), "PEM"}},
		"a locked key":        {path("cert"), path("locked"), []string{path("locked"), "without a password"}},
	} {
		if strings.Contains(name, "root") && os.Geteuid() == 0 {
			continue
		}
		_, err := certs.NewFiles(c.cert, c.key, slog.New(slog.DiscardHandler))
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want %q in it", name, err, want)
			}
		}
	}
}

func TestCertificatesThatBrowsersRefuse(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, c := range map[string]struct {
		change func(*x509.Certificate)
		want   string // "" for no warning
	}{
		"good":              {func(*x509.Certificate) {}, ""},
		"good for six days": {func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.Add(-4*day), now.Add(2*day) }, ""},
		"not renewed":       {func(c *x509.Certificate) { c.NotAfter = now.Add(5 * day) }, "expires soon"},
		"a year, not renewed": {func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = now.Add(-355*day), now.Add(13*day)
		}, "expires soon"},
		"expired":       {func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) }, "has expired"},
		"of the future": {func(c *x509.Certificate) { c.NotBefore = now.Add(time.Hour) }, "not valid yet"},
		"without names": {func(c *x509.Certificate) { c.DNSNames = nil }, "names no host"},
		"must staple": {func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: []byte{0x30, 3, 2, 1, 5}}}
		}, "OCSP stapling"},
	} {
		template := valid("one.example")
		c.change(&template)
		cert, key := makePair(t, template)
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cert"), cert)
		write(t, filepath.Join(dir, "key"), key)
		var text log
		if _, err := certs.NewFiles(filepath.Join(dir, "cert"), filepath.Join(dir, "key"), slog.New(slog.NewTextHandler(&text, nil))); err != nil {
			t.Fatal(err)
		}
		if got := text.String(); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: the log says %q, want %q in it", name, got, c.want)
		}
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	synctest.Test(t, func(t *testing.T) {
		cert, key := makePair(t, valid("one.example"))
		write(t, certFile, cert)
		write(t, keyFile, key)
		var text log
		f, err := certs.NewFiles(certFile, keyFile, slog.New(slog.NewTextHandler(&text, nil)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			f.Watch(ctx, time.Second)
		}()
		looks := func(n int) { time.Sleep(time.Duration(n) * time.Second) }
		time.Sleep(3500 * time.Millisecond) // from here on in the middle between two checks
		if got := text.String(); got != "" {
			t.Errorf("nothing changed, and the log says %q", got)
		}

		cert, key = makePair(t, valid("two.example"))
		write(t, certFile, cert)
		looks(1) // sees half of it
		if shown(t, f) != "one.example" {
			t.Error("half of a new certificate is used")
		}
		write(t, keyFile, key)
		looks(1)
		if got := text.String(); shown(t, f) != "two.example" || strings.Contains(got, "ERROR") {
			t.Errorf("shows %s, the log says %q", shown(t, f), got)
		}

		write(t, certFile, []byte("junk"))
		looks(5)
		if got := text.String(); shown(t, f) != "two.example" || strings.Count(got, "cannot be used; the old one stays") != 1 {
			t.Errorf("shows %s, the log says %q", shown(t, f), got)
		}
		if err := os.Remove(keyFile); err != nil {
			t.Fatal(err)
		}
		looks(2)
		cert, key = makePair(t, valid("three.example"))
		write(t, keyFile, key)
		write(t, certFile, cert)
		looks(1)
		if shown(t, f) != "three.example" {
			t.Errorf("shows %s", shown(t, f))
		}

		// Changes that time and size do not show, as in archives and stores that set all times alike.
		var other []byte
		for len(other) != len(cert) {
			other, key = makePair(t, valid("3hree.example"))
		}
		info, err := os.Stat(certFile)
		if err != nil {
			t.Fatal(err)
		}
		write(t, certFile+".new", other)
		write(t, keyFile, key)
		if err := os.Chtimes(certFile+".new", info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(certFile+".new", certFile); err != nil {
			t.Fatal(err)
		}
		looks(1)
		if shown(t, f) != "3hree.example" {
			t.Errorf("shows %s", shown(t, f))
		}
		cancel()
		<-done
	})
}

func TestWatchRemindsOfTheEnd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		cert, key := makePair(t, valid("one.example"))
		write(t, filepath.Join(dir, "cert"), cert)
		write(t, filepath.Join(dir, "key"), key)
		var text log
		f, err := certs.NewFiles(filepath.Join(dir, "cert"), filepath.Join(dir, "key"), slog.New(slog.NewTextHandler(&text, nil)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			f.Watch(ctx, time.Hour)
		}()
		time.Sleep(29 * day) // of 45
		if got := text.String(); got != "" {
			t.Errorf("early, the log says %q", got)
		}
		time.Sleep(14 * day)
		if n := strings.Count(text.String(), "expires soon"); n < 10 || n > 14 {
			t.Errorf("%d reminders in two weeks", n)
		}
		time.Sleep(4 * day)
		if !strings.Contains(text.String(), "has expired") {
			t.Error("nobody is told that the certificate has expired")
		}
		cancel()
		<-done
	})
}
