package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SnakeName returns the column or field name for a Go name: "CreatedAt" into "created_at", "OAuthID" into "oauth_id",
// "HTMLBody" into "html_body", "OIDCID" into "oidc_id".
func SnakeName(name string) string { return strings.ToLower(strings.Join(splitWords(name), "_")) }

// splitWords splits a name in mixed case: "HTMLBody" into "HTML", "Body".
func splitWords(name string) []string {
	var words []string
	for name != "" {
		word := nextWord(name)
		name = strings.TrimLeft(name[len(word):], "_")
		if word = strings.Trim(word, "_"); word != "" {
			words = append(words, splitUpper(word)...)
		}
	}
	return words
}

// nextWord returns the first word of a name in mixed case.
func nextWord(s string) string {
	for _, initialism := range initialisms {
		if rest, ok := strings.CutPrefix(s, initialism); ok {
			if next, _ := utf8.DecodeRuneInString(rest); rest == "" || !unicode.IsLower(next) {
				return initialism + digits(rest)
			}
		}
	}
	runes := []rune(s)
	i := 1
	for i < len(runes) && unicode.IsUpper(runes[0]) && (unicode.IsUpper(runes[i]) || unicode.IsDigit(runes[i])) {
		i++ // a run of upper case: its last letter begins the next word if a lower-case letter follows
	}
	if i > 1 && i < len(runes) && unicode.IsLower(runes[i]) && unicode.IsUpper(runes[i-1]) {
		if plural := i+1 == len(runes) || !unicode.IsLower(runes[i+1]); plural && runes[i] == 's' {
			return string(runes[:i+1]) // "OIDCIDs"
		}
		return string(runes[:i-1])
	}
	if i > 1 {
		return string(runes[:i])
	}
	for i < len(runes) && !unicode.IsUpper(runes[i]) && runes[i] != '_' {
		i++
	}
	return string(runes[:i])
}

// TableName returns the table of a model, "blog_post" for the model Post of the app blog.
func TableName(app, model string) string {
	if app == "" {
		return SnakeName(model)
	}
	return SnakeName(app) + "_" + SnakeName(model)
}

// maxName is the length of the longest identifier that every database accepts.
const maxName = 63

// ConstraintName returns the name of an index or constraint, such as "blog_post_slug_uniq". Names longer than 63 bytes are
// truncated and end in a hash of the full name.
func ConstraintName(table, suffix string, columns ...string) string {
	name := table + "_" + strings.Join(columns, "_") + "_" + suffix
	if len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	tail := "_" + hex.EncodeToString(sum[:4]) + "_" + suffix
	return strings.ToValidUTF8(name[:maxName-len(tail)], "") + tail
}

// LabelOf returns "created at" for "CreatedAt" and "HTML body" for "HTMLBody".
func LabelOf(goName string) string {
	words := splitWords(goName)
	for i, w := range words {
		if len(w) < 2 || strings.ToUpper(w) != w {
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}

// Plural returns the regular English plural of a label or a Go name: "post" becomes "posts", "Category" becomes
// "Categories", "box" becomes "boxes". Irregular plurals are not known.
func Plural(label string) string {
	switch {
	case label == "":
		return ""
	case strings.HasSuffix(label, "y") && len(label) > 1 && !strings.ContainsRune("aeiou", rune(label[len(label)-2])):
		return label[:len(label)-1] + "ies"
	case strings.HasSuffix(label, "s"), strings.HasSuffix(label, "x"), strings.HasSuffix(label, "z"),
		strings.HasSuffix(label, "ch"), strings.HasSuffix(label, "sh"):
		return label + "es"
	}
	return label + "s"
}

// CapitalFirst returns s with its first letter in upper case.
func CapitalFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

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
