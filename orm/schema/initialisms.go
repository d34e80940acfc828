package schema

import (
	"slices"
	"strings"
)

// initialisms that do not follow the rule "capitals followed by a capital and a small letter"; longest first.
var initialisms = []string{"GraphQL", "OAuth", "MySQL", "IPv4", "IPv6", "IDs", "URLs", "APIs"}

// capitals are the initialisms that a run of capitals is split into: "OIDCID" is "OIDC", "ID".
var capitals = []string{
	"ACL", "API", "ASCII", "AWS", "BIC", "CDN", "CLI", "CMS", "CPU", "CRM", "CSRF", "CSS", "CSV", "DB", "DNS", "DOI", "DSN", "EAN", "EOF",
	"ERP", "EU", "FTP", "GDPR", "GIF", "GPS", "GPU", "GTIN", "GUID", "HMAC", "HTML", "HTTP", "HTTPS", "IBAN", "ICAO", "ID", "IMAP", "IP", "IRC",
	"ISBN", "ISO", "ISSN", "JPEG", "JPG", "JS", "JSON", "JWK", "JWT", "LDAP", "LHS", "MAC", "MFA", "MIME", "NFC", "OIDC", "OS", "OTP", "PDF",
	"PHP", "PIN", "PNG", "QPS", "QR", "RAM", "RFID", "RHS", "RPC", "RSA", "RSS", "SAML", "SDK", "SEO", "SHA", "SIM", "SKU", "SLA", "SMS",
	"SMTP", "SQL", "SSH", "SSID", "SSL", "SSO", "SVG", "TCP", "TLS", "TOTP", "TTL", "TXT", "UDP", "UI", "UID", "UPC", "URI", "URL", "URN",
	"USB", "UTC", "UTF8", "UUID", "UX", "VAT", "VIN", "VM", "VPN", "WWW", "XML", "XSRF", "XSS", "YAML", "ZIP",
}

// tails are the initialisms that end a run of capitals whose beginning is not known: "KYCID" is "KYC", "ID".
var tails = []string{"UUID", "GUID", "URL", "URI", "ID"}

// whole are words that only look as if they ended in one of tails.
var whole = []string{"AID", "AVOID", "BID", "COVID", "EUCLID", "FLUID", "GRID", "HYBRID", "KID", "LIQUID", "PAID", "RAPID", "SOLID", "VALID", "VOID"}

// splitCapitals splits a word in capitals at the initialisms in it; a plural s belongs to the last of them.
func splitCapitals(word string) []string {
	plural := ""
	if cut, ok := strings.CutSuffix(word, "s"); ok && len(cut) > 1 {
		word, plural = cut, "s"
	}
	parts := []string{word}
	if strings.ToUpper(word) == word && !slices.Contains(capitals, word) && !slices.Contains(whole, word) {
		if known := decompose(word); known != nil {
			parts = known
		} else {
			for _, tail := range tails {
				if head, ok := strings.CutSuffix(word, tail); ok && len(head) > 1 {
					parts = append(splitCapitals(head), tail)
					break
				}
			}
		}
	}
	parts[len(parts)-1] += plural
	return parts
}

// decompose returns the fewest initialisms that make up a run of capitals, or nil. Digits belong to what they follow.
func decompose(run string) []string {
	if run == "" {
		return []string{}
	}
	var best []string
	for _, word := range capitals {
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
