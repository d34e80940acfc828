package csrf

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// secretBytes is the length of a visitor's secret in bytes.
const secretBytes = 32

var encoding = base64.RawURLEncoding.Strict()

func newSecret() []byte {
	secret := make([]byte, secretBytes)
	rand.Read(secret) //nolint:errcheck // never fails since Go 1.24
	return secret
}

// mask returns a one-time pad followed by the secret under it.
func mask(secret []byte) string {
	var token [2 * secretBytes]byte
	rand.Read(token[:secretBytes]) //nolint:errcheck // never fails since Go 1.24
	subtle.XORBytes(token[secretBytes:], token[:secretBytes], secret)
	return encoding.EncodeToString(token[:])
}

// matches reports whether the token is the secret under a mask.
func matches(secret []byte, token string) bool {
	if len(token) != encoding.EncodedLen(2*secretBytes) {
		return false
	}
	raw, err := encoding.DecodeString(token)
	if err != nil {
		return false
	}
	subtle.XORBytes(raw[:secretBytes], raw[:secretBytes], raw[secretBytes:])
	return subtle.ConstantTimeCompare(raw[:secretBytes], secret) == 1
}

func safe(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}

// dropCookie removes a cookie from the header of the response.
func dropCookie(header http.Header, name string) {
	set := slices.DeleteFunc(header["Set-Cookie"], func(line string) bool { return strings.HasPrefix(line, name+"=") })
	if len(set) == 0 {
		delete(header, "Set-Cookie")
	} else {
		header["Set-Cookie"] = set
	}
}
