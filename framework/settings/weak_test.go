package settings_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/framework/settings"
)

func TestWeakKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"", "x", "secret", "changeme", "hunter2hunter2",
		strings.Repeat("a", 64), strings.Repeat("ab", 32), strings.Repeat("0123456789", 6), strings.Repeat("x7Gq", 16), strings.Repeat("x7GqL2vP9a", 5),
		"abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "zyxwvutsrqponmlkjihgfedcba9876543210",
		"change-me-change-me-change-me-change-me-change-me", "django-insecure-please-change-this-secret-key", "your-secret-key-of-at-least-50-random-characters-here",
		"replace-this-with-a-random-secret-string-in-production", "supersecretsupersecretsupersecretsupersecret",
		"the site's secret key is a secret of the site", "correct horse battery staple and so on", "correct-horse-battery-staple-again-and-again",
		"                                                  ", "..................................................", "qwertyuiopasdfghjklzxcvbnmqwertyuiop",
		"ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ", "12345678901234567890123456789012345678901234567890", "0000000000000000000000000000000000000000000000001",
		"django-insecure-#x7^4k2!z@q9(w)e8r$t%y&u*i1o0p-l=kjhgfdsazxcv", "<generate a random key with 50 characters at least here>",
		"…………………………………………………………………………………………",
	} {
		if settings.Secret(key).Weakness() == "" {
			t.Errorf("%q counts as a good key", key)
		}
	}
	if why := settings.Secret("short1").Weakness(); !strings.Contains(why, "6 characters") || strings.Contains(why, "short1") {
		t.Errorf("the reason is %q", why)
	}
}

func TestRandomKeysAreGood(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	bytes := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	of := func(alphabet string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	for name, make := range map[string]func() string{
		"openssl rand -base64 48": func() string { return base64.StdEncoding.EncodeToString(bytes(48)) },
		"openssl rand -base64 32": func() string { return base64.StdEncoding.EncodeToString(bytes(32)) },
		"openssl rand -hex 16":    func() string { return hex.EncodeToString(bytes(16)) },
		"openssl rand -hex 32":    func() string { return hex.EncodeToString(bytes(32)) },
		"url-safe base64":         func() string { return base64.RawURLEncoding.EncodeToString(bytes(36)) },
		"letters of rand.Text":    func() string { return of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 52) },
		"as Django makes them":    func() string { return of("abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)", 50) },
		"digits":                  func() string { return of("0123456789", 50) },
		"punctuation":             func() string { return of("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~", 50) },
		"a name before it":        func() string { return "shop-production-secret-" + hex.EncodeToString(bytes(32)) },
	} {
		for range 3000 {
			if key := make(); settings.Secret(key).Weakness() != "" {
				t.Errorf("%s: %q is refused: %s", name, key, settings.Secret(key).Weakness())
				break
			}
		}
	}
}

func FuzzWeakness(f *testing.F) {
	f.Add("change-me")
	f.Add("\xff\xfe - - -")
	f.Fuzz(func(t *testing.T, key string) {
		if why := settings.Secret(key).Weakness(); why == "" && len(key) < 32 {
			t.Errorf("%q counts as a good key", key)
		}
	})
}

func TestDevelopmentKeyIsRandomAndKept(t *testing.T) {
	t.Parallel()
	one, other := t.TempDir(), t.TempDir()
	var keys [8]settings.Secret
	var all sync.WaitGroup
	for i := range keys { // several processes may start at the same time
		all.Go(func() {
			var err error
			if keys[i], err = settings.DevelopmentKey(one); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, key := range keys {
		if key != keys[0] || key.Weakness() != "" {
			t.Errorf("the keys differ or are weak")
		}
	}
	if key, err := settings.DevelopmentKey(other); err != nil || key == keys[0] {
		t.Errorf("another folder has the same key, or %v", err)
	}
	path := filepath.Join(one, settings.KeyFile)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if key, err := settings.DevelopmentKey(one); err != nil || key != keys[0] {
		t.Errorf("the key was not kept: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("others may read the key: %v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(one); err != nil || len(entries) != 1 {
		t.Errorf("there is more than the key: %v, %v", entries, err)
	}
	if err := os.WriteFile(path, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := settings.DevelopmentKey(one); err == nil || !strings.Contains(err.Error(), "Remove the file") {
		t.Errorf("a weak key in the file: %v", err)
	}
}
