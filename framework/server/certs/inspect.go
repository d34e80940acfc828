package certs

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"time"
)

// reminder is how often a certificate that is about to expire, or has expired, is logged.
const reminder = 24 * time.Hour

// stapling is the extension by which a certificate requires stapled OCSP responses.
var stapling = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}

// inspect logs problems of the certificate for which browsers reject it, or soon will. The caller holds mu.
func (f *Files) inspect() {
	f.judged = time.Now()
	leaf := f.current.Load().Leaf
	if leaf == nil {
		return
	}
	switch left := leaf.NotAfter.Sub(f.judged); {
	case left < 0:
		f.logger.Warn("the certificate has expired", "file", f.cert, "since", leaf.NotAfter)
	case f.judged.Before(leaf.NotBefore):
		f.logger.Warn("the certificate is not valid yet; is the clock right?", "file", f.cert, "from", leaf.NotBefore)
	case left < warnBefore(leaf):
		f.logger.Warn("the certificate expires soon and was not renewed", "file", f.cert, "at", leaf.NotAfter)
	}
	if len(leaf.DNSNames)+len(leaf.IPAddresses) == 0 {
		f.logger.Warn("the certificate names no host, so browsers reject it (a subjectAltName is required)", "file", f.cert)
	}
	if slices.ContainsFunc(leaf.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(stapling) }) {
		f.logger.Warn("the certificate requires OCSP stapling, which is not supported, so some browsers reject it", "file", f.cert)
	}
}

// warnBefore returns how long before it expires a certificate should have been renewed: two weeks, or a third of its
// lifetime if that is shorter, as authorities advise.
func warnBefore(leaf *x509.Certificate) time.Duration {
	return min(leaf.NotAfter.Sub(leaf.NotBefore)/6, 14*24*time.Hour)
}

// remind inspects the certificate again once a day.
func (f *Files) remind() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.judged) >= reminder {
		f.inspect()
	}
}
