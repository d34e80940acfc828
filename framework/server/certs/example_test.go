package certs_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/quintetgo/quintet/framework/server/certs"
	"github.com/quintetgo/quintet/framework/server/servertest"
)

// Replace a certificate while a server uses it. In a server Files.Watch does this whenever the files change.
func ExampleFiles_Reload() {
	dir, err := os.MkdirTemp("", "tls")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	certFile, keyFile := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	issue := func(name string) {
		cert, key, err := servertest.NewCertificate(servertest.CertificateTemplate(name), nil)
		if err != nil {
			fmt.Println(err)
		}
		_ = os.WriteFile(certFile, cert, 0o600)
		_ = os.WriteFile(keyFile, key, 0o600)
	}

	issue("old.example")
	files, err := certs.NewFiles(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		fmt.Println(err)
		return
	}
	config := files.Config() // for tls.NewListener or http.Server.TLSConfig
	served := func() string {
		certificate, err := config.GetCertificate(&tls.ClientHelloInfo{})
		if err != nil {
			return err.Error()
		}
		leaf, err := x509.ParseCertificate(certificate.Certificate[0])
		if err != nil {
			return err.Error()
		}
		return leaf.Subject.CommonName
	}
	fmt.Println(served())

	issue("new.example")
	fmt.Println(files.Reload(), served())

	_ = os.WriteFile(keyFile, []byte("damaged"), 0o600)
	fmt.Println(files.Reload() != nil, served())
	// Output:
	// old.example
	// <nil> new.example
	// true new.example
}
