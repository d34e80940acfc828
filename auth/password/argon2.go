package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Parameters of new hashes: the OWASP ASVS 5.0 minimum of 46 MiB with one pass and one lane.
const (
	memoryKiB = 46 * 1024
	passes    = 1
	lanes     = 1
	saltBytes = 16
	keyBytes  = 32
)

// Bounds of hashes that are accepted for checking, so that a hash from elsewhere cannot ask for
// gigabytes or minutes.
const (
	maxMemoryKiB = 1 << 20
	maxPasses    = 64
	maxLanes     = 16
	maxKeyBytes  = 128
)

// MaxLength is how many bytes of a password are accepted. Longer ones are refused instead of cut.
const MaxLength = 1024

// ErrTooLong says that a password has more than MaxLength bytes.
var ErrTooLong = fmt.Errorf("password: longer than %d bytes", MaxLength)

// ErrMalformed says that a stored hash is not an argon2id PHC string.
var ErrMalformed = errors.New("password: the stored hash is not an argon2id PHC string")

// slots bounds how many hashes run at once: one a processor, as each takes all of a core and
// 46 MiB. It is a semaphore, not state.
var slots = make(chan struct{}, max(1, runtime.NumCPU()))

// Hash returns the argon2id hash of plain with a fresh salt. It waits for a free processor and
// gives up with ctx. It fails with ErrTooLong for a password over MaxLength bytes.
func Hash(ctx context.Context, plain string) (string, error) {
	if len(plain) > MaxLength {
		return "", ErrTooLong
	}
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("password: read a salt: %w", err)
	}
	h := hash{memory: memoryKiB, passes: passes, lanes: lanes, salt: salt}
	key, err := h.derive(ctx, plain, keyBytes)
	if err != nil {
		return "", err
	}
	h.key = key
	return h.String(), nil
}

// Check reports whether plain is the password of encoded, in constant time for a given hash.
// upgrade is true when it is and the hash should be replaced by a new one, as it was made with
// weaker parameters than today's. An unusable or empty hash matches nothing, after the same work
// as a real one. A hash that cannot be read gives ErrMalformed.
func Check(ctx context.Context, plain, encoded string) (ok, upgrade bool, err error) {
	if !Usable(encoded) || len(plain) > MaxLength {
		return false, false, Dummy(ctx)
	}
	h, err := parse(encoded)
	if err != nil {
		return false, false, err
	}
	key, err := h.derive(ctx, plain, uint32(len(h.key)))
	if err != nil {
		return false, false, err
	}
	if subtle.ConstantTimeCompare(key, h.key) != 1 {
		return false, false, nil
	}
	weak := h.memory < memoryKiB || h.passes < passes || len(h.key) < keyBytes || len(h.salt) < saltBytes
	return true, weak, nil
}

// Dummy does the work of one Check and forgets the result. A login for an unknown user calls it,
// so that the time of the answer does not tell who exists.
func Dummy(ctx context.Context) error {
	h := hash{memory: memoryKiB, passes: passes, lanes: lanes, salt: make([]byte, saltBytes)}
	_, err := h.derive(ctx, "", keyBytes)
	return err
}

// Unusable returns a hash that no password matches, different each time, for accounts that log
// in by other means.
func Unusable() string { return "!" + rand.Text() }

// Usable reports whether encoded can match a password at all.
func Usable(encoded string) bool { return encoded != "" && encoded[0] != '!' }

type hash struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

func (h hash) derive(ctx context.Context, plain string, size uint32) ([]byte, error) {
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-slots }()
	return argon2.IDKey([]byte(plain), h.salt, h.passes, h.memory, h.lanes, size), nil
}

func (h hash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.lanes,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

func parse(encoded string) (hash, error) {
	var h hash
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, ErrMalformed
	}
	var memory, passes, lanes uint32
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil || n != 3 ||
		parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", memory, passes, lanes) {
		return h, ErrMalformed
	}
	if memory < 8 || memory > maxMemoryKiB || passes < 1 || passes > maxPasses || lanes < 1 || lanes > maxLanes {
		return h, ErrMalformed
	}
	b64 := base64.RawStdEncoding.Strict()
	salt, err := b64.DecodeString(parts[4])
	if err != nil || len(salt) == 0 || len(salt) > maxKeyBytes {
		return h, ErrMalformed
	}
	key, err := b64.DecodeString(parts[5])
	if err != nil || len(key) < 16 || len(key) > maxKeyBytes {
		return h, ErrMalformed
	}
	return hash{memory: memory, passes: passes, lanes: uint8(lanes), salt: salt, key: key}, nil
}
