package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

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

// Bounds of the hashes that Check accepts, so that an imported hash cannot require gigabytes or minutes.
const (
	leastMemoryKiB = 8
	maxMemoryKiB   = 1 << 20
	maxPasses      = 64
	maxLanes       = 16
	maxKeyBytes    = 128
)

// MaxLength is the maximum length of a password in bytes. Longer ones are rejected instead of cut.
const MaxLength = 1024

// ErrTooLong is the error of Hash for a password with more than MaxLength bytes.
var ErrTooLong = fmt.Errorf("password: longer than %d bytes", MaxLength)

// ErrMalformed is the error of Check for a stored hash that is not an argon2id PHC string.
var ErrMalformed = errors.New("password: the stored hash is not an argon2id PHC string")

// Hash returns the argon2id hash of plain with a new salt. It may wait for other hashes, until ctx ends. The error is
// [ErrTooLong], [ErrBusy], or that of ctx. It is safe for concurrent use.
func Hash(ctx context.Context, plain string) (string, error) {
	if len(plain) > MaxLength {
		return "", ErrTooLong
	}
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("password: read a salt: %w", err)
	}
	h := hash{memory: memoryKiB, passes: passes, lanes: lanes, salt: salt}
	err := inTurn(ctx, func() { h.key = h.derive(plain, keyBytes) })
	if err != nil {
		return "", err
	}
	return h.String(), nil
}

// Check reports whether plain is the password of the hash encoded. Upgrade is true if it is, and the hash has weaker parameters
// than the current ones and should be replaced. Every mismatch takes the work of one current hash, so that the duration does
// not distinguish accounts: also an unusable or empty hash, a hash with weaker parameters, and a malformed one. It may wait for
// other hashes, until ctx ends. The error is [ErrMalformed], [ErrBusy], or that of ctx. It is safe for concurrent use.
func Check(ctx context.Context, plain, encoded string) (ok, upgrade bool, err error) {
	if !Usable(encoded) || len(plain) > MaxLength {
		return false, false, Dummy(ctx)
	}
	h, err := parse(encoded)
	if err != nil {
		if dummy := Dummy(ctx); dummy != nil {
			err = dummy
		}
		return false, false, err
	}
	err = inTurn(ctx, func() {
		if ok = subtle.ConstantTimeCompare(h.derive(plain, uint32(len(h.key))), h.key) == 1; !ok {
			topUp(h.work())
		}
	})
	if err != nil || !ok {
		return false, false, err
	}
	weak := h.memory < memoryKiB || h.passes < passes || len(h.key) < keyBytes || len(h.salt) < saltBytes
	return true, weak, nil
}

// Dummy does the work of one Check. A login with an unknown name calls it, so that the duration of the response does not
// disclose which names exist. The error is [ErrBusy], or that of ctx.
func Dummy(ctx context.Context) error {
	return inTurn(ctx, func() { topUp(0) })
}

// topUp does the remaining work of one current hash, after some of it was done.
func topUp(done uint64) {
	const total = memoryKiB * passes
	if done >= total {
		return
	}
	h := hash{memory: uint32(max(leastMemoryKiB, (total-done)/passes)), passes: passes, lanes: lanes, salt: make([]byte, saltBytes)}
	h.derive("", keyBytes)
}

// inTurn runs fn as soon as few enough hashes are computed.
func inTurn(ctx context.Context, fn func()) error {
	if err := line.acquire(ctx); err != nil {
		return err
	}
	defer line.release()
	fn()
	return nil
}

// Unusable returns a hash that no password matches, for accounts that log in by other means. Each call returns another one.
func Unusable() string { return "!" + rand.Text() }

// Usable reports whether any password can match encoded.
func Usable(encoded string) bool { return encoded != "" && encoded[0] != '!' }

type hash struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

// work returns the cost of a hash: the KiB of memory that it fills.
func (h hash) work() uint64 { return uint64(h.memory) * uint64(h.passes) }

// worked counts the work of this process, for the test that all mismatches cost the same.
var worked atomic.Uint64

func (h hash) derive(plain string, size uint32) []byte {
	worked.Add(h.work())
	return argon2.IDKey([]byte(plain), h.salt, h.passes, h.memory, h.lanes, size)
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
	if memory < leastMemoryKiB || memory > maxMemoryKiB || passes < 1 || passes > maxPasses || lanes < 1 || lanes > maxLanes {
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
