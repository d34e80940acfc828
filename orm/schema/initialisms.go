package schema

import (
	"slices"
	"strings"
)

// initialisms are those that an upper-case letter followed by a lower-case one does not separate; longest first.
var initialisms = []string{"GraphQL", "OAuth", "MySQL", "IPv4", "IPv6", "IDs", "URLs", "APIs"}

// upperInitialisms are the initialisms that a run of upper case is split into: "OIDCID" is "OIDC", "ID".
var upperInitialisms = []string{
	"ACL", "API", "ASCII", "AWS", "BIC", "CDN", "CLI", "CMS", "CPU", "CRM", "CSRF", "CSS", "CSV", "DB", "DNS", "DOI", "DSN", "EAN", "EOF",
	"ERP", "EU", "FTP", "GDPR", "GIF", "GPS", "GPU", "GTIN", "GUID", "HMAC", "HTML", "HTTP", "HTTPS", "IBAN", "ICAO", "ID", "IMAP", "IP",
	"IRC",
	"ISBN", "ISO", "ISSN", "JPEG", "JPG", "JS", "JSON", "JWK", "JWT", "LDAP", "LHS", "MAC", "MFA", "MIME", "NFC", "OIDC", "OS", "OTP",
	"PDF",
	"PHP", "PIN", "PNG", "QPS", "QR", "RAM", "RFID", "RHS", "RPC", "RSA", "RSS", "SAML", "SDK", "SEO", "SHA", "SIM", "SKU", "SLA", "SMS",
	"SMTP", "SQL", "SSH", "SSID", "SSL", "SSO", "SVG", "TCP", "TLS", "TOTP", "TTL", "TXT", "UDP", "UI", "UID", "UPC", "URI", "URL", "URN",
	"USB", "UTC", "UTF8", "UUID", "UX", "VAT", "VIN", "VM", "VPN", "WWW", "XML", "XSRF", "XSS", "YAML", "ZIP",
}

// suffixes are the initialisms at the end of a run of upper case that begins with an unknown one: "KYCID" is "KYC", "ID".
var suffixes = []string{"UUID", "GUID", "URL", "URI", "ID"}

// words are words that end like one of suffixes but are not split.
var words = []string{
	"AID", "AVOID", "BID", "COVID", "EUCLID", "FLUID", "GRID", "HYBRID", "KID", "LIQUID", "PAID", "RAPID", "SOLID",
	"VALID", "VOID",
}

// splitUpper splits an upper-case word at the initialisms in it; a plural s belongs to the last of them.
func splitUpper(word string) []string {
	plural := ""
	if cut, ok := strings.CutSuffix(word, "s"); ok && len(cut) > 1 {
		word, plural = cut, "s"
	}
	parts := []string{word}
	if strings.ToUpper(word) == word && !slices.Contains(upperInitialisms, word) && !slices.Contains(words, word) {
		if initials := decompose(word); initials != nil {
			parts = initials
		} else {
			for _, suffix := range suffixes {
				if head, ok := strings.CutSuffix(word, suffix); ok && len(head) > 1 {
					parts = append(splitUpper(head), suffix)
					break
				}
			}
		}
	}
	parts[len(parts)-1] += plural
	return parts
}

// decompose splits a run of upper case into the fewest initialisms, or returns nil. Digits belong to the initialism
// before them.
func decompose(run string) []string {
	if run == "" {
		return []string{}
	}
	var best []string
	for _, word := range upperInitialisms {
		rest, ok := strings.CutPrefix(run, word)
		if !ok {
			continue
		}
		n := digits(rest)
		if parts := decompose(rest[len(n):]); parts != nil && (best == nil || len(parts)+1 < len(best)) {
			best = append([]string{word + n}, parts...)
		}
	}
	return best
}

// digits returns the digits at the beginning of s.
func digits(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}
