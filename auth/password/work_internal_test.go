package password

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

// TestEveryMismatchCostsTheSame counts work instead of time. It does not run in parallel: the count is that of the process.
func TestEveryMismatchCostsTheSame(t *testing.T) {
	made := func(memory, passes uint32, lanes uint8) string {
		salt := []byte("0123456789abcdef")
		key := argon2.IDKey([]byte("right"), salt, passes, memory, lanes, 32)
		b64 := base64.RawStdEncoding
		return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", memory, passes, lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
	}
	hashes := map[string]string{
		"today's": made(memoryKiB, passes, lanes), "least memory": made(8, 1, 1), "tiny": made(64, 1, 1),
		"imported": made(16*1024, 2, 1), "half": made(memoryKiB/2, 1, 1), "nearly": made(memoryKiB-1, 1, 1),
		"unusable": Unusable(), "empty": "", "malformed": "pbkdf2_sha256$1$x$y", "cut": "$argon2id$v=19$m=64",
	}
	const want = memoryKiB * passes
	for name, hash := range hashes {
		before := worked.Load()
		ok, upgrade, err := Check(t.Context(), "wrong", hash)
		if ok || upgrade || err != nil && !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v, %v, %v", name, ok, upgrade, err)
		}
		if got := worked.Load() - before; got < want || got > want+leastMemoryKiB {
			t.Errorf("%s: a mismatch costs %d KiB, want %d", name, got, want)
		}
	}
	before := worked.Load()
	if ok, _, err := Check(t.Context(), strings.Repeat("x", MaxLength+1), hashes["tiny"]); ok || err != nil || worked.Load()-before != want {
		t.Errorf("too long: %v, %v, %d KiB", ok, err, worked.Load()-before)
	}
	before = worked.Load()
	if err := Dummy(t.Context()); err != nil || worked.Load()-before != want {
		t.Errorf("no account: %v, %d KiB", err, worked.Load()-before)
	}
}
