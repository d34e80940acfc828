package certs

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"time"
)

// reminder is how often a certificate that is about to expire, or has, is mentioned.
const reminder = 24 * time.Hour

// stapling is the extension by which a certificate wants OCSP answers to come with it.
var stapling = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}

// judge warns of a certificate that browsers refuse, or soon will. The caller holds mu.
func (f *Files) judge() {
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
		f.logger.Warn("the certificate names no host, so browsers refuse it (it needs a subjectAltName)", "file", f.cert)
	}
	if slices.ContainsFunc(leaf.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(stapling) }) {
		f.logger.Warn("the certificate asks for OCSP stapling, which is not done here, so some browsers refuse it", "file", f.cert)
	}
}

// warnBefore is how long before its end a certificate should have been renewed: two weeks, or less
// for those that live shortly. Authorities advise a third of its life.
func warnBefore(leaf *x509.Certificate) time.Duration {
	return min(leaf.NotAfter.Sub(leaf.NotBefore)/6, 14*24*time.Hour)
}

// remind judges the certificate again once a day.
func (f *Files) remind() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.judged) >= reminder {
		f.judge()
	}
}
