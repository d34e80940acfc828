package dburl

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// Mode is how connections are encrypted, with the names and meanings of PostgreSQL's sslmode.
type Mode string

// The modes. Only VerifyCA and VerifyFull protect from a server that pretends to be another one.
const (
	Disable    Mode = "disable"     // never encrypt
	Prefer     Mode = "prefer"      // encrypt if the server can; the default
	Require    Mode = "require"     // encrypt, whoever the server is
	VerifyCA   Mode = "verify-ca"   // encrypt, and check that a known authority has signed the certificate
	VerifyFull Mode = "verify-full" // as VerifyCA, and check that the certificate is for this host
)

var modes = []Mode{Disable, Prefer, Require, VerifyCA, VerifyFull}

// TLS is how connections are encrypted.
type TLS struct {
	Mode     Mode
	RootFile string // certificates of the authorities; "" uses those of the system
	CertFile string // certificate and key of this program; "" is none
	KeyFile  string
}

func (t TLS) validate() error {
	switch {
	case (t.CertFile == "") != (t.KeyFile == ""):
		return errors.New("sslcert and sslkey are given together or not at all")
	case t.RootFile != "" && t.Mode != VerifyCA && t.Mode != VerifyFull:
		return fmt.Errorf("sslmode=%s does not check the server's certificate against sslrootcert; use sslmode=verify-full", t.Mode)
	case t.CertFile != "" && t.Mode == Disable:
		return errors.New("sslmode=disable does not use sslcert")
	}
	return nil
}

// Config reads the files and returns the configuration for connections to a host, nil for [Disable]. With [Prefer] the
// driver connects without encryption to a server that has none.
func (t TLS) Config(host string) (*tls.Config, error) {
	if t.Mode == Disable {
		return nil, nil
	}
	c := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if t.RootFile != "" {
		pem, err := os.ReadFile(t.RootFile)
		if err != nil {
			return nil, fmt.Errorf("sslrootcert: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("sslrootcert: %s holds no certificate in PEM form", t.RootFile)
		}
	}
	if t.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("sslcert and sslkey: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	switch t.Mode {
	case Prefer, Require:
		c.InsecureSkipVerify = true
	case VerifyCA: // the chain is checked here, and the name of the host is not
		c.InsecureSkipVerify = true
		c.VerifyConnection = func(state tls.ConnectionState) error { return verifyChain(state, c.RootCAs) }
	}
	return c, nil
}

// verifyChain checks that a known authority has signed the server's certificate.
func verifyChain(state tls.ConnectionState, roots *x509.CertPool) error {
	if len(state.PeerCertificates) == 0 {
		return errors.New("the server sent no certificate")
	}
	between := x509.NewCertPool()
	for _, certificate := range state.PeerCertificates[1:] {
		between.AddCert(certificate)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between})
	return err
}
