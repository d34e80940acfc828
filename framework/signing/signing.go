// Package signing signs values, so that a site can verify that it created them: it appends an
// HMAC-SHA256 to a string, or to a JSON document with the time of signing.
//
// A signed value is protected against changes, not against reading. Each use has its own salt, so that
// a value signed for one purpose is invalid for another:
//
//	signed := signer.Sign("newsletter.unsubscribe", "7")
//	id, err := signer.Verify("newsletter.unsubscribe", signed)
package signing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrSignature is the error of a value that was not signed with one of the signer's keys and the
// given salt, or that was changed since.
var ErrSignature = errors.New("the signature does not match")

// ErrExpired is the error of a genuine value that is older than allowed.
var ErrExpired = errors.New("the signed value has expired")

// separator separates value and signature. It is not part of the signature's alphabet.
const separator = "."

var encoding = base64.RawURLEncoding.Strict()

// Signer signs with one key and verifies with that key and its fallbacks. It is immutable and safe
// for concurrent use. Create it with [New]; the zero value is not usable.
type Signer struct {
	keys []string // the first signs
	now  func() time.Time
}

// New returns a Signer that signs with key. Values signed with one of the fallbacks still verify,
// so that a key can be changed without invalidating what it signed.
func New(key string, fallbacks ...string) *Signer {
	return &Signer{keys: append([]string{key}, fallbacks...), now: time.Now}
}

// WithClock returns a copy of the signer that reads the time from now. It is for tests.
func (s *Signer) WithClock(now func() time.Time) *Signer {
	return &Signer{keys: s.keys, now: now}
}

// Sign returns value with a signature for salt appended: "value.signature".
func (s *Signer) Sign(salt, value string) string {
	return value + separator + encoding.EncodeToString(mac(s.keys[0], salt, value))
}

// Verify returns the value that was signed for salt, or [ErrSignature].
func (s *Signer) Verify(salt, signed string) (string, error) {
	at := strings.LastIndex(signed, separator)
	if at < 0 {
		return "", ErrSignature
	}
	value := signed[:at]
	got, err := encoding.DecodeString(signed[at+len(separator):])
	if err != nil {
		return "", ErrSignature
	}
	for _, key := range s.keys {
		if hmac.Equal(got, mac(key, salt, value)) {
			return value, nil
		}
	}
	return "", ErrSignature
}

// MAC returns the 32 bytes of HMAC-SHA256 of value for salt under the signing key, for uses that
// keep value and signature apart.
func (s *Signer) MAC(salt, value string) []byte { return mac(s.keys[0], salt, value) }

// Matches reports whether sum is the MAC of value for salt under the key or one of its fallbacks.
// It takes the same time wherever the first difference is.
func (s *Signer) Matches(salt, value string, sum []byte) bool {
	for _, key := range s.keys {
		if hmac.Equal(sum, mac(key, salt, value)) {
			return true
		}
	}
	return false
}

// Dump returns v as JSON with the present time, signed for salt, in characters that are safe in
// URLs and cookies. The error is that of json.Marshal.
func (s *Signer) Dump(salt string, v any) (string, error) {
	document, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("sign for %q: %w", salt, err)
	}
	var stamp [8]byte
	binary.BigEndian.PutUint64(stamp[:], uint64(s.now().UnixMilli()))
	return s.Sign(salt, encoding.EncodeToString(append(stamp[:], document...))), nil
}

// Load decodes a value that [Signer.Dump] signed for salt into the pointer into. It returns [ErrExpired]
// for a value older than maxAge and [ErrSignature] for one with another signature; a maxAge of 0
// accepts any age. On these errors, into is unchanged.
func (s *Signer) Load(salt, signed string, maxAge time.Duration, into any) error {
	value, err := s.Verify(salt, signed)
	if err != nil {
		return err
	}
	raw, err := encoding.DecodeString(value)
	if err != nil || len(raw) < 8 {
		return ErrSignature // signed by Sign, not by Dump
	}
	made := time.UnixMilli(int64(binary.BigEndian.Uint64(raw[:8])))
	if age := s.now().Sub(made); maxAge > 0 && (age > maxAge || age < -time.Minute) {
		return ErrExpired
	}
	if err := json.Unmarshal(raw[8:], into); err != nil {
		return fmt.Errorf("read the value signed for %q: %w", salt, err)
	}
	return nil
}

// mac derives a key for the salt first, so that no pair of salt and value can be read as another
// pair, then signs the value with it.
func mac(key, salt, value string) []byte {
	derive := hmac.New(sha256.New, []byte(key))
	derive.Write([]byte(salt))
	sign := hmac.New(sha256.New, derive.Sum(nil))
	sign.Write([]byte(value))
	return sign.Sum(nil)
}
