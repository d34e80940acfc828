package signing_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/signing"
)

func TestVerifyReturnsWhatSignWasGiven(t *testing.T) {
	t.Parallel()
	signer := signing.New("secret")
	for _, value := range []string{"", "7", "a.b.c", "grüße", "new\nline", strings.Repeat("x", 5000)} {
		got, err := signer.Verify("salt", signer.Sign("salt", value))
		if err != nil || got != value {
			t.Errorf("Verify(Sign(%q)) = %q, %v", value, got, err)
		}
	}
}

func TestVerifyRefusesEveryChangedBit(t *testing.T) {
	t.Parallel()
	signer := signing.New("secret")
	signed := []byte(signer.Sign("salt", "user=7"))
	for i := range signed {
		for bit := range 8 {
			changed := append([]byte(nil), signed...)
			changed[i] ^= 1 << bit
			if value, err := signer.Verify("salt", string(changed)); !errors.Is(err, signing.ErrSignature) {
				t.Fatalf("byte %d bit %d changed: Verify = %q, %v; want ErrSignature", i, bit, value, err)
			}
		}
	}
}

func TestVerifyRefusesOtherSaltKeyAndShape(t *testing.T) {
	t.Parallel()
	signer := signing.New("secret")
	cases := map[string]struct{ salt, signed string }{
		"other salt":                  {"b", signer.Sign("a", "7")},
		"salt and value moved":        {"ab", signer.Sign("a", "b7")},
		"other key":                   {"a", signing.New("other").Sign("a", "7")},
		"no signature":                {"a", "7"},
		"empty":                       {"a", ""},
		"empty signature":             {"a", "7."},
		"padding after signature":     {"a", signer.Sign("a", "7") + "="},
		"signature of something else": {"a", "8" + strings.TrimPrefix(signer.Sign("a", "7"), "7")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if value, err := signer.Verify(c.salt, c.signed); !errors.Is(err, signing.ErrSignature) {
				t.Errorf("Verify(%q, %q) = %q, %v; want ErrSignature", c.salt, c.signed, value, err)
			}
		})
	}
}

func TestFallbackKeysVerifyButDoNotSign(t *testing.T) {
	t.Parallel()
	old, rotated := signing.New("old"), signing.New("new", "old")
	if got, err := rotated.Verify("s", old.Sign("s", "7")); err != nil || got != "7" {
		t.Errorf("a value of the old key: %q, %v", got, err)
	}
	if _, err := old.Verify("s", rotated.Sign("s", "7")); !errors.Is(err, signing.ErrSignature) {
		t.Errorf("the fallback signed: %v", err)
	}
	if !rotated.Matches("s", "7", old.MAC("s", "7")) || rotated.Matches("s", "8", old.MAC("s", "7")) {
		t.Error("Matches does not follow the fallbacks")
	}
}

func TestLoadGivesBackWhatDumpSignedUntilItExpires(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 28, 23, 59, 0, 0, time.UTC)
	signer := signing.New("secret").WithClock(func() time.Time { return now })
	type invite struct {
		Mail  string
		Roles []string
	}
	signed, err := signer.Dump("invite", invite{"a@example.com", []string{"staff"}})
	if err != nil {
		t.Fatal(err)
	}
	load := func(age, maxAge time.Duration) (invite, error) {
		var got invite
		later := signer.WithClock(func() time.Time { return now.Add(age) })
		return got, errors.Join(later.Load("invite", signed, maxAge, &got))
	}
	var got invite
	if err := signer.Load("invite", signed, time.Hour, &got); err != nil || got.Mail != "a@example.com" || len(got.Roles) != 1 {
		t.Fatalf("Load = %+v, %v", got, err)
	}
	if _, err := load(time.Hour, time.Hour); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := load(time.Hour+time.Millisecond, time.Hour); !errors.Is(err, signing.ErrExpired) {
		t.Errorf("past the limit: %v, want ErrExpired", err)
	}
	if _, err := load(-time.Hour, time.Hour); !errors.Is(err, signing.ErrExpired) {
		t.Errorf("made in the future: %v, want ErrExpired", err)
	}
	if _, err := load(1000*time.Hour, 0); err != nil {
		t.Errorf("any age: %v", err)
	}
	if err := signer.Load("other", signed, 0, &got); !errors.Is(err, signing.ErrSignature) {
		t.Errorf("other salt: %v", err)
	}
	if err := signer.Load("invite", signer.Sign("invite", "x"), 0, &got); !errors.Is(err, signing.ErrSignature) {
		t.Errorf("a value of Sign: %v", err)
	}
	if _, err := signer.Dump("invite", func() {}); err == nil || !strings.Contains(err.Error(), "invite") {
		t.Errorf("Dump of a func: %v", err)
	}
}

func FuzzVerify(f *testing.F) {
	signer := signing.New("secret", "older")
	f.Add("salt", "value.c2ln")
	f.Add("salt", signer.Sign("salt", "value"))
	f.Add("", "..")
	f.Fuzz(func(t *testing.T, salt, signed string) {
		value, err := signer.Verify(salt, signed)
		if err == nil && signer.Sign(salt, value) != signed && signing.New("older").Sign(salt, value) != signed {
			t.Fatalf("Verify accepted %q for %q, which no key makes", signed, salt)
		}
		var into map[string]any
		_ = signer.Load(salt, signed, time.Hour, &into)
		raw := base64.RawURLEncoding.EncodeToString([]byte(signed))
		_ = signer.Load(salt, signer.Sign(salt, raw), 0, &into)
	})
}
